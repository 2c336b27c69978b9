<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Processes;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * Fresh workers for old ones, with jobs in every place.
 */
final class ResetTest extends PoolTestCase
{
    #[DataProvider('lanes')]
    public function testNothingIsLostByAResetDuringExec(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $old = Processes::childrenOf((int) \getmypid());
        $gates = [$this->gate(), $this->gate()];
        $expected = [];
        foreach ($gates as $gate) {
            $expected[$pool->submit($gate, 'context')] = ['through', 'context'];
        }
        $this->awaitGate($pool, $gates[0]);
        $this->awaitGate($pool, $gates[1]);
        for ($i = 0; $i < 10; $i++) {
            $expected[$pool->submit("echo $i", 'queued')] = [(string) $i, 'queued'];
        }
        $pool->reset();
        $pool->reset();
        // the fresh ones take what was queued while the old ones are at work
        for ($i = 0; $i < 10; $i++) {
            $reply = $pool->next();
            self::assertOk($reply, ...$expected[$reply->job]);
            self::assertNotContains($reply->pid, $old);
            unset($expected[$reply->job]);
        }
        \array_map(self::openGate(...), $gates);
        for ($i = 0; $i < 2; $i++) {
            $reply = $pool->next();
            self::assertOk($reply, ...$expected[$reply->job]);
            self::assertContains($reply->pid, $old);
            unset($expected[$reply->job]);
        }
        self::assertSame([], $expected);
        self::awaitLog($pool, 'the reset is done: 2 fresh workers');
        self::until(
            $pool,
            static fn (): bool => \array_intersect($old, Processes::childrenOf((int) \getmypid())) === [],
            'the old ones have gone',
        );
        self::assertCount(2, Processes::childrenOf((int) \getmypid()));
    }

    #[DataProvider('lanes')]
    public function testAHungWorkerDoesNotHoldIt(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $gate = $this->gate();
        $hung = $pool->submit($gate);
        $this->awaitGate($pool, $gate);
        $old = Processes::childrenOf((int) \getmypid());
        $pool->reset();
        self::awaitLog($pool, 'the reset is done: 2 fresh workers');
        self::assertNotContains(self::pidOf($pool), $old);
        self::openGate($gate);
        $reply = $pool->wait($hung);
        self::assertOk($reply, 'through');
        self::assertContains($reply->pid, $old);
        self::awaitDeath($pool, $reply->pid);
    }

    /** A job that is on its way to another worker, time and again. */
    #[DataProvider('lanes')]
    public function testResetsInARow(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $seen = [];
        for ($round = 0; $round < 4; $round++) {
            $jobs = [];
            for ($i = 0; $i < 6; $i++) {
                $jobs[] = $pool->submit("echo $i", 'c');
            }
            $pool->reset();
            foreach ($jobs as $i => $job) {
                self::assertOk($pool->wait($job), (string) $i, 'c');
            }
            self::awaitLog($pool, 'the reset is done: 2 fresh workers');
            $pool->forgetLog();
            $pid = self::pidOf($pool);
            self::assertNotContains($pid, $seen);
            $seen[] = $pid;
        }
    }

    #[DataProvider('lanes')]
    public function testCodeThatDoesNotBootLeavesTheOldOnesAtWork(Lane $lane): void
    {
        $command = \sprintf('"%s" "%s" %s', \PHP_BINARY, "$this->folder/app.php", $lane->speaks);
        \file_put_contents("$this->folder/app.php", '<?php require ' . \var_export(
            \dirname(__DIR__, 2) . '/fixtures/workers/table/worker.php',
            true,
        ) . ';');
        $pool = $this->newPool($lane, command: $command)->start();
        $pid = self::pidOf($pool);
        \file_put_contents("$this->folder/app.php", '<?php throw new RuntimeException("half deployed");');
        $pool->reset();
        self::awaitLog($pool, 'the old workers go on');
        self::assertStringContainsString('half deployed', $pool->logText());
        self::assertSame($pid, self::pidOf($pool));
    }
}
