<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class StopTest extends TestCase
{
    /** An exec that takes until the file `go` is there. */
    private const SLOW = 'file_put_contents("pid", getmypid() . "\n");
        file_put_contents("steps", "begun $tick\n", FILE_APPEND);
        while (!is_file("go")) { usleep(2000); clearstatcache(); }
        file_put_contents("steps", "finished $tick\n", FILE_APPEND);
        $worker->send();';

    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = new ServerProcess();
        $this->server->write('.rr.yaml', "ticker:\n  interval: 10ms\n  workers:\n    command: php app.php\n"
            . "    pool: {num_workers: 1}\n");
        $this->server->write('app.php', ServerProcess::worker(self::SLOW));
    }

    private function workerPid(): int
    {
        $this->server->waitForFile('pid', "\n");

        return (int) $this->server->read('pid');
    }

    /** @return iterable<string, array{int, string}> */
    public static function signals(): iterable
    {
        yield 'INT' => [\SIGINT, 'press Ctrl-C again to stop at once'];
        yield 'TERM' => [\SIGTERM, 'send the signal again to stop at once'];
    }

    /** @dataProvider signals */
    #[DataProvider('signals')]
    public function testASignalAmidAnExecLetsItFinish(int $signal, string $words): void
    {
        $this->server->serve();
        $pid = $this->workerPid();
        $this->server->signal($signal);
        $this->server->waitForLog($words);
        $this->server->write('go', '');
        $ended = $this->server->wait();
        self::assertSame([0, 0], [$ended->exitCode, $ended->signal], $ended->log);
        // nothing new was begun after it
        self::assertSame("begun 0\nfinished 0\n", $this->server->read('steps'));
        self::assertSame([0 => 'ok'], $ended->outcomes());
        self::assertContains('stopped', $ended->texts('info'));
        self::assertTrue(ServerProcess::isGoneWithin($pid, 1.0));
    }

    /** @dataProvider signals */
    #[DataProvider('signals')]
    public function testASecondSignalStopsAtOnce(int $signal, string $words): void
    {
        $this->server->serve();
        $pid = $this->workerPid();
        $this->server->signal($signal);
        $this->server->waitForLog($words);
        $ended = $this->server->insist($signal);
        self::assertSame([128 + $signal, 0], [$ended->exitCode, $ended->signal], $ended->log);
        self::assertSame("begun 0\n", $this->server->read('steps'));
        self::assertStringStartsWith('crashed: ', $ended->outcomes()[0]);
        self::assertTrue(ServerProcess::isGoneWithin($pid, 1.0));
    }

    public function testASignalBeforeTheWorkersAreReady(): void
    {
        $this->server->write('app.php', "<?php touch('booting'); sleep(60);");
        $this->server->serve(['-o', 'ticker.workers.pool.destroy_timeout=300ms']);
        $this->server->waitForLog('serves .rr.yaml');
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([], $ended->outcomes());
    }

    public function testAWorkerThatDoesNotEndIsKilledAfterDestroyTimeout(): void
    {
        $this->server->serve(['-o', 'ticker.workers.pool.destroy_timeout=200ms']);
        $pid = $this->workerPid();
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([0], \array_keys($ended->outcomes()));
        self::assertTrue(ServerProcess::isGoneWithin($pid, 1.0));
    }

    /** A worker that asks to be stopped hands its event back, and may have begun it. */
    public function testAnEventThatAWorkerHandedBackMayHaveRun(): void
    {
        $this->server->write('app.php', ServerProcess::worker(
            'file_put_contents("steps", "asked\n", FILE_APPEND); $worker->stop();',
        ));
        $this->server->serve();
        $this->server->waitForFile('steps', "asked\nasked\n");
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertStringStartsWith('cancelled: ', $ended->outcomes()[0]);
        self::assertStringEndsWith('(it may have run)', $ended->outcomes()[0]);
    }

    public function testAServerStartedWithTheSignalsBlocked(): void
    {
        $server = new ServerProcess(['env', '--block-signal=TERM,INT']);
        $server->write('.rr.yaml', $this->server->read('.rr.yaml'));
        $server->write('app.php', ServerProcess::worker('touch("served"); $worker->send();'));
        $server->serve();
        $server->waitForLog('event 0: ok');
        $server->signal(\SIGTERM);
        self::assertSame(0, $server->wait()->exitCode);
    }

    /** A pager at its prompt, say: it holds neither the work nor the end. */
    public function testALogThatNobodyReads(): void
    {
        $flood = 'for ($i = 0; $i < 100; $i++) { fwrite(STDERR, str_repeat("x", 10000) . "\n"); }
            file_put_contents("steps", "served\n", FILE_APPEND);
            $worker->send();';
        $this->server->write('app.php', ServerProcess::worker($flood));
        $this->server->serve();
        $this->server->neglectLog();
        $this->server->waitForFile('steps', "served\nserved\nserved\n");
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame([0, 0], [$ended->exitCode, $ended->signal]);
    }

    public function testNoWorkerOutlivesAKilledServer(): void
    {
        $this->server->serve();
        $busy = $this->workerPid();
        $this->server->signal(\SIGKILL);
        self::assertTrue(ServerProcess::isGoneWithin($busy, 1.0), 'the worker amid an exec lives on');
        self::assertSame(\SIGKILL, $this->server->wait()->signal);
    }

    public function testNoIdleWorkerOutlivesAKilledServer(): void
    {
        $this->server->write('go', '');
        $this->server->serve(['-o', 'ticker.interval=1h']);
        $idle = $this->workerPid();
        $this->server->waitForLog('event 0: ok');
        $this->server->signal(\SIGKILL);
        self::assertTrue(ServerProcess::isGoneWithin($idle, 1.0), 'the idle worker lives on');
        $this->server->wait();
    }
}
