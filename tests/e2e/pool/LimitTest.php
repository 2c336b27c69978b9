<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Processes;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * max_jobs and what the supervisor watches: none of them costs a reply, but exec_ttl.
 */
final class LimitTest extends PoolTestCase
{
    #[DataProvider('lanes')]
    public function testMaxJobsIsExact(Lane $lane): void
    {
        foreach ([1, 3] as $most) {
            $pool = $this->pool($lane, ['max_jobs' => $most]);
            $pids = [];
            for ($i = 0; $i < 3 * $most; $i++) {
                $pids[] = self::pidOf($pool);
            }
            self::assertSame([$most, $most, $most], \array_values(\array_count_values($pids)), \implode(' ', $pids));
            $pool->free();
        }
    }

    #[DataProvider('lanes')]
    public function testMaxJobsWithAQueue(Lane $lane): void
    {
        $pool = $this->pool($lane, ['max_jobs' => 2, 'num_workers' => 2]);
        for ($i = 0; $i < 12; $i++) {
            $pool->submit('jobs');
        }
        $served = [];
        for ($i = 0; $i < 12; $i++) {
            $reply = $pool->next();
            self::assertSame(Outcome::Ok, $reply->outcome, $reply->message);
            $served[$reply->pid] = (int) $reply->body;
        }
        self::assertLessThanOrEqual(2, \max($served));
        self::assertGreaterThanOrEqual(6, \count($served));
    }

    public function testExecTtl(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane, ['exec_ttl' => '1s']);
            $pid = self::pidOf($pool);
            self::assertOk($pool->exec('sleep 20', 'in time'), 'slept', 'in time');
            self::assertSame($pid, self::pidOf($pool));
            $begun = \microtime(true);
            $job = $pool->submit('sleep 60000');
            yield;
            $reply = $pool->wait($job);
            self::assertGreaterThanOrEqual(0.99, \microtime(true) - $begun);
            self::assertFailure($reply, Outcome::TimedOut, true, 'longer than 1 s', 'exec_ttl');
            self::assertSame($pid, $reply->pid);
            self::assertReplaced($pool, $pid);
            self::awaitDeath($pool, $pid);
        });
    }

    /** It becomes too old at work: its answer counts, then it goes. */
    public function testTtl(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane, ['ttl' => '300ms', 'watch_tick' => '20ms']);
            $gate = $this->gate();
            $job = $pool->submit($gate, 'context');
            $this->awaitGate($pool, $gate);
            yield;
            self::awaitLog($pool, 'as old as ttl allows');
            self::openGate($gate);
            $reply = $pool->wait($job);
            self::assertOk($reply, 'through', 'context');
            self::assertReplaced($pool, $reply->pid);
            self::awaitDeath($pool, $reply->pid);
        });
    }

    public function testIdleTtl(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $others = Processes::childrenOf((int) \getmypid());
            $pool = $this->pool($lane, ['idle_ttl' => '200ms', 'watch_tick' => '20ms', 'num_workers' => 2]);
            $pids = \array_diff(Processes::childrenOf((int) \getmypid()), $others);
            self::assertCount(2, $pids);
            $used = self::pidOf($pool);
            [$unused] = \array_values(\array_diff($pids, [$used]));
            yield;
            self::awaitDeath($pool, $used);
            yield;
            self::assertNull($pool->poll(20));
            self::assertTrue(Processes::isAlive($unused), 'it was never used');
            $lines = \array_filter($pool->log(), static fn (array $line): bool => \str_contains($line['text'], 'idle_ttl'));
            self::assertSame([$used], \array_values(\array_column($lines, 'pid')));
        });
    }

    #[DataProvider('lanes')]
    public function testMemory(Lane $lane): void
    {
        $pool = $this->pool($lane, ['max_worker_memory' => 150, 'watch_tick' => '20ms']);
        $pid = self::pidOf($pool);
        $gate = $this->gate();
        self::assertOk($pool->exec('grow 20', 'context'), 'grown', 'context');
        self::assertSame($pid, self::pidOf($pool));
        $reply = $pool->exec('grow 200', 'context');
        self::assertOk($reply, 'grown', 'context');
        self::assertSame($pid, $reply->pid);
        self::awaitLog($pool, 'max_worker_memory');
        self::assertReplaced($pool, $pid);
        self::awaitDeath($pool, $pid);

        // too large while it is at work: it ends it
        $job = $pool->submit('grow 200');
        $second = $pool->submit($gate);
        $reply = $pool->wait($job);
        self::assertOk($reply, 'grown');
        $this->awaitGate($pool, $gate);
        self::awaitLog($pool, 'max_worker_memory');
        self::openGate($gate);
        self::assertOk($pool->wait($second), 'through');
        self::assertReplaced($pool, $reply->pid);
    }
}
