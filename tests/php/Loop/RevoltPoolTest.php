<?php

declare(strict_types=1);

namespace Coyote\Tests\Loop;

use function Amp\async;

use Amp\CancelledException;
use Amp\DeferredCancellation;

use function Amp\delay;

use Amp\Future;
use Amp\TimeoutCancellation;
use Coyote\Exception\JobFailedException;
use Coyote\Exception\TimeoutException;
use Coyote\Loop\RevoltPool;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\TestCase;
use Revolt\EventLoop;

final class RevoltPoolTest extends TestCase
{
    public function testAFiberWaitsForItsReplyAlone(): void
    {
        $revolt = new RevoltPool(Workers::pool(2));
        $order = [];
        $run = static function (string $name, string $body) use ($revolt, &$order): string {
            $answer = $revolt->exec($body)->body();
            $order[] = $name;

            return $answer;
        };
        $answers = Future\await([
            'slow' => async($run, 'slow', 'sleep 300'),
            'quick' => async($run, 'quick', 'quick'),
            'quicker' => async($run, 'quicker', 'quicker'),
        ]);
        \ksort($answers);
        self::assertSame(['quick' => 'quick', 'quicker' => 'quicker', 'slow' => 'slept'], $answers);
        self::assertSame(['quick', 'quicker', 'slow'], $order);
        self::assertSame('from the main program', $revolt->exec('from the main program')->body());
    }

    public function testTheLoopEndsWhenAllIsDone(): void
    {
        $pool = Workers::pool();
        $revolt = new RevoltPool($pool);
        EventLoop::run();
        $body = null;
        EventLoop::queue(static function () use ($revolt, &$body): void {
            $body = $revolt->exec('sleep 50')->body();
        });
        EventLoop::run();
        self::assertSame('slept', $body);
    }

    public function testFailuresAreThrownIntoTheFiber(): void
    {
        $revolt = new RevoltPool(Workers::pool());
        $this->expectException(JobFailedException::class);
        $this->expectExceptionMessage('it hurts');
        async(static fn () => $revolt->exec('error it hurts'))->await();
    }

    public function testTimeAndCancellation(): void
    {
        $pool = Workers::pool();
        $revolt = new RevoltPool($pool);
        $cancellation = new DeferredCancellation();
        $slow = async(static fn () => $revolt->exec('sleep 400'));
        $late = async(static fn () => $revolt->exec('late', timeout: 0.05));
        $stopped = async(static fn () => $revolt->exec('stopped', cancellation: $cancellation->getCancellation()));
        delay(0.1);
        $cancellation->cancel();
        foreach ([[$late, TimeoutException::class], [$stopped, CancelledException::class]] as [$future, $class]) {
            try {
                $future->await();
                self::fail("$class was not thrown");
            } catch (\Exception $failure) {
                self::assertInstanceOf($class, $failure);
            }
        }
        self::assertSame(0, $pool->stats()['queued'], 'nobody waits for them any more');
        self::assertSame('slept', $slow->await()->body());
        self::assertSame('in time', $revolt->exec('in time', Workers::LONG, cancellation: new TimeoutCancellation(30))->body());
        self::assertNull($pool->next(0.0));
    }

    public function testOtherCallsFindOutcomesForFibersToo(): void
    {
        $pool = Workers::pool();
        $revolt = new RevoltPool($pool);
        $mine = async(static fn () => $revolt->exec('mine'));
        delay(0);
        $job = $pool->submit('another\'s');
        self::assertSame($job, $pool->next(Workers::LONG)?->job);
        self::assertSame('mine', $mine->await()->body());
    }

    public function testManyFibers(): void
    {
        $revolt = new RevoltPool(Workers::pool(2, ['prefetch' => 16]));
        $futures = [];
        for ($i = 0; $i < 1000; ++$i) {
            $futures[] = async(static fn () => $revolt->exec("job $i")->body() === "job $i");
        }
        self::assertSame(\array_fill(0, 1000, true), \array_replace(\array_fill(0, 1000, null), Future\await($futures)));
    }

    public function testAPoolThatIsDroppedLeavesTheLoop(): void
    {
        $before = \count(EventLoop::getIdentifiers());
        $revolt = new RevoltPool(Workers::pool());
        self::assertSame('x', $revolt->exec('x')->body());
        unset($revolt);
        \gc_collect_cycles();
        self::assertCount($before, EventLoop::getIdentifiers());
    }
}
