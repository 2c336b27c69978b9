<?php

declare(strict_types=1);

namespace Coyote\Tests;

use Coyote\Exception\CoyoteException;
use Coyote\Exception\JobCancelledException;
use Coyote\Exception\JobCrashedException;
use Coyote\Exception\JobFailedException;
use Coyote\Exception\JobRejectedException;
use Coyote\Exception\JobTimedOutException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\OutcomeException;
use Coyote\Exception\TimeoutException;
use Coyote\Exception\WorkersException;
use Coyote\Outcome;
use Coyote\Payload;
use Coyote\Pool;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class PoolTest extends TestCase
{
    public function testAnswersComeBackWhateverTheirBytes(): void
    {
        $pool = new Pool(Workers::command(), ['num_workers' => 1]);
        $body = \random_bytes(100_000) . "\0";
        $reply = $pool->exec(new Payload($body, "a\0b"), Workers::LONG);

        self::assertTrue($reply->isOk());
        self::assertSame($body, $reply->body());
        self::assertSame("a\0b", $reply->context());
        self::assertEquals(new Payload($body, "a\0b"), $reply->payload());
        self::assertTrue($reply->mayHaveRun);
        self::assertSame('', $reply->message);
        self::assertSame((int) $pool->exec('pid')->body(), $reply->pid);
        self::assertSame('', $pool->exec(new Payload('', 'context alone'))->body());
    }

    /** @return iterable<string, array{string, class-string<OutcomeException>, Outcome, string, bool}> */
    public static function failures(): iterable
    {
        yield 'error' => ['error it hurts', JobFailedException::class, Outcome::Error, 'it hurts', true];
        yield 'crash' => ['exit 3', JobCrashedException::class, Outcome::Crashed, 'exited with status 3', true];
        yield 'time' => ['sleep 60000', JobTimedOutException::class, Outcome::TimedOut, 'exec_ttl', true];
        yield 'empty' => ['', JobRejectedException::class, Outcome::Rejected, 'empty', false];
    }

    /** @param class-string<OutcomeException> $class */
    #[DataProvider('failures')]
    public function testEachOutcomeHasItsException(
        string $body,
        string $class,
        Outcome $outcome,
        string $says,
        bool $mayHaveRun,
    ): void {
        $pool = Workers::pool(settings: ['exec_ttl' => 0.3]);
        try {
            $pool->exec($body, Workers::LONG);
            self::fail('nothing was thrown');
        } catch (OutcomeException $failure) {
            self::assertSame($class, $failure::class);
            self::assertInstanceOf(CoyoteException::class, $failure);
            self::assertStringContainsString($says, $failure->getMessage());
            self::assertSame($outcome, $failure->reply->outcome);
            self::assertSame($mayHaveRun, $failure->reply->mayHaveRun);
        }
        foreach (['body', 'context', 'payload'] as $method) {
            try {
                $failure->reply->$method();
                self::fail('nothing was thrown');
            } catch (OutcomeException $again) {
                self::assertSame($class, $again::class);
                self::assertSame($failure->reply, $again->reply);
            }
        }
        self::assertSame('still here', $pool->exec('still here', Workers::LONG)->body());
    }

    public function testEveryJobIsGivenOutOnce(): void
    {
        $pool = Workers::pool(2, ['prefetch' => 3]);
        $open = [];
        for ($i = 0; $i < 50; ++$i) {
            $open[$pool->submit("job $i")] = "job $i";
        }
        $last = (int) \array_key_last($open);
        self::assertSame('job 49', $pool->wait($last, Workers::LONG)?->body());
        unset($open[$last]);
        while ($open !== []) {
            $reply = $pool->next(Workers::LONG);
            self::assertNotNull($reply);
            self::assertSame($open[$reply->job], $reply->body());
            unset($open[$reply->job]);
        }
        self::assertNull($pool->next(0.0));
    }

    public function testExecDoesNotTakeTheOutcomesOfOthers(): void
    {
        $pool = Workers::pool(2);
        $job = $pool->submit('mine');
        self::assertSame('other', $pool->exec('other', Workers::LONG)->body());
        self::assertSame($job, $pool->next(Workers::LONG)?->job);
    }

    public function testAWaitThatWouldNeverEndIsRefused(): void
    {
        $pool = Workers::pool();
        self::assertNull($pool->next(0.0));
        self::assertNull($pool->next(0.01));
        $job = $pool->submit('x');
        self::assertSame($job, $pool->next()?->job);
        $this->expectException(MisuseException::class);
        $this->expectExceptionMessage('never end');
        $pool->next();
    }

    public function testJobsThatAreNoneAreRefused(): void
    {
        $pool = Workers::pool();
        $job = $pool->submit('x');
        self::assertNotNull($pool->wait($job));
        foreach ([$job, 99, 0, -1, \PHP_INT_MIN] as $none) {
            foreach (['wait', 'cancel'] as $method) {
                try {
                    $pool->$method($none);
                    self::fail("$method($none) was not refused");
                } catch (MisuseException $failure) {
                    self::assertNotSame('', $failure->getMessage());
                }
            }
        }
    }

    public function testATimeThatIsOver(): void
    {
        $pool = Workers::pool();
        $job = $pool->submit('sleep 400');
        self::assertNull($pool->wait($job, 0.02));
        self::assertNull($pool->next(0.0));
        try {
            $pool->exec('queued behind it', 0.05);
            self::fail('nothing was thrown');
        } catch (TimeoutException $failure) {
            self::assertStringContainsString('0.05 s', $failure->getMessage());
        }
        self::assertSame('slept', $pool->wait($job, Workers::LONG)?->body());
        self::assertNull($pool->next(0.05), 'nobody waits for what exec() has given up');
        self::assertSame(0, $pool->stats()['queued'] ?? 0);
    }

    /** @return iterable<string, array{float}> */
    public static function impossibleTimes(): iterable
    {
        yield 'negative' => [-0.001];
        yield 'no number' => [\NAN];
        yield 'minus infinity' => [-\INF];
    }

    #[DataProvider('impossibleTimes')]
    public function testTimesThatAreNoneAreRefused(float $timeout): void
    {
        $pool = Workers::pool();
        foreach (['start', 'next', 'stop'] as $method) {
            try {
                $pool->$method($timeout);
                self::fail("$method() took it");
            } catch (MisuseException $failure) {
                self::assertStringContainsString('time-out', $failure->getMessage());
            }
        }
        self::assertSame('x', $pool->exec('x', \INF)->body());
        self::assertSame('x', $pool->exec('x', 1e300)->body());
        self::assertSame('x', $pool->exec('x', \PHP_FLOAT_MAX)->body());
    }

    public function testJobsAreTakenBackBeforeTheyBegin(): void
    {
        $pool = Workers::pool();
        $first = $pool->submit('sleep 200');
        $second = $pool->submit('queued');
        self::assertTrue($pool->cancel($second));
        $reply = $pool->wait($second, Workers::LONG);
        self::assertSame(Outcome::Cancelled, $reply?->outcome);
        self::assertFalse($reply->mayHaveRun);
        $this->expectException(JobCancelledException::class);
        self::assertFalse($pool->cancel($first), 'it has begun');
        self::assertSame('slept', $pool->wait($first, Workers::LONG)?->body());
        $reply->body();
    }

    public function testAKeyKeepsOrderAndPriorityGoesFirst(): void
    {
        $pool = Workers::pool();
        $busy = $pool->submit('sleep 100');
        $low = $pool->submit('low', priority: 0);
        $high = $pool->submit('high', priority: 9);
        $order = [];
        while (\count($order) < 3) {
            $order[] = $pool->next(Workers::LONG)?->job;
        }
        self::assertSame([$busy, $high, $low], $order);

        $two = Workers::pool(2);
        $clocks = [];
        foreach ([1, 2] as $_) {
            $clocks[] = $two->submit('clock 50', key: 'one at a time');
        }
        [[, $end], [$begin]] = \array_map(
            static fn (int $job): array => \explode(' ', (string) $two->wait($job, Workers::LONG)?->body()),
            $clocks,
        );
        self::assertGreaterThan((int) $end, (int) $begin);

        foreach ([-1, 10, 1 << 32] as $priority) {
            try {
                $two->submit('x', priority: $priority);
                self::fail("priority $priority was taken");
            } catch (MisuseException $failure) {
                self::assertStringContainsString('0 to 9', $failure->getMessage());
            }
        }
    }

    public function testAStartThatFailsSaysWhy(): void
    {
        $pool = new Pool(\sprintf('"%s" nowhere.php', \PHP_BINARY));
        foreach (['start', 'submit', 'exec', 'map'] as $method) {
            try {
                $result = $method === 'start' ? $pool->start(Workers::LONG) : $pool->$method($method === 'map' ? ['x'] : 'x');
                $result instanceof \Generator && $result->current();
                self::fail("$method() did not fail");
            } catch (WorkersException $failure) {
                self::assertStringContainsString('nowhere.php', $failure->getMessage());
            }
        }
    }

    public function testAStartThatTakesLongGoesOn(): void
    {
        $pool = new Pool(Workers::command('silent.php'), ['num_workers' => 1]);
        try {
            $pool->start(0.05);
            self::fail('silent workers have started');
        } catch (TimeoutException $failure) {
            self::assertStringContainsString('within 0.05 s', $failure->getMessage());
        }
        $this->expectException(TimeoutException::class);
        $pool->exec('x', 0.05);
    }

    public function testAStoppedPoolGivesWhatItHasAndTakesNoMore(): void
    {
        $pool = Workers::pool();
        $job = $pool->submit('sleep 50');
        $queued = $pool->submit('queued');
        self::assertNull($pool->next(0.01), 'it has begun');
        $pool->stop(Workers::LONG);
        $pool->stop();
        self::assertSame('slept', $pool->wait($job)?->body());
        self::assertSame(Outcome::Cancelled, $pool->wait($queued)?->outcome);
        self::assertSame(Outcome::Rejected, $pool->wait($pool->submit('late'), Workers::LONG)?->outcome);
        foreach ([$pool->start(...), $pool->reset(...)] as $late) {
            try {
                $late();
                self::fail('it runs');
            } catch (MisuseException) {
            }
        }
    }

    public function testAStopThatIsInAHurryKills(): void
    {
        $pool = Workers::pool();
        $job = $pool->submit('sleep 60000');
        self::assertNull($pool->next(0.05));
        $pool->stop(0.05);
        self::assertNotSame(Outcome::Ok, $pool->wait($job, Workers::LONG)?->outcome);
    }

    public function testAResetBringsFreshWorkers(): void
    {
        $pool = Workers::pool();
        $old = $pool->exec('pid')->body();
        $pool->reset();
        $deadline = \microtime(true) + Workers::LONG;
        do {
            $new = $pool->exec('pid', Workers::LONG)->body();
        } while ($new === $old && \microtime(true) < $deadline);
        self::assertNotSame($old, $new);
    }

    public function testItIsNeitherCopiedNorSerialized(): void
    {
        $pool = new Pool(Workers::command());
        self::assertFalse((new \ReflectionClass($pool))->isCloneable());
        foreach ([
            static fn () => \serialize($pool),
            static fn () => \unserialize(\sprintf('O:%d:"%s":0:{}', \strlen(Pool::class), Pool::class)),
        ] as $copy) {
            try {
                $copy();
                self::fail('copied');
            } catch (MisuseException) {
            }
        }
    }

    public function testWhatIsRefusedLeavesNothingToTheNextJob(): void
    {
        $pool = Workers::pool(2);
        $first = $pool->submit('sleep 60000', key: 'k');
        try {
            $pool->submit('x', key: 'k', priority: 10);
            self::fail('accepted');
        } catch (MisuseException) {
        }
        self::assertSame('free', $pool->exec('free', Workers::LONG)->body());
        self::assertSame(0, $pool->stats()['behind_keys']);
        self::assertFalse($pool->cancel($first));
    }

    public function testTwoPoolsLiveSideBySide(): void
    {
        $one = Workers::pool();
        $two = Workers::pool();
        $first = $one->submit('one');
        $second = $two->submit('two');
        self::assertSame('two', $two->wait($second, Workers::LONG)?->body());
        self::assertSame('one', $one->wait($first, Workers::LONG)?->body());
        $pid = (int) $one->exec('pid')->body();
        unset($one);
        self::assertFalse(\file_exists("/proc/$pid"), 'workers end with their pool');
        self::assertSame('x', $two->exec('x')->body());
    }
}
