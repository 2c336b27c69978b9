<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\Container;
use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * `coyote serve` as process 1 of a container.
 */
final class InitTest extends TestCase
{
    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = new ServerProcess(Container::words());
        $this->server->write('app.php', ServerProcess::worker('file_put_contents("served", "tick\n"); $worker->send();')
            . 'file_put_contents("stopped", "told to stop\n");');
        $this->config();
    }

    private function config(string $ticker = 'interval: 20ms'): void
    {
        $this->server->write('.rr.yaml', "ticker:\n  $ticker\n  workers:\n    command: php app.php\n    pool.num_workers: 2\n");
    }

    /** @return list<int> what runs in the container but process 1 */
    private function serve(): array
    {
        $this->server->serve();
        $this->server->waitForFile('served', 'tick');
        $running = Container::processes($this->server);
        self::assertCount(3, $running, 'the server and two workers');

        return $running;
    }

    /** @param list<int> $pids */
    private static function assertGone(array $pids): void
    {
        foreach ($pids as $pid) {
            self::assertTrue(ServerProcess::isGoneWithin($pid, 5.0), "process $pid lives on");
        }
    }

    /** Each event leaves ten, which end at once, later, or by a signal. */
    public function testOrphansLeaveNoZombies(): void
    {
        $this->config("interval: 20ms\n  count: 20");
        $this->server->write('app.php', ServerProcess::worker(
            'shell_exec("for i in 1 2 3; do (exit 3) & sleep 0.0\$i & (kill -9 \$(exec sh -c \'echo \$PPID\')) & done >/dev/null 2>&1");
            $orphan = (int) shell_exec("sleep 0.01 >/dev/null & echo \$!");
            for ($i = 0; $orphan < 1 || is_dir("/proc/$orphan"); $i++) {
                if ($i > 10000) { $worker->error("zombie $orphan"); continue 2; }
                usleep(1000); clearstatcache();
            }
            $worker->send();',
        ) . '
            for ($i = 0; $i < 10000; $i++, usleep(1000)) {
                $orphans = array_filter(glob("/proc/[0-9]*/stat"), fn ($file) => preg_match("/\) . 1 /", (string) @file_get_contents($file)) === 1);
                if (count($orphans) === 1) { break; }
            }
            file_put_contents("children", count($orphans) . "\n", FILE_APPEND);');
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(\array_fill(0, 20, 'ok'), \array_values($ended->outcomes()), $ended->log);
        self::assertSame("1\n1\n", $this->server->read('children'), 'process 1 has the server alone for a child');
    }

    public function testItSaysWhatItIs(): void
    {
        $this->config("interval: 20ms\n  count: 1");
        $ended = $this->server->serve()->wait();
        self::assertMatchesRegularExpression(
            '/^process 1 is an init of our own, which reaps orphans and forwards signals; the server is pid \d+$/m',
            \implode("\n", $ended->texts('info')),
        );
        $server = (new ServerProcess())->write('.rr.yaml', $this->server->read('.rr.yaml'))
            ->write('app.php', $this->server->read('app.php'));
        self::assertStringNotContainsString('process 1', $server->serve()->wait()->log);
    }

    public function testTermEndsItWell(): void
    {
        $running = $this->serve();
        Container::signal($this->server, \SIGTERM);
        $ended = $this->server->wait();
        self::assertSame([0, 0], [$ended->exitCode, $ended->signal], $ended->log);
        self::assertSame("told to stop\n", $this->server->read('stopped'));
        self::assertContains('stopped', $ended->texts('info'));
        self::assertSame([], $ended->texts('error'));
        self::assertGone($running);
    }

    public function testASecondTermStopsAtOnce(): void
    {
        $this->server->write('app.php', ServerProcess::worker('file_put_contents("served", "tick"); sleep(60);'));
        $running = $this->serve();
        Container::signal($this->server, \SIGTERM);
        $this->server->waitForLog('send the signal again to stop at once');
        $ended = $this->server->insist(\SIGTERM, fn () => Container::signal($this->server, \SIGTERM));
        self::assertSame([128 + \SIGTERM, 0], [$ended->exitCode, $ended->signal], $ended->log);
        self::assertContains('stopped at once by signal ' . \SIGTERM, $ended->texts('warning'));
        self::assertGone($running);
    }

    public function testHupBringsFreshWorkers(): void
    {
        $this->serve();
        $server = Container::server($this->server);
        Container::signal($this->server, \SIGHUP);
        $this->server->waitForLog('the reset is done: 2 fresh workers');
        self::assertSame($server, Container::server($this->server));
        Container::signal($this->server, \SIGTERM);
        self::assertSame(0, $this->server->wait()->exitCode);
    }

    public function testAKilledServer(): void
    {
        $running = $this->serve();
        $server = Container::server($this->server);
        self::assertContains($server, $running);
        \posix_kill($server, \SIGKILL);
        $ended = $this->server->wait();
        self::assertSame([128 + \SIGKILL, 0], [$ended->exitCode, $ended->signal], $ended->log);
        self::assertMatchesRegularExpression(
            '/^process 1: the server, pid \d+, was ended by signal 9 \(Killed\)$/m',
            implode("\n", $ended->texts('error')),
        );
        self::assertGone($running);
    }

    public function testAKilledInit(): void
    {
        $running = $this->serve();
        Container::signal($this->server, \SIGKILL);
        $this->server->wait();
        self::assertGone($running);
    }

    /** What a worker has left running ends with the container. */
    public function testALeftProcessEnds(): void
    {
        $this->server->write('app.php', ServerProcess::worker(
            'if (!is_file("served")) { shell_exec("setsid sleep 600 >/dev/null 2>&1 &"); } file_put_contents("served", "tick"); $worker->send();',
        ));
        $this->server->serve(['-o', 'ticker.interval=1h', '-o', 'ticker.workers.pool.num_workers=1']);
        $this->server->waitForLog('event 0: ok');
        $running = Container::processes($this->server);
        self::assertCount(3, $running, 'the server, a worker, and what it has left');
        Container::signal($this->server, \SIGTERM);
        self::assertSame(0, $this->server->wait()->exitCode);
        self::assertGone($running);
    }

    public function testAMistakeInTheConfigIsToldOnce(): void
    {
        $this->config('interval: 0');
        $ended = $this->server->run(['serve']);
        self::assertSame(1, $ended->exitCode);
        self::assertSame(1, \substr_count($ended->log, 'ticker.interval: '), $ended->log);
        self::assertSame(1, \substr_count($ended->log, "\n"), $ended->log);
        self::assertSame(2, $this->server->run(['serve', '--no-such-option'])->exitCode);
    }
}
