<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * A worker command that can't work ends the server with one line that says why and quotes what the
 * process said.
 */
final class BrokenWorkerTest extends TestCase
{
    /** @return iterable<string, array{string, list<string>}> the command, and what the error says */
    public static function commands(): iterable
    {
        yield 'no such program' => ['nophp app.php', ['nophp', 'No such file or directory']];
        yield 'no such path' => ['./bin/php app.php', ['./bin/php', 'No such file or directory']];
        yield 'not executable' => ['./app.php', ['./app.php', 'not executable', 'chmod +x']];
        yield 'a folder' => ['./folder', ['./folder']];
        yield 'no such script' => ['php missing.php', ['status 1', 'Could not open input file: missing.php']];
        yield 'dies at boot' => ['php dies.php', ['status 3', 'no database']];
        yield 'an uncaught exception' => ['php throws.php', ['status 255', 'the cache is cold']];
        yield 'a syntax error' => ['php syntax.php', ['status 255', 'syntax error']];
        yield 'ends in silence' => ['true', ['status 0']];
        yield 'ends by a signal' => ["sh -c 'kill -SEGV $$'", ['signal 11']];
        yield 'speaks something else' => ['php garbage.php', ['hello, world']];
        yield 'says nothing' => ['php silent.php', ['still booting']];
        yield 'a shell that complains' => ['sh -c "echo oops >&2; exit 7"', ['status 7', 'oops']];
    }

    /**
     * @dataProvider commands
     *
     * @param list<string> $words
     */
    #[DataProvider('commands')]
    public function testItIsExplained(string $command, array $words): void
    {
        $server = new ServerProcess();
        \mkdir($server->folder . '/folder');
        $server->write('app.php', '<?php');
        $server->write('dies.php', '<?php fwrite(STDERR, "no database\n"); exit(3);');
        $server->write('throws.php', '<?php throw new RuntimeException("the cache is cold");');
        $server->write('syntax.php', '<?php if (;');
        $server->write('garbage.php', '<?php file_put_contents("php://fd/4", "hello, world"); sleep(60);');
        $server->write('silent.php', '<?php fwrite(STDERR, "still booting\n"); sleep(60);');
        $server->write('.rr.json', (string) \json_encode(['ticker' => ['interval' => 1, 'workers' => [
            'command' => $command,
            'pool' => ['num_workers' => 1, 'allocate_timeout' => '300ms', 'destroy_timeout' => '300ms'],
        ]]]));
        $ended = $server->serve()->wait();
        self::assertSame([1, 0], [$ended->exitCode, $ended->signal], $ended->log);
        $errors = $ended->texts('error', 'ticker');
        self::assertCount(1, $errors, $ended->log);
        foreach ($words as $word) {
            self::assertStringContainsString($word, $errors[0]);
        }
        // where a script that is not found was looked for
        self::assertSame(
            ['stopped after a failure; the working directory is ' . \realpath($server->folder)],
            \array_values(\array_diff($ended->texts('error'), $errors)),
        );
        self::assertSame([], $ended->outcomes());
    }
}
