<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use PHPUnit\Framework\TestCase;

/**
 * A script that can't serve: the server says why in one line, and ends.
 */
final class BootEmbedTest extends TestCase
{
    /** @return iterable<string, array{string, string}> */
    public static function broken(): iterable
    {
        yield 'missing' => ['', '~^php app\.php: Could not open input file: app\.php: No such file or directory$~'];
        yield 'parse error' => ['if if', '~^php app\.php: PHP Parse error: syntax error, unexpected .* in \S*app\.php on line 3$~'];
        yield 'exception' => [
            'throw new RuntimeException("no database");',
            '~^php app\.php: PHP Fatal error: Uncaught RuntimeException: no database in \S*app\.php:3$~',
        ];
        yield 'exit' => ['exit(5);', '~^php app\.php: the script ended by exit\(5\) without asking for an event: it has to take events in a loop~'];
        yield 'never asks' => ['echo "done\n";', '~^php app\.php: the script ended without asking for an event: it has to take events in a loop~'];
        yield 'answers what it was not given' => [
            'send("OK");',
            '~^php app\.php: PHP Fatal error: Uncaught LogicException: Coyote\\\\Embed\\\\send\(\): there is no event~',
        ];
    }

    /** @dataProvider broken */
    public function testOneLineSaysWhy(string $script, string $line): void
    {
        $began = hrtime(true);
        $ended = (new EmbedServer($script))->run();
        self::assertSame(1, $ended->exitCode, $ended->log);
        self::assertCount(1, preg_grep($line, $ended->texts('error')) ?: [], $ended->log);
        self::assertSame([], $ended->outcomes());
        self::assertLessThan(10e9, hrtime(true) - $began);
    }

    public function testADirectoryIsNoScript(): void
    {
        $server = new EmbedServer('', ['workers.command' => 'php .']);
        $ended = $server->run();
        self::assertSame(1, $ended->exitCode);
        self::assertCount(1, $ended->textsWith('error', 'Could not open input file: . is a directory'));
    }

    public function testALaterRunThatComesToNothingIsTriedAgainAndAgain(): void
    {
        $server = new EmbedServer(
            'if (is_file("served") && filesize("runs") < 3) { file_put_contents("runs", "x", FILE_APPEND); exit(9); }
            while (receive() !== null) { send("OK"); if (!is_file("served")) { touch("served"); touch("runs"); exit; } }',
            ['count' => 40],
        );
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $words = 'did not ask for an event: the script ended by exit(9); ';
        self::assertCount(1, $ended->textsWith('error', "unhealthy: php app.php {$words}the next try is in"), $ended->log);
        self::assertCount(2, $ended->textsWith('error', "{$words}it starts again in"), $ended->log);
        self::assertCount(1, $ended->textsWith('info', 'healthy again after'), $ended->log);
        $outcomes = $ended->outcomes();
        self::assertSame(['ok'], array_values(array_unique($outcomes)));
        self::assertGreaterThan(1, count($outcomes));
    }

    public function testWithoutFailFastTheFirstRunIsTriedAgainToo(): void
    {
        $server = new EmbedServer('throw new RuntimeException("half deployed");', [
            'count' => 1,
            'workers.pool.fail_fast' => false,
        ]);
        $server->start();
        $server->process->waitForLog('half deployed');
        $server->process->waitForLog('it starts again in');
        $server->process->write('app.php', '<?php while (Coyote\Embed\receive() !== null) { Coyote\Embed\send(); }');
        $ended = $server->process->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([0 => 'ok'], $ended->outcomes());
        self::assertCount(1, $ended->textsWith('info', 'healthy again after'), $ended->log);
    }

    public function testAScriptThatVanishesIsAwaited(): void
    {
        $server = new EmbedServer(
            'while (receive() !== null) { send("OK"); rename("app.php", "away.php"); exit; }',
            ['count' => 1000],
        );
        $server->start();
        $server->process->waitForLog('did not ask for an event: Could not open input file');
        $server->process->write('app.php', '<?php while (Coyote\Embed\receive() !== null) {
            Coyote\Embed\send(); file_put_contents("back", "back"); }');
        $server->process->waitForFile('back', 'back');
        $server->process->signal(SIGTERM);
        self::assertSame(0, $server->process->wait()->exitCode);
    }
}
