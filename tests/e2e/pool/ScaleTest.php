<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Processes;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * More workers while jobs wait, and back again: no job fails by it. And debug, where each has its own.
 */
final class ScaleTest extends PoolTestCase
{
    private const SETTINGS = [
        'dynamic_allocator.max_workers' => 2,
        'dynamic_allocator.spawn_rate' => 10,
        'dynamic_allocator.idle_timeout' => '300ms',
    ];

    #[DataProvider('lanes')]
    public function testUpToTheMostAndBackToTheBase(Lane $lane): void
    {
        $pool = $this->pool($lane, self::SETTINGS);
        self::assertCount(1, Processes::childrenOf((int) \getmypid()));
        $gates = [$this->gate(), $this->gate(), $this->gate(), $this->gate()];
        $jobs = [];
        foreach ($gates as $gate) {
            $jobs[] = $pool->submit($gate, 'context');
        }
        // the job that waited is served by the worker that was started for it; the fourth finds no more
        foreach ([0, 1, 2] as $i) {
            $this->awaitGate($pool, $gates[$i]);
        }
        self::assertNull($pool->poll(200));
        self::assertCount(3, Processes::childrenOf((int) \getmypid()));
        self::assertFileDoesNotExist(\substr($gates[3], \strlen('gate ')) . '.begun');
        \array_map(self::openGate(...), $gates);
        $pids = [];
        foreach ($jobs as $job) {
            $reply = $pool->wait($job);
            self::assertOk($reply, 'through', 'context');
            $pids[$reply->pid] = true;
        }
        self::assertCount(3, $pids);
        self::until(
            $pool,
            static fn (): bool => \count(Processes::childrenOf((int) \getmypid())) === 1,
            'there is one again',
        );
        self::assertOk($pool->exec('echo hello'), 'hello');
        self::assertSame([], \array_filter($pool->log(), static fn (array $line): bool => $line['level'] >= 3));
    }

    /** They come and go while jobs run, a death amid it. */
    #[DataProvider('lanes')]
    public function testNoJobFailsByIt(Lane $lane): void
    {
        $pool = $this->pool($lane, ['dynamic_allocator.idle_timeout' => '20ms'] + self::SETTINGS);
        for ($round = 0; $round < 3; $round++) {
            $jobs = [];
            for ($i = 0; $i < 12; $i++) {
                $jobs[$i] = $pool->submit($i === 5 ? 'exit 3' : 'sleep 40', "$round-$i");
            }
            foreach ($jobs as $i => $job) {
                $reply = $pool->wait($job);
                $i === 5
                    ? self::assertFailure($reply, Outcome::Crashed, true, 'exited with status 3')
                    : self::assertOk($reply, 'slept', "$round-$i");
            }
            self::assertNull($pool->poll(50));
        }
    }

    #[DataProvider('lanes')]
    public function testDebugHasAFreshWorkerForEachJobAndNoLimits(Lane $lane): void
    {
        $pool = $this->pool($lane, ['debug' => 'true', 'exec_ttl' => '100ms', 'max_worker_memory' => 1]);
        self::assertStringContainsString('exec_ttl', $pool->logText());
        self::assertOk($pool->exec('sleep 300', 'context'), 'slept', 'context');
        self::assertCount(3, \array_unique([self::pidOf($pool), self::pidOf($pool), self::pidOf($pool)]));
    }
}
