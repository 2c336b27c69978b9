<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * What PHP code says by Coyote\WorkerLogger, in the log of the server.
 */
final class WorkerLoggerTest extends TestCase
{
    private const SAY = '$log = new Coyote\WorkerLogger();
        $log->critical("order {id} is lost", ["id" => 17, "tags" => ["a", ["b" => null]], "level" => "mine", "pid" => 1]);
        $log->debug("a detail");
        fwrite(STDERR, "no line end..."); $log->info("after it");
        fwrite(STDERR, "\x1e{\"level\":\"loud\"}\n");
        $log->warning("large", ["text" => str_repeat("x", 30000)]);
        $worker->send("OK");';

    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = new ServerProcess();
        $this->server->write('.rr.yaml', "ticker:\n  interval: 10ms\n  count: 1\n  workers:\n"
            . "    command: php app.php\n    pool.num_workers: 1\n");
    }

    public function testJsonHasLevelTextAndContext(): void
    {
        $this->server->write('app.php', ServerProcess::worker(self::SAY));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $found = \array_values(\array_filter(
            $ended->records,
            static fn (array $record): bool => ($record['service'] ?? '') === 'ticker' && isset($record['pid'])
                && !\in_array($record['event'] ?? '', ['worker_died'], true) && !\str_starts_with((string) $record['text'], 'event '),
        ));
        $said = \array_column($found, 'level', 'text');
        self::assertSame('error', $said['order 17 is lost'] ?? null, $ended->log);
        self::assertSame('debug', $said['a detail'] ?? null);
        self::assertSame('warning', $said['no line end...'] ?? null);
        self::assertSame('info', $said['after it'] ?? null);
        self::assertSame('warning', $said["\x1e{\"level\":\"loud\"}"] ?? null);
        $lost = $found[(int) \array_search('order 17 is lost', \array_column($found, 'text'), true)];
        self::assertGreaterThan(1, $lost['pid']);
        unset($lost['time'], $lost['pid'], $lost['level'], $lost['service'], $lost['text']);
        self::assertSame(
            ['psr_level' => 'critical', 'id' => 17, 'tags' => ['a', ['b' => null]], 'context_level' => 'mine', 'context_pid' => 1],
            $lost,
        );
        $large = $found[(int) \array_search('large', \array_column($found, 'text'), true)];
        self::assertSame(\str_repeat('x', 30000), $large['context_text'] ?? null);
    }

    public function testTextHasTheContextBehindTheMessage(): void
    {
        $this->server->write('app.php', ServerProcess::worker(self::SAY));
        $ended = $this->server->run(['serve', '--log-level', 'debug']);
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertMatchesRegularExpression(
            '/^\S+ error   ticker\[\d+\]: order 17 is lost \{"psr_level":"critical","id":17,"tags":\["a",\{"b":null\}\],'
            . '"context_level":"mine","context_pid":1\}$/m',
            $ended->log,
        );
        self::assertMatchesRegularExpression('/^\S+ debug   ticker\[\d+\]: a detail$/m', $ended->log);
        self::assertMatchesRegularExpression('/^\S+ warning ticker\[\d+\]: \\\\x1e\{"level":"loud"\}$/m', $ended->log);
    }

    public function testTheLevelOfTheLogHoldsForThem(): void
    {
        $this->server->write('app.php', ServerProcess::worker(self::SAY));
        $ended = $this->server->run(['serve', '--log-level', 'warning']);
        self::assertStringContainsString('order 17 is lost', $ended->log);
        self::assertStringNotContainsString('after it', $ended->log);
        self::assertStringNotContainsString('a detail', $ended->log);
    }

    public function testADeathIsExplainedInTheWordsOfTheLogger(): void
    {
        $this->server->write('app.php', ServerProcess::worker(
            '(new Coyote\WorkerLogger())->error("last {what}", ["what" => "words"]); posix_kill(getmypid(), SIGKILL);',
        ));
        $ended = $this->server->serve()->wait();
        $deaths = $ended->events('worker_died');
        self::assertSame('last words', $deaths[0]['last_output'] ?? null, $ended->log);
    }
}
