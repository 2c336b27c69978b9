<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * dynamic_allocator: more workers while events wait.
 */
final class ScaleTest extends TestCase
{
    public function testEventsThatWaitBringMoreWorkersAndIdlenessEndsThem(): void
    {
        $server = (new ServerProcess())
            // three at a time, and each waits until the others are there
            ->write('app.php', ServerProcess::worker('touch("at-" . getmypid());
                while (count(glob("at-*")) < 3) { usleep(1000); }
                $worker->send();'))
            ->write('.rr.yaml', "ticker:\n  interval: 20ms\n  count: 3\n  workers:\n    command: php app.php\n"
                . "    pool:\n      numWorkers: 1\n"
                . "      dynamicAllocator: {maxWorkers: 2, spawnRate: 10, idleTimeout: 200ms}\n");
        $server->serve();
        $ended = $server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['ok'], \array_values(\array_unique($ended->outcomes())), $ended->log);
        self::assertCount(3, $ended->outcomes());
        self::assertNotSame([], $ended->textsWith('info', ' more worker'), $ended->log);
    }

    public function testIdlenessEndsThem(): void
    {
        $server = (new ServerProcess())
            ->write('app.php', ServerProcess::worker('while (!is_file("go")) { usleep(1000); clearstatcache(); }
                $worker->send();'))
            ->write('.rr.yaml', "ticker:\n  interval: 20ms\n  workers:\n    command: php app.php\n"
                . "    pool:\n      num_workers: 1\n"
                . "      dynamic_allocator: {max_workers: 2, idle_timeout: 100ms}\n");
        $server->serve();
        $server->waitForLog('more worker');
        $server->write('go', '');
        $server->waitForLog('it is retired, 1 is left');
        $server->signal(\SIGTERM);
        $ended = $server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['ok'], \array_values(\array_unique($ended->outcomes())), $ended->log);
    }
}
