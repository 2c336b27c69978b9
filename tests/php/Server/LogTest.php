<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Tests\Support\ListSource;
use Coyote\Tests\Support\Script;

/**
 * Where a server's lines go.
 */
final class LogTest extends ServerTestCase
{
    private const SOURCE = 'require COMPOSER;
        final class Source implements Coyote\FiniteSource {
            private array $events = ["print \e[2Jred", "kill", "a"];
            function open(array $config): void {}
            function next(): ?Coyote\Event { $body = array_shift($this->events); return $body === null ? null : new Coyote\Event($body); }
            function settle(Coyote\Event $event, Coyote\Outcome $outcome): void {
                $event->body === "a" && throw new DomainException("not\nsettled");
            }
            function close(): void {}
            function ended(): bool { return $this->events === []; }
        } ';

    /** @param array<string, mixed> $log */
    private static function served(array $log): Script
    {
        $config = ['orders' => self::section(), 'log' => $log];

        return Script::run(self::SOURCE . \sprintf(
            '(new Coyote\Server(%s))->register("orders", new Source())->serve(); echo "ended";',
            \var_export($config, true),
        ));
    }

    public function testALoggerGetsLevelTextAndParts(): void
    {
        $worker = (string) \tempnam(\sys_get_temp_dir(), 'coyote-worker-');
        \file_put_contents($worker, '<?php require ' . \var_export(\dirname(__DIR__, 3) . '/vendor/autoload.php', true) . ';
            Coyote\Worker::create()->serve(static function (Coyote\Payload $payload): string {
                (new Coyote\WorkerLogger())->critical("no {what}", ["what" => "paper", "pid" => 1, "tray" => ["a" => 2]]);
                return "OK";
            });');
        $source = new ListSource(['a']);
        $this->server(['orders' => $source], ['orders' => ['workers' => ['command' => \PHP_BINARY . " $worker", 'pool' => ['num_workers' => 1]]]])->serve();
        \unlink($worker);

        $line = $this->log->find('no paper');
        self::assertNotNull($line);
        self::assertSame('error', $line['level']);
        self::assertSame('orders', $line['context']['service']);
        self::assertGreaterThan(1, $line['context']['pid']);
        self::assertEqualsWithDelta(\microtime(true), $line['context']['time'], 30);
        self::assertSame(['critical', 1, ['a' => 2]], [$line['context']['psr_level'], $line['context']['context_pid'], $line['context']['tray']]);
    }

    public function testWithoutOneStandardErrorHasTheFormOfTheServers(): void
    {
        $script = self::served(['level' => 'debug']);
        self::assertSame([0, 'ended'], [$script->status, $script->stdout], $script->stderr);
        $start = '\d\d:\d\d:\d\d\.\d{3}Z';
        self::assertMatchesRegularExpression("/^$start info    orders: serving: source orders, 1 worker, /m", $script->stderr);
        self::assertMatchesRegularExpression("/^$start info    orders\\[\\d+\\]: \\\\x1b\\[2Jred$/m", $script->stderr);
        self::assertMatchesRegularExpression("/^$start error   orders\\[\\d+\\]: worker \\d+ was ended by signal 9 .*[^}]$/m", $script->stderr);
        self::assertMatchesRegularExpression("/^$start error   orders: event 3: ok, and settle\\(\\) threw DomainException: not\n    settled in /m", $script->stderr);
        self::assertStringNotContainsString("\x1b", $script->stderr);
    }

    public function testTheConfigsFormatAndLevelHold(): void
    {
        $script = self::served(['format' => 'json', 'level' => 'error']);
        self::assertSame([0, 'ended'], [$script->status, $script->stdout], $script->stderr);
        $lines = [];
        foreach (\explode("\n", \trim($script->stderr)) as $line) {
            $decoded = \json_decode($line, true, 16, \JSON_THROW_ON_ERROR);
            self::assertIsArray($decoded);
            self::assertSame('error', $decoded['level']);
            self::assertMatchesRegularExpression('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/D', $decoded['time']);
            $lines[] = $decoded;
        }
        self::assertContains('worker_died', \array_column($lines, 'event'));
        self::assertContains('orders', \array_column($lines, 'service'));
    }

    public function testAStandardErrorThatNobodyReadsIsNoFailure(): void
    {
        $code = self::SOURCE . \sprintf(
            'fgets(STDIN); (new Coyote\Server(%s))->register("orders", new Source())->serve(); echo "ended";',
            \var_export(['orders' => self::section()], true),
        );
        $code = \str_replace('COMPOSER', \var_export(\dirname(__DIR__, 3) . '/vendor/autoload.php', true), $code);
        $process = \proc_open([\PHP_BINARY, '-r', $code], [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes);
        self::assertIsResource($process);
        \fclose($pipes[2]);
        \fwrite($pipes[0], "go\n");
        self::assertSame('ended', \stream_get_contents($pipes[1]));
        self::assertSame(0, \proc_close($process));
    }
}
