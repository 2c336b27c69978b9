<?php

declare(strict_types=1);

namespace Coyote\Tests\Pool;

use Coyote\Pool;
use Coyote\Reply;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * Handlers of signals run within the calls, at once, may throw and may use the pool: nothing is lost.
 */
final class SignalTest extends TestCase
{
    private int $child = 0;

    protected function tearDown(): void
    {
        $this->calm();
        \pcntl_async_signals(false);
        \pcntl_signal(\SIGUSR1, \SIG_DFL);
    }

    /** @return iterable<string, array{bool}> */
    public static function ways(): iterable
    {
        yield 'dispatched' => [false];
        yield 'asynchronous' => [true];
    }

    /** A child sends SIGUSR1 after so many seconds, and on and on. */
    private function storm(float $first, float $pause): void
    {
        $parent = \getmypid();
        $child = \pcntl_fork();
        if ($child === 0) {
            \usleep((int) ($first * 1e6));
            while (\posix_getppid() === $parent) {
                \posix_kill($parent, \SIGUSR1);
                \usleep((int) ($pause * 1e6));
            }
            \posix_kill((int) \getmypid(), \SIGKILL);
        }
        $this->child = $child;
    }

    private function calm(): void
    {
        if ($this->child !== 0) {
            \posix_kill($this->child, \SIGKILL);
            while (\pcntl_waitpid($this->child, $status) < 0);
            $this->child = 0;
        }
    }

    #[DataProvider('ways')]
    public function testAHandlerRunsAtOnceAndTheWaitGoesOn(bool $async): void
    {
        $pool = Workers::pool();
        $ran = [];
        \pcntl_async_signals($async);
        \pcntl_signal(\SIGUSR1, static function () use (&$ran): void {
            $ran[] = \hrtime(true);
        });
        $begin = \hrtime(true);
        $job = $pool->submit('sleep 1500');
        $this->storm(0.2, 60.0);
        self::assertSame('slept', $pool->next(10.0)?->body());
        self::assertCount(1, $ran);
        self::assertLessThan(1.0e9, $ran[0] - $begin, 'long before the outcome');
        self::assertGreaterThan(1.4e9, \hrtime(true) - $begin);
    }

    #[DataProvider('ways')]
    public function testTheTimeIsKeptThroughInterruptions(bool $async): void
    {
        $pool = Workers::pool();
        $pool->submit('sleep 3000');
        $ran = 0;
        \pcntl_async_signals($async);
        \pcntl_signal(\SIGUSR1, static function () use (&$ran): void {
            ++$ran;
        });
        $this->storm(0.0, 0.005);
        $begin = \hrtime(true);
        self::assertNull($pool->next(0.5));
        $took = (\hrtime(true) - $begin) / 1e9;
        self::assertGreaterThan(0.49, $took);
        self::assertLessThan(2.5, $took);
        self::assertGreaterThan(5, $ran);
    }

    #[DataProvider('ways')]
    public function testEveryCallThatWaitsLetsAHandlerThrow(bool $async): void
    {
        $pool = Workers::pool();
        \pcntl_async_signals($async);
        \pcntl_signal(\SIGUSR1, static fn () => throw new \DomainException('a signal'));
        $job = $pool->submit('sleep 1000');
        $calls = [
            'next' => static fn () => $pool->next(Workers::LONG),
            'wait' => static fn () => $pool->wait($job, Workers::LONG),
            'exec' => static fn () => $pool->exec('behind it', Workers::LONG),
            'map' => static fn () => \iterator_to_array($pool->map(['abandoned'])),
        ];
        foreach ($calls as $name => $call) {
            $this->storm(0.05, 60.0);
            try {
                $call();
                self::fail("$name() was not interrupted");
            } catch (\DomainException) {
                self::assertSame($async, \pcntl_async_signals(), "$name() leaves it as it was");
            }
            $this->calm();
        }
        self::assertSame('slept', $pool->wait($job, Workers::LONG)?->body());
        self::assertSame('behind it', $pool->next(Workers::LONG)?->body(), 'that of exec() comes by next()');
        self::assertNull($pool->next(0.1));
    }

    #[DataProvider('ways')]
    public function testAHandlerMayUseThePool(bool $async): void
    {
        $pool = Workers::pool(2);
        $inner = [];
        \pcntl_async_signals($async);
        \pcntl_signal(\SIGUSR1, static function () use ($pool, &$inner): void {
            $inner[] = $pool->exec('inner', Workers::LONG)->body();
            $inner[] = $pool->next(0.0);
        });
        $this->storm(0.1, 60.0);
        self::assertSame('slept', $pool->exec('sleep 600', Workers::LONG)->body(), 'not taken by the handler');
        self::assertSame(['inner', null], $inner);

        $this->calm();
        $job = $pool->submit('sleep 600');
        $taken = null;
        \pcntl_signal(\SIGUSR1, static function () use ($pool, $job, &$taken): void {
            $taken = $pool->wait($job, Workers::LONG);
        });
        $this->storm(0.1, 60.0);
        self::assertNull($pool->next(2.0), 'the handler has it');
        self::assertSame($job, $taken?->job);
    }

    /** @return iterable<string, array{\Closure(Pool): ?Reply}> */
    public static function takers(): iterable
    {
        yield 'next' => [static fn (Pool $pool): ?Reply => $pool->next(Workers::LONG)];
        yield 'polling' => [static fn (Pool $pool): ?Reply => $pool->next(0.0)];
    }

    /** @param \Closure(Pool): ?Reply $take */
    #[DataProvider('takers')]
    public function testNoOutcomeIsLostInAStorm(\Closure $take): void
    {
        $total = 20_000;
        $pool = Workers::pool(2, ['prefetch' => 32]);
        $seen = [];
        $submitted = $thrown = 0;
        $armed = false;
        \pcntl_async_signals(true);
        \pcntl_signal(\SIGUSR1, static function () use (&$thrown, &$armed): void {
            if ($armed) {
                ++$thrown;
                throw new \DomainException();
            }
        });
        $this->storm(0.0, 0.00002);
        $deadline = \hrtime(true) + 120e9;
        while (\count($seen) < $total && \hrtime(true) < $deadline) {
            while ($submitted < $total && $submitted - \count($seen) < 200) {
                $pool->submit('x');
                ++$submitted;
            }
            try {
                // A handler may throw in every call below, but not between them: what is lost is not
                // the test's fault
                $armed = true;
                $reply = $take($pool);
                if ($reply !== null) {
                    $seen[] = $reply->job;
                }
                $armed = false;
            } catch (\DomainException) {
                $armed = false;
            }
        }
        $this->calm();
        \pcntl_signal(\SIGUSR1, \SIG_IGN);
        self::assertGreaterThan(200, $thrown, 'it was no storm');
        self::assertCount($total, $seen);
        self::assertCount($total, \array_flip($seen), 'none came twice');
        self::assertNull($pool->next(0.0));
    }

    public function testWhatExecIsKeptFromGivingComesByNext(): void
    {
        $pool = Workers::pool(2);
        $seen = [];
        $thrown = 0;
        $armed = false;
        \pcntl_async_signals(true);
        \pcntl_signal(\SIGUSR1, static function () use (&$thrown, &$armed): void {
            if ($armed) {
                ++$thrown;
                throw new \DomainException();
            }
        });
        $this->storm(0.0, 0.00002);
        $deadline = \hrtime(true) + 60e9;
        while (\count($seen) < 5000 && \hrtime(true) < $deadline) {
            try {
                $armed = true;
                $reply = $pool->exec('x', Workers::LONG);
                $seen[] = $reply->job;
                $armed = false;
            } catch (\DomainException) {
                $armed = false;
            }
        }
        $this->calm();
        \pcntl_signal(\SIGUSR1, \SIG_IGN);
        $byExec = \count($seen);
        while (\count($seen) < $pool->stats()['submitted'] && ($reply = $pool->next(Workers::LONG)) !== null) {
            $seen[] = $reply->job;
        }
        self::assertGreaterThan(100, $thrown, 'it was no storm');
        self::assertSame(5000, $byExec);
        self::assertCount($pool->stats()['submitted'], \array_flip($seen));
        self::assertCount(\count($seen), \array_flip($seen), 'none came twice');
        $this->expectExceptionMessage('never end');
        $pool->next();
    }

    public function testAHandlerThatTakesOutcomesTooTakesNoneTwice(): void
    {
        $pool = Workers::pool(2, ['prefetch' => 32]);
        $seen = $others = [];
        \pcntl_async_signals(true);
        \pcntl_signal(\SIGUSR1, static function () use ($pool, &$others): void {
            $reply = $pool->next(0.0);
            if ($reply !== null) {
                $others[] = $reply->job;
            }
        });
        $this->storm(0.0, 0.00002);
        $submitted = 0;
        $deadline = \hrtime(true) + 60e9;
        while (\count($seen) + \count($others) < 20_000 && \hrtime(true) < $deadline) {
            while ($submitted < 20_000 && $submitted - \count($seen) - \count($others) < 200) {
                $pool->submit('x');
                ++$submitted;
            }
            $reply = $pool->next(0.001);
            if ($reply !== null) {
                $seen[] = $reply->job;
            }
        }
        $this->calm();
        \pcntl_signal(\SIGUSR1, \SIG_IGN);
        self::assertNotSame([], $others);
        self::assertCount(20_000, \array_flip([...$seen, ...$others]));
        self::assertSame(20_000, \count($seen) + \count($others));
    }
}
