<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use PHPUnit\Framework\TestCase;

/**
 * What a config may ask of coyote-embed, and what it is told otherwise.
 */
final class ConfigEmbedTest extends TestCase
{
    /** @return iterable<string, array{string, string}> */
    public static function refusedCommands(): iterable
    {
        yield 'not PHP' => ['python3 app.py', '"php SCRIPT ARG...", not "python3": use `coyote serve`'];
        yield 'a name like it' => ['phpunit app.php', 'not "phpunit"'];
        yield 'no script' => ['php', 'it names no script'];
        yield 'standard input' => ['php -', 'it names no script'];
        yield 'code' => ['php -r "echo 1;"', "php's option -r has no meaning inside coyote-embed"];
        yield 'a server' => ['php -S localhost:80 app.php', "php's option -S has no meaning inside coyote-embed"];
        yield 'an unknown option' => ['php --ri x', "php's option --ri has no meaning inside coyote-embed"];
        yield 'an option without value' => ['php -d', "php's option -d lacks its value"];
        yield 'another version' => ['php7.4 app.php', 'says php7.4, but the PHP inside coyote-embed is ' . PHP_MAJOR_VERSION];
    }

    /** @dataProvider refusedCommands */
    public function testACommandThatItCantRunIsRefusedWithTheWayOut(string $command, string $words): void
    {
        foreach (['check', 'serve'] as $mode) {
            $ended = (new EmbedServer('', ['workers.command' => $command]))->process->run([$mode]);
            self::assertSame(1, $ended->exitCode, $ended->log);
            self::assertStringContainsString($words, str_replace('\"', '"', $ended->log));
            self::assertMatchesRegularExpression('~\.rr\.json:\d+:\d+: ticker\.workers\.command: ~', $ended->log);
        }
    }

    public function testOneServiceAlone(): void
    {
        $server = new EmbedServer('', [], ['later' => [
            'source' => 'ticker',
            'interval' => 1,
            'workers.command' => 'php app.php',
        ]]);
        $ended = $server->process->run(['check']);
        self::assertSame(1, $ended->exitCode);
        self::assertMatchesRegularExpression('~\.rr\.json:\d+:\d+: (later|ticker): .*one event service~', $ended->log);
        self::assertStringContainsString('`coyote serve`', $ended->log);
    }

    public function testOneWorkerAlone(): void
    {
        $ended = (new EmbedServer('', ['workers.pool.num_workers' => 2]))->process->run(['check']);
        self::assertSame(1, $ended->exitCode);
        self::assertMatchesRegularExpression(
            '~\.rr\.json:\d+:\d+: ticker\.workers\.pool\.num_workers: .*one worker.*`coyote serve`~',
            $ended->log,
        );
        $ended = (new EmbedServer('', []))->process->run(['check', '-o', 'ticker.workers.pool.num_workers=3']);
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString('option -o ticker.workers.pool.num_workers', $ended->log);

        foreach ([['workers.pool.num_workers' => 1], []] as $ticker) {
            $ended = (new EmbedServer('', $ticker))->process->run(['check']);
            self::assertSame(0, $ended->exitCode, $ended->log);
            self::assertStringContainsString('1 worker, php app.php', $ended->output);
        }
    }

    /** Nobody's PHP would have the rights of whoever started it. */
    public function testAnotherUserIsRefused(): void
    {
        foreach (['check', 'serve'] as $mode) {
            $server = new EmbedServer('touch("ran");', ['workers.user' => 'nobody']);
            $ended = $server->process->run([$mode]);
            self::assertSame(1, $ended->exitCode);
            self::assertMatchesRegularExpression(
                '~\.rr\.json:\d+:\d+: ticker\.workers\.user: .*start coyote-embed as that user, or use `coyote serve`~',
                $ended->log,
            );
            self::assertFileDoesNotExist($server->process->folder . '/ran');
        }
    }

    public function testKeysThatOnlyProcessesHaveAreTold(): void
    {
        $server = new EmbedServer('while (receive() !== null) { send(); }', [
            'count' => 1,
            'workers.pool.supervisor.exec_ttl' => '1s',
            'workers.pool.destroy_timeout' => 5,
        ]);
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $told = $ended->textsWith('warning', 'no effect inside coyote-embed');
        self::assertCount(1, $told, $ended->log);
        self::assertStringEndsWith(
            ': workers.pool.destroy_timeout, workers.pool.supervisor.exec_ttl',
            $told[0],
        );
    }

    public function testAllMistakesAtOnce(): void
    {
        $server = new EmbedServer('', ['intervall' => 1]);
        $ended = $server->process->run(['check', '-o', 'env=1']);
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString('did you mean "interval"?', $ended->log);
        self::assertStringContainsString('option -o env', $ended->log);
    }

    public function testThePayloadLimit(): void
    {
        $server = new EmbedServer('while (receive() !== null) { send(); }', [
            'count' => 2,
            'workers.max_payload_size' => 5,
        ]);
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode);
        foreach ($ended->outcomes() as $outcome) {
            self::assertStringStartsWith('rejected: the payload has ', $outcome);
        }
        self::assertCount(2, $ended->outcomes());
    }

    public function testVersionTellsThePhpInside(): void
    {
        $ended = (new EmbedServer(''))->process->run(['version']);
        self::assertSame(0, $ended->exitCode);
        self::assertMatchesRegularExpression('~^coyote-embed \d+\.\d+\.\d+\nPHP \d+\.\d+\.\d+ \(libphp, ~', $ended->output);
    }

    public function testTheCommandLineIsCoyotes(): void
    {
        $ended = (new EmbedServer(''))->process->run(['--help']);
        self::assertSame(0, $ended->exitCode);
        self::assertStringContainsString('coyote-embed serve', $ended->output);
        $ended = (new EmbedServer(''))->process->run(['server']);
        self::assertSame(2, $ended->exitCode);
        self::assertStringContainsString('did you mean "serve"?', $ended->log);
    }
}
