<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Processes;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * Workers that end where they should not: explained, replaced, and nothing else is lost.
 */
final class DeathTest extends PoolTestCase
{
    #[DataProvider('lanes')]
    public function testABrokenScriptSaysWhy(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        $reply = $pool->exec('throw the database is away');
        self::assertFailure($reply, Outcome::Crashed, true, 'exited with status 255', 'the database is away', 'after 1 job');
        self::assertSame($pid, $reply->pid);
        self::assertReplaced($pool, $pid);
    }

    #[DataProvider('lanes')]
    public function testAnExitAmidAJob(Lane $lane): void
    {
        $pool = $this->pool($lane);
        foreach ([0, 3] as $status) {
            $pid = self::pidOf($pool);
            $words = ["exited with status $status", "leaving with $status"];
            self::assertFailure($pool->exec("exit $status"), Outcome::Crashed, true, ...$words);
            self::assertReplaced($pool, $pid);
        }
    }

    #[DataProvider('lanes')]
    public function testKilledFromOutsideAtWorkAndIdle(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $gate = $this->gate();
        $job = $pool->submit($gate);
        $this->awaitGate($pool, $gate);
        $idle = self::pidOf($pool);
        [$busy] = \array_values(\array_diff(Processes::childrenOf((int) \getmypid()), [$idle]));

        \posix_kill($busy, \SIGKILL);
        $reply = $pool->wait($job);
        self::assertFailure($reply, Outcome::Crashed, true, 'signal 9');
        self::assertSame($busy, $reply->pid);

        \posix_kill($idle, \SIGKILL);
        self::awaitLog($pool, "was ended by signal 9");
        self::until($pool, static function () use ($busy, $idle): bool {
            $pids = Processes::childrenOf((int) \getmypid());

            return \count($pids) === 2 && \array_intersect($pids, [$busy, $idle]) === [];
        }, 'there are two fresh ones');
        self::assertOk($pool->exec('echo hello'), 'hello');
    }

    /** Nobody steps the pool when it happens: the first job finds out, and does not pay. */
    #[DataProvider('lanes')]
    public function testKilledWhileTheHostWasElsewhere(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        \posix_kill($pid, \SIGKILL);
        while (Processes::isAlive($pid)) {
            \usleep(1000);
        }
        $reply = $pool->exec('echo hello', 'world');
        if ($reply->outcome === Outcome::Crashed) {
            // it was written before anybody could know
            self::assertFailure($reply, Outcome::Crashed, true, 'signal 9');
            $reply = $pool->exec('echo hello', 'world');
        }
        self::assertOk($reply, 'hello', 'world');
        self::assertNotSame($pid, $reply->pid);
    }

    #[DataProvider('lanes')]
    public function testADeathAmidTheAnswer(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        self::assertFailure($pool->exec('cut'), Outcome::Crashed, true, 'signal 9', 'inside a frame');
        self::assertReplaced($pool, $pid);
    }

    /** It reads none of a payload that is more than the pipes hold. */
    #[DataProvider('lanes')]
    public function testADeathAmidTheQuestion(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $pids = Processes::childrenOf((int) \getmypid());
        \array_map(static fn (int $pid): bool => \posix_kill($pid, \SIGSTOP), $pids);
        $jobs = [$pool->submit(\str_repeat('x', 8_000_000)), $pool->submit(\str_repeat('y', 8_000_000))];
        self::assertNull($pool->poll(50));
        \posix_kill($pids[0], \SIGKILL);
        \posix_kill($pids[1], \SIGCONT);
        // what has not wholly left was not begun: it runs on the other one, or on a successor
        self::assertOk($pool->wait($jobs[0]), \str_repeat('x', 8_000_000));
        self::assertOk($pool->wait($jobs[1]), \str_repeat('y', 8_000_000));
        self::assertNotContains($pids[0], Processes::childrenOf((int) \getmypid()));
    }

    /** @return iterable<string, array{Lane}> */
    public static function tcpLanes(): iterable
    {
        yield 'v3-tcp' => [Lane::named('v3-tcp')];
        yield 'v2-tcp' => [Lane::named('v2-tcp')];
    }

    /** It ends with jobs unread, and so the kernel throws away what of its answers has not gone yet. */
    #[DataProvider('tcpLanes')]
    public function testJobsWhoseAnswersTcpHasLostDoNotRunAgain(Lane $lane): void
    {
        $pool = $this->pool($lane, ['prefetch' => 8, 'env.JOURNAL' => "$this->folder/journal"]);
        $jobs = [];
        foreach (['bytes 500000', 'echo short', 'kill', 'echo ' . \str_repeat('unread', 20_000)] as $id => $body) {
            $jobs[] = $pool->submit($body, (string) $id);
        }
        while (Processes::childrenOf((int) \getmypid()) !== []) {
            \usleep(1000); // without a step of the pool
        }
        foreach ($jobs as $job) {
            $reply = $pool->wait($job);
            self::assertFailure($reply, Outcome::Crashed, true, 'signal 9');
        }
        self::assertReplaced($pool, $reply->pid);
        $begun = \array_count_values(\array_map(
            static fn (string $line): string => \implode(' ', \array_slice(\explode(' ', $line), 0, 2)),
            \file("$this->folder/journal", \FILE_IGNORE_NEW_LINES) ?: [],
        ));
        self::assertSame([1, 1, 1, false], [
            $begun['begun 0'] ?? 0, $begun['begun 1'] ?? 0, $begun['begun 2'] ?? 0, isset($begun['begun 3']),
        ]);
    }

    #[DataProvider('lanes')]
    public function testAWorkerThatAsksToStopHandsItsPayloadOn(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        $reply = $pool->exec("stop $this->folder/flag");
        self::assertOk($reply, 'ran elsewhere');
        self::assertNotSame($pid, $reply->pid);
        self::assertSame([], \array_filter($pool->log(), static fn (array $line): bool => $line['level'] >= 2));
        self::awaitDeath($pool, $pid);
    }
}
