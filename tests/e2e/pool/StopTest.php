<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Processes;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * The end of a pool, and what comes after it.
 */
final class StopTest extends PoolTestCase
{
    #[DataProvider('lanes')]
    public function testAnExecAfterIt(Lane $lane): void
    {
        $pool = $this->pool($lane);
        self::pidOf($pool);
        $pool->stop();
        $pool->stop();
        self::assertSame([], Processes::childrenOf((int) \getmypid()));
        self::assertFailure($pool->exec('echo hello'), Outcome::Rejected, false, 'the pool is stopped');
        self::assertSame([], \array_filter($pool->log(), static fn (array $line): bool => $line['level'] >= 2));
    }

    /** What was begun ends, what was not is cancelled. */
    #[DataProvider('lanes')]
    public function testWithJobsInEveryPlace(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $gate = $this->gate();
        $begun = $pool->submit($gate);
        $this->awaitGate($pool, $gate);
        $queued = [$pool->submit('echo a'), $pool->submit('echo b')];
        $empty = $pool->submit('');
        self::openGate($gate);
        $pool->stop();
        self::assertOk($pool->wait($begun), 'through');
        foreach ($queued as $job) {
            self::assertFailure($pool->wait($job), Outcome::Cancelled, false, 'stopped');
        }
        self::assertFailure($pool->wait($empty), Outcome::Rejected, false, 'empty');
        self::assertNull($pool->poll());
    }

    #[DataProvider('lanes')]
    public function testASlowWorkerIsKilledAfterDestroyTimeout(Lane $lane): void
    {
        $pool = $this->pool($lane, ['destroy_timeout' => '1s']);
        $job = $pool->submit('sleep 20000');
        self::assertNull($pool->poll(20));
        $begun = \microtime(true);
        $pool->stop(-1);
        $took = \microtime(true) - $begun;
        self::assertGreaterThanOrEqual(0.99, $took);
        self::assertLessThan(10, $took);
        self::assertFailure($pool->wait($job), Outcome::Crashed, true, 'did not stop within 1 s', 'destroy_timeout');
    }

    /** One that never looks at its relay again, and one that is frozen, with destroy_timeout far away. */
    #[DataProvider('lanes')]
    public function testTheHostsOwnTimeout(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $pids = Processes::childrenOf((int) \getmypid());
        self::assertOk($pool->exec('deaf answer'), 'deaf');
        \posix_kill($pids[0], \SIGSTOP);
        \posix_kill($pids[1], \SIGSTOP);
        $begun = \microtime(true);
        $pool->stop(300);
        self::assertLessThan(10, \microtime(true) - $begun);
        self::assertSame([], Processes::childrenOf((int) \getmypid()));
    }

    #[DataProvider('lanes')]
    public function testAPoolThatIsFreedAtWork(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $pool->submit('spin');
        $pool->submit(\str_repeat('x', 4_000_000));
        $pool->submit('echo queued');
        self::assertNull($pool->poll(5));
        $pool->free();
        self::assertSame([], Processes::childrenOf((int) \getmypid()));
    }
}
