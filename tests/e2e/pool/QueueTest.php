<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Pool;
use Coyote\Tests\E2e\Support\PoolException;
use Coyote\Tests\E2e\Support\Processes;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * Jobs that find every worker busy.
 */
final class QueueTest extends PoolTestCase
{
    public function testTheWaitForAWorkerHasAnEnd(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            // it is a worker's time to boot as well
            $pool = $this->pool($lane, ['allocate_timeout' => '1500ms']);
            $gate = $this->gate();
            $busy = $pool->submit($gate);
            $this->awaitGate($pool, $gate);
            $begun = \microtime(true);
            $late = $pool->submit('echo hello');
            yield;
            $reply = $pool->wait($late);
            self::assertGreaterThanOrEqual(1.49, \microtime(true) - $begun);
            self::assertFailure($reply, Outcome::TimedOut, false, 'no worker was free within 1.5 s', 'allocate_timeout', '1 of 1 are busy');
            self::assertSame(0, $reply->pid);
            self::openGate($gate);
            $first = $pool->wait($busy);
            self::assertOk($first, 'through');
            self::assertOk($pool->exec('jobs'), '2');
            self::assertSame($first->pid, self::pidOf($pool));
        });
    }

    #[DataProvider('lanes')]
    public function testThoseAboveTheLimitFailAtOnce(Lane $lane): void
    {
        $pool = $this->pool($lane, ['max_queue_size' => 1]);
        $gate = $this->gate();
        $jobs = [$pool->submit($gate)];
        $this->awaitGate($pool, $gate);
        $jobs[] = $pool->submit('echo queued', 'context');
        for ($i = 0; $i < 3; $i++) {
            self::assertFailure($pool->exec('echo above'), Outcome::Rejected, false, '1 jobs wait', 'max_queue_size');
        }
        self::openGate($gate);
        self::assertOk($pool->wait($jobs[0]), 'through');
        self::assertOk($pool->wait($jobs[1]), 'queued', 'context');
        self::assertOk($pool->exec('jobs'), '3');
    }

    /** The host's own patience ends before the job: nothing else does. */
    #[DataProvider('lanes')]
    public function testAnExecThatNobodyWaitsFor(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $gate = $this->gate();
        try {
            $pool->exec($gate, '', 100);
            self::fail('it came in time');
        } catch (PoolException $refused) {
            self::assertSame(Pool::ETIMEOUT, $refused->getCode());
        }
        $this->awaitGate($pool, $gate);
        self::openGate($gate);
        self::assertOk($pool->exec('echo next', 'own'), 'next', 'own');
        self::assertNull($pool->poll(), 'its outcome is dropped');
    }

    #[DataProvider('lanes')]
    public function testJobsRunInOrderAndEachOnce(Lane $lane): void
    {
        $pool = $this->pool($lane, ['env.JOURNAL' => "$this->folder/journal"]);
        $jobs = [];
        for ($i = 0; $i < 50; $i++) {
            $jobs[] = $pool->submit("echo $i", (string) $i);
        }
        foreach ($jobs as $i => $job) {
            $reply = $pool->next();
            self::assertSame($job, $reply->job);
            self::assertOk($reply, (string) $i, (string) $i);
        }
        $pid = $reply->pid;
        $expected = '';
        for ($i = 0; $i < 50; $i++) {
            $expected .= "begun $i $pid\nanswered $i $pid\n";
        }
        self::assertSame($expected, \file_get_contents("$this->folder/journal"));
        self::assertSame([$pid], Processes::childrenOf((int) \getmypid()));
    }
}
