<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * A broken config can be mended without documentation: where, what, and what instead.
 */
final class ConfigTest extends TestCase
{
    private const WORKERS = "  workers: {command: php app.php}\n";

    /** @return iterable<string, array{string, list<string>}> the config, and the lines that are told */
    public static function broken(): iterable
    {
        yield 'the mistake of the document' => [
            "ticker:\n    internal: 1\n    workers.command: \"php app.php\"\n",
            ['.rr.yaml:2:5: ticker.internal: unknown key; did you mean "interval"?'],
        ];
        yield 'no interval' => ["ticker:\n" . self::WORKERS, ['.rr.yaml:1:1: ticker.interval: missing']];
        yield 'interval 0' => [
            "ticker:\n  interval: 0\n" . self::WORKERS,
            ['.rr.yaml:2:13: ticker.interval: interval must be at least one second, or a duration such as "100ms"'],
        ];
        yield 'interval of no duration' => [
            "ticker:\n  interval: 5 bananas\n" . self::WORKERS,
            ['.rr.yaml:2:13: ticker.interval: "5 bananas" is not a duration'],
        ];
        yield 'interval below zero' => ["ticker:\n  interval: -1\n" . self::WORKERS, ['.rr.yaml:2:13: ticker.interval: ']];
        yield 'count 0' => ["ticker:\n  interval: 1\n  count: 0\n" . self::WORKERS, ['.rr.yaml:3:10: ticker.count: ']];
        yield 'no workers' => ["ticker: {interval: 1}\n", ['ticker.workers: missing']];
        yield 'no command' => [
            "ticker:\n  interval: 1\n  workers:\n    comand: php app.php\n",
            ['.rr.yaml:4:5: ticker.workers.comand: unknown key; did you mean "command"?'],
        ];
        yield 'a command for a shell' => [
            "ticker:\n  interval: 1\n  workers.command: php app.php > log\n",
            ['ticker.workers.command: ', 'sh -c'],
        ];
        yield 'a quote that is left open' => [
            "ticker:\n  interval: 1\n  workers.command: php 'app.php\n",
            ['ticker.workers.command: '],
        ];
        yield 'mistakes of all sections' => [
            "ticker:\n  interval: 0\n  workers:\n    command: php app.php\n    pool: {num_workers: 0, max_job: 3}\n"
                . "slow:\n  source: tikcer\nenv:\n  LIST: [1]\nlog: {level: loud}\nhttpd: {address: x}\n",
            ['.rr.yaml:2:13: ticker.interval: ', '.rr.yaml:5:25: ticker.workers.pool.num_workers: ',
                '.rr.yaml:5:28: ticker.workers.pool.max_job: unknown key; did you mean "max_jobs"?',
                '.rr.yaml:7:11: slow.source: unknown kind of source; did you mean "ticker"?',
                '.rr.yaml:9:9: env.LIST: ', '.rr.yaml:10:14: log.level: ', '.rr.yaml:11:1: httpd: unknown section'],
        ];
        yield 'an unknown section' => ["tikcer:\n  interval: 1\n", ['.rr.yaml:1:1: tikcer: unknown section; did you mean "ticker"?']];
        yield 'nothing to serve' => ["env: {A: 1}\n", ['no section names a source of events', 'command: "php app.php"']];
        yield 'nothing at all' => ['', ['no section names a source of events']];
        yield 'a key that is given twice hides no other mistake' => [
            "ticker:\n  interval: 1\n  interval: 0\n  internal: 2\n  workers: {command: php app.php, comand: x}\nhttpd: {}\n",
            [
                '.rr.yaml:3:3: ticker.interval: given twice, the first time at .rr.yaml:2:3',
                '.rr.yaml:4:3: ticker.internal: unknown key',
                '.rr.yaml:5:35: ticker.workers.comand: unknown key',
                '.rr.yaml:6:1: httpd: unknown section',
            ],
        ];
        yield 'no YAML' => ["ticker: [1, 2\nenv: {}\n", ['.rr.yaml:1:9: ']];
        yield 'no mapping' => ["- ticker\n", ['.rr.yaml:1:1']];
        yield 'a section of the wrong shape' => ["ticker: soon\n", ['.rr.yaml:1:9: ticker: found the text "soon"']];
    }

    /**
     * @dataProvider broken
     *
     * @param list<string> $lines
     */
    #[DataProvider('broken')]
    public function testWhatIsBrokenIsTold(string $config, array $lines): void
    {
        $server = (new ServerProcess())->write('.rr.yaml', $config);
        $checked = $server->run(['check']);
        self::assertSame([1, ''], [$checked->exitCode, $checked->output], $checked->log);
        foreach ($lines as $line) {
            self::assertStringContainsString($line, $checked->log);
        }
        // serve starts nothing of it, and says the same
        $served = $server->run(['serve']);
        self::assertSame([1, $checked->log], [$served->exitCode, $served->log]);
    }

    public function testAnOptionIsNamedAsThePlace(): void
    {
        $server = (new ServerProcess())->write('.rr.yaml', "ticker:\n  interval: 1\n" . self::WORKERS);
        $ended = $server->run(['check', '-o', 'ticker.interval=0']);
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString('option -o ticker.interval: ticker.interval: interval must be', $ended->log);
    }

    public function testTheLogOfAMachineGetsItAsJson(): void
    {
        $server = (new ServerProcess())->write('.rr.yaml', "tikcer: {}\n");
        $ended = $server->run(['serve', '--log-format', 'json']);
        self::assertCount(1, $ended->lines);
        self::assertStringContainsString('tikcer: unknown section', $ended->texts('error')[0]);
        $ended = $server->write('.rr.yaml', "log: {format: json}\ntikcer: {}\n")->run(['serve']);
        self::assertStringContainsString('tikcer: unknown section', $ended->texts('error')[0]);
    }
}
