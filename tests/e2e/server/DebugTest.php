<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * debug: a fresh worker for each event, so that it may stop at breakpoints.
 */
final class DebugTest extends TestCase
{
    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = (new ServerProcess())
            ->write('app.php', ServerProcess::worker('file_put_contents("pids", getmypid() . "\n", FILE_APPEND); $worker->send();'))
            ->write('.rr.yaml', "ticker:\n  interval: 20ms\n  workers:\n    command: php app.php\n"
                . "    pool: {num_workers: 1, debug: true}\n");
    }

    public function testEachEventHasAFreshWorker(): void
    {
        $ended = $this->server->serve(['-o', 'ticker.count=3'])->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['ok'], \array_values(\array_unique($ended->outcomes())), $ended->log);
        $pids = \explode("\n", \trim($this->server->read('pids')));
        self::assertCount(\count($ended->outcomes()), \array_unique($pids));
        self::assertCount(1, $ended->textsWith('warning', 'debug: each job has a fresh worker'));
    }

    public function testCodeIsMendedBetweenTwoEvents(): void
    {
        $good = $this->server->read('app.php');
        $this->server->write('app.php', '<?php throw new RuntimeException("half written");');
        $this->server->serve();
        $this->server->waitForLog(': crashed: worker ');
        // in one go, as an editor does
        $this->server->write('new.php', $good);
        \rename($this->server->folder . '/new.php', $this->server->folder . '/app.php');
        $this->server->waitForFile('pids', "\n");
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertContains('ok', $ended->outcomes());
        self::assertStringStartsWith('crashed: ', $ended->outcomes()[0]);
        self::assertNotSame([], $ended->textsWith('error', 'half written'));
    }

    public function testAStopWaitsForAJobAndASecondSignalDoesNot(): void
    {
        $this->server->write('app.php', ServerProcess::worker('file_put_contents("begun", "x");
            while (!is_file("go")) { usleep(1000); clearstatcache(); }
            file_put_contents("pids", "went on\n"); $worker->send();'));
        $this->server->serve(['-o', 'ticker.workers.pool.destroy_timeout=50ms']);
        $this->server->waitForFile('begun', 'x');
        $this->server->signal(\SIGTERM);
        $this->server->waitForLog('send the signal again to stop at once');
        $ended = $this->server->insist(\SIGTERM);
        self::assertSame(128 + \SIGTERM, $ended->exitCode, $ended->log);
        self::assertSame('', $this->server->read('pids'));
    }
}
