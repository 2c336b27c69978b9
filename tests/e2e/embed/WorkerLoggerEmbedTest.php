<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use PHPUnit\Framework\TestCase;

/**
 * What PHP code says by Coyote\WorkerLogger inside the server.
 */
final class WorkerLoggerEmbedTest extends TestCase
{
    public function testLinesHaveTheirLevelAndContext(): void
    {
        $autoload = \var_export(\dirname(__DIR__, 3) . '/php/autoload.php', true);
        $ended = (new EmbedServer("require $autoload; while (receive() !== null) {" . '
            $log = new Coyote\WorkerLogger();
            echo "begun ";
            $log->critical("order {id}\nis lost", ["id" => 17, "text" => "mine", "error" => new DomainException("no")]);
            $log->debug("a detail");
            echo "\x1e{\"level\":\"warning\",\"message\":\"printed\"}\n";
            send(); }', ['count' => 1]))->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $lines = \array_column($ended->lines, 'level', 'text');
        self::assertSame('error', $lines["order 17\nis lost"] ?? null, $ended->log);
        self::assertSame('info', $lines['begun '] ?? null, $ended->log);
        self::assertSame('debug', $lines['a detail'] ?? null);
        self::assertSame('warning', $lines['printed'] ?? null);
        $lost = $ended->records[(int) \array_search("order 17\nis lost", \array_column($ended->records, 'text'), true)];
        self::assertSame(
            ['ticker', 'critical', 17, 'mine', 'DomainException'],
            [$lost['service'], $lost['psr_level'], $lost['id'], $lost['context_text'], $lost['error']['class'] ?? null],
        );
    }
}
