<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * INT and TERM are the server's, also while PHP has the thread.
 */
final class SignalEmbedTest extends TestCase
{
    /** An event that takes until the file `go` is there. */
    private const SLOW = 'while (receive() !== null) {
            touch("begun");
            file_put_contents("steps", "begun\n", FILE_APPEND);
            while (!is_file("go")) { usleep(2000); clearstatcache(); }
            file_put_contents("steps", "finished\n", FILE_APPEND);
            send("OK");
        }
        file_put_contents("steps", "left the loop\n", FILE_APPEND);
        register_shutdown_function(fn () => file_put_contents("steps", "shut down\n", FILE_APPEND));';

    /** @return iterable<string, array{int}> */
    public static function signals(): iterable
    {
        yield 'TERM' => [SIGTERM];
        yield 'INT' => [SIGINT];
    }

    /** @dataProvider signals */
    public function testWhatHasBegunIsFinished(int $signal): void
    {
        $server = new EmbedServer(self::SLOW, ['count' => 1000]);
        $server->start();
        $server->process->waitForFile('steps', 'begun');
        $server->process->signal($signal);
        $server->process->write('go', '');
        $ended = $server->process->wait();
        self::assertSame([0, 0], [$ended->exitCode, $ended->signal], $ended->log);
        self::assertSame("begun\nfinished\nleft the loop\nshut down\n", $server->read('steps'));
        self::assertSame([0 => 'ok'], $ended->outcomes(), 'and no other is taken');
        self::assertContains('stopped', $ended->texts('info'));
    }

    public function testAnIdleScriptLeavesItsLoop(): void
    {
        $server = new EmbedServer(self::SLOW, ['interval' => '1h']);
        $server->start();
        $server->process->write('go', '');
        $server->process->waitForLog('event 0: ok');
        $server->process->signal(SIGTERM);
        $ended = $server->process->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame("begun\nfinished\nleft the loop\nshut down\n", $server->read('steps'));
    }

    /** @dataProvider signals */
    public function testASecondOneStopsAtOnceWhateverPhpDoes(int $signal): void
    {
        $server = new EmbedServer(
            'while (receive() !== null) { touch("begun"); file_put_contents("steps", "begun"); while (true) { } }',
        );
        $server->start();
        $server->process->waitForFile('steps', 'begun');
        $ended = $server->process->insist($signal);
        self::assertSame(128 + $signal, $ended->exitCode, $ended->log);
        self::assertStringContainsString('stopped at once by a second signal, amid PHP\'s event number 1 since the start', $ended->log);
    }

    public function testASecondOneEndsAScriptThatHangsAtItsBoot(): void
    {
        $server = new EmbedServer('file_put_contents("steps", "boot"); while (true) { sleep(100); }');
        $server->start();
        $server->process->waitForFile('steps', 'boot');
        self::assertSame(143, $server->process->insist(SIGTERM)->exitCode);
    }

    /** @return iterable<string, array{string, string}> */
    public static function busyScripts(): iterable
    {
        $wait = 'while (!is_file("go")) { usleep(2000); clearstatcache(); }';
        yield 'an event' => [
            "while (receive() !== null) { touch('busy'); $wait send(); }",
            'stopping when PHP has ended its event; press Ctrl-C again to stop at once',
        ];
        yield 'its boot' => [
            "touch('busy'); $wait while (receive() !== null) { send(); }",
            'stopping when PHP comes back; press Ctrl-C again to stop at once',
        ];
    }

    /**
     * The loop, which would log it, waits for PHP: who presses Ctrl-C must not believe it was not heard.
     *
     * @dataProvider busyScripts
     */
    #[DataProvider('busyScripts')]
    public function testATerminalSeesAtOnceThatAStopWasHeard(string $script, string $words): void
    {
        $server = new EmbedServer($script, ['count' => 1000]);
        $folder = $server->process->folder;
        $process = proc_open(
            [(string) getenv('COYOTE_BINARY'), 'serve'],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['pty']],
            $pipes,
            $folder,
        );
        self::assertIsResource($process);
        stream_set_blocking($pipes[2], false);
        $screen = '';
        $wait = static function (callable $reached) use ($pipes, &$screen): bool {
            for ($deadline = microtime(true) + 30; !$reached(); usleep(2000), clearstatcache()) {
                $screen .= @fread($pipes[2], 4096); // a terminal that its program has left is an error
                if (microtime(true) > $deadline) {
                    return false;
                }
            }

            return true;
        };
        $busy = $wait(static fn (): bool => is_file("$folder/busy"));
        proc_terminate($process, SIGINT);
        $heard = $wait(static function () use (&$screen, $words): bool {
            return str_contains($screen, "coyote-embed: $words");
        });
        $status = ['running' => true, 'exitcode' => -1];
        touch("$folder/go");
        $ended = $wait(static function () use ($process, &$status): bool {
            return !($status = proc_get_status($process))['running'];
        });
        proc_terminate($process, SIGKILL);
        proc_close($process);
        self::assertSame([true, true, true, 0], [$busy, $heard, $ended, $status['exitcode']], $screen);
    }

    public function testPhpTakesNoSignal(): void
    {
        $server = new EmbedServer('while (receive() !== null) {
            copy("/proc/self/status", "status"); send();
        }', ['count' => 1]);
        self::assertSame(0, $server->run()->exitCode);
        self::assertSame(1, preg_match('/^SigCgt:\s*([0-9a-f]+)$/m', $server->read('status'), $found));
        $mask = $found[1] ?? '';
        $caught = (int) hexdec($mask);
        $allowed = [SIGINT, SIGTERM, SIGHUP, SIGPROF]; // PROF: set_time_limit
        foreach ($allowed as $signal) {
            $caught &= ~(1 << ($signal - 1));
        }
        self::assertSame(0, $caught, $mask);
        self::assertSame(1, preg_match('/^SigBlk:\s*0+$/m', $server->read('status')), 'and blocks none');
    }

    public function testASignalWhileTheScriptIsBetweenTwoRuns(): void
    {
        $server = new EmbedServer(
            'if (is_file("served")) { exit(1); } while (receive() !== null) { send(); touch("served"); exit; }',
            ['count' => 1000],
        );
        $server->start();
        $server->process->waitForLog('it starts again in');
        $server->process->signal(SIGTERM);
        $ended = $server->process->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
    }

    public function testAScriptCantKeepTheServersSignals(): void
    {
        $server = new EmbedServer(
            'if (!function_exists("pcntl_signal")) { file_put_contents("steps", "none"); }
            else { pcntl_async_signals(true); pcntl_signal(SIGTERM, fn () => file_put_contents("steps", "mine")); }
            while (receive() !== null) { send(); file_put_contents("steps", "served"); }',
            ['count' => 1000],
        );
        $server->start();
        $server->process->waitForFile('steps', 'served');
        $server->process->waitForLog('event 0: ok');
        $server->process->signal(SIGTERM);
        $ended = $server->process->wait();
        self::assertSame(0, $ended->exitCode);
        self::assertNotSame('mine', $server->read('steps'));
    }

    /** Nor by blocking them. */
    public function testAScriptThatBlocksTheSignalsIsStopped(): void
    {
        $server = new EmbedServer(
            'function_exists("pcntl_sigprocmask") && pcntl_sigprocmask(SIG_BLOCK, [SIGTERM, SIGINT]);
            while (receive() !== null) { send(); file_put_contents("steps", "served"); }',
            ['count' => 1000],
        );
        $server->start();
        $server->process->waitForFile('steps', 'served');
        $server->process->signal(SIGTERM);
        self::assertSame(0, $server->process->wait()->exitCode);
    }
}
