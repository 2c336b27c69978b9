<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use Coyote\Tests\E2e\Support\Container;
use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * `coyote-embed serve` as process 1 of a container: PHP's own children are PHP's, strangers are reaped.
 */
final class InitEmbedTest extends TestCase
{
    private const SCRIPT = 'file_put_contents("boots", "boot\n", FILE_APPEND);
        while (receive() !== null) { send(); file_put_contents("served", "tick\n"); }
        register_shutdown_function(fn () => file_put_contents("steps", "shut down\n", FILE_APPEND));';

    /** @param array<string, mixed> $ticker */
    private function server(string $script, array $ticker = []): EmbedServer
    {
        return new EmbedServer($script, $ticker, before: Container::words());
    }

    public function testPhpGetsTheExitStatusesOfItsChildren(): void
    {
        $ended = $this->server('while (receive() !== null) {
            $codes = [];
            for ($i = 0; $i < 20; $i++) {
                shell_exec("(exit 9) & sleep 0.01 & true >/dev/null 2>&1");
                $process = proc_open("exit " . (100 + $i), [], $pipes);
                usleep(500 * ($i % 3)); // ended before it is waited for, or not
                $codes[] = proc_close($process);
            }
            $orphan = (int) shell_exec("sleep 0.01 >/dev/null & echo \$!");
            for ($i = 0; is_dir("/proc/$orphan") && $i < 10000; $i++) { usleep(1000); clearstatcache(); }
            $codes === range(100, 119) && $orphan > 1 && !is_dir("/proc/$orphan") ? send()
                : error("orphan $orphan, codes " . json_encode($codes));
        }', ['count' => 5])->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(\array_fill(0, 5, 'ok'), \array_values($ended->outcomes()));
        self::assertStringContainsString('process 1 is an init of our own', $ended->log);
    }

    private function serve(string $script = self::SCRIPT): ServerProcess
    {
        $server = $this->server($script, ['interval' => '20ms', 'count' => 100000]);
        $server->start();
        $server->process->waitForFile('served', 'tick');

        return $server->process;
    }

    public function testTermEndsItWellAndHupStartsTheScriptAgain(): void
    {
        $process = $this->serve();
        Container::signal($process, SIGHUP);
        $process->waitForFile('boots', "boot\nboot\n");
        $server = Container::server($process);
        Container::signal($process, SIGTERM);
        $ended = $process->wait();
        self::assertSame([0, 0], [$ended->exitCode, $ended->signal], $ended->log);
        self::assertStringEndsWith("shut down\n", $process->read('steps'));
        self::assertContains('stopped', $ended->texts('info'));
        self::assertTrue(ServerProcess::isGoneWithin($server, 5.0));
    }

    public function testASecondTermStopsAtOnceWhateverPhpDoes(): void
    {
        $process = $this->serve('while (receive() !== null) { file_put_contents("served", "tick\n"); while (true) { usleep(1000); } }');
        Container::signal($process, SIGTERM);
        $ended = $process->insist(SIGTERM, static function () use ($process): void {
            Container::signal($process, SIGTERM);
        });
        self::assertSame([128 + SIGTERM, 0], [$ended->exitCode, $ended->signal], $ended->log);
    }

    public function testAKilledServer(): void
    {
        $process = $this->serve();
        $server = Container::server($process);
        posix_kill($server, SIGKILL);
        $ended = $process->wait();
        self::assertSame([128 + SIGKILL, 0], [$ended->exitCode, $ended->signal], $ended->log);
        self::assertMatchesRegularExpression(
            '/^process 1: the server, pid \d+, was ended by signal 9 \(Killed\)$/m',
            implode("\n", $ended->texts('error')),
        );
        self::assertTrue(ServerProcess::isGoneWithin($server, 5.0));
    }

    public function testAMistakeInTheConfigIsToldOnce(): void
    {
        $ended = $this->server('', ['interval' => 0])->process->run(['serve']);
        self::assertSame(1, $ended->exitCode);
        self::assertSame(1, \substr_count($ended->log, "\n"), $ended->log);
    }
}
