<?php

declare(strict_types=1);

namespace Coyote\Tests\Loop;

use Coyote\Exception\JobCancelledException;
use Coyote\Exception\JobFailedException;
use Coyote\Exception\JobRejectedException;
use Coyote\Exception\MisuseException;
use Coyote\Loop\ReactPool;
use Coyote\Outcome;
use Coyote\Reply;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\TestCase;
use React\EventLoop\StreamSelectLoop;

final class ReactPoolTest extends TestCase
{
    public function testPromisesAreToldAndTheLoopEnds(): void
    {
        $loop = new StreamSelectLoop();
        $react = new ReactPool(Workers::pool(2), $loop);
        $told = [];
        foreach (['a', 'error no', '', 'b', 'exit 2'] as $body) {
            $react->exec($body)->then(
                static function (Reply $reply) use (&$told, $body): void {
                    $told[$body] = $reply->body();
                },
                static function (\Throwable $failure) use (&$told, $body): void {
                    $told[$body] = $failure::class;
                },
            );
        }
        self::assertSame([], $told, 'promises are told from the loop');
        $loop->run();
        self::assertSame('a', $told['a']);
        self::assertSame('b', $told['b']);
        self::assertSame(JobFailedException::class, $told['error no']);
        self::assertSame(JobRejectedException::class, $told['']);
        self::assertCount(5, $told);
    }

    public function testTheLoopRunsOtherThingsMeanwhile(): void
    {
        $loop = new StreamSelectLoop();
        $react = new ReactPool(Workers::pool(), $loop);
        $ticks = 0;
        $timer = $loop->addPeriodicTimer(0.01, static function () use (&$ticks): void {
            ++$ticks;
        });
        $body = null;
        $react->exec('sleep 300')->then(static function (Reply $reply) use ($loop, $timer, &$body): void {
            $body = $reply->body();
            $loop->cancelTimer($timer);
        });
        $loop->run();
        self::assertSame('slept', $body);
        self::assertGreaterThan(5, $ticks);
    }

    public function testJobsOfAHandlerKeepTheLoopRunning(): void
    {
        $loop = new StreamSelectLoop();
        $react = new ReactPool(Workers::pool(), $loop);
        $bodies = [];
        $again = static function (Reply $reply) use (&$again, &$bodies, $react): void {
            $bodies[] = $reply->body();
            \count($bodies) < 50 && $react->exec('job ' . \count($bodies))->then($again);
        };
        $react->exec('job 0')->then($again);
        $loop->run();
        self::assertCount(50, $bodies);
        self::assertSame('job 49', $bodies[49]);
    }

    public function testACancelledPromiseTakesItsJobBack(): void
    {
        $loop = new StreamSelectLoop();
        $pool = Workers::pool();
        $react = new ReactPool($pool, $loop);
        $told = [];
        $promises = [];
        foreach (['sleep 200', 'queued'] as $body) {
            $promises[$body] = $react->exec($body);
            $promises[$body]->then(null, static function (\Throwable $failure) use (&$told, $body): void {
                $told[$body] = $failure;
            });
        }
        self::assertNull($pool->next(0.02), 'the first has begun');
        $promises['sleep 200']->cancel();
        $promises['queued']->cancel();
        $begin = \microtime(true);
        $loop->run();
        self::assertLessThan(0.1, \microtime(true) - $begin, 'nothing is waited for');
        foreach (['sleep 200' => true, 'queued' => false] as $body => $mayHaveRun) {
            self::assertInstanceOf(JobCancelledException::class, $told[$body]);
            self::assertSame(Outcome::Cancelled, $told[$body]->reply->outcome);
            self::assertSame($mayHaveRun, $told[$body]->reply->mayHaveRun);
        }
        self::assertSame('x', $pool->exec('x', Workers::LONG)->body());
        self::assertNull($pool->next(0.0));
    }

    public function testOtherCallsFindOutcomesForPromisesToo(): void
    {
        $loop = new StreamSelectLoop();
        $pool = Workers::pool();
        $react = new ReactPool($pool, $loop);
        $body = null;
        $react->exec('mine')->then(static function (Reply $reply) use (&$body): void {
            $body = $reply->body();
        });
        $job = $pool->submit('another\'s');
        self::assertSame($job, $pool->next(Workers::LONG)?->job);
        self::assertNull($body);
        $loop->run();
        self::assertSame('mine', $body);
    }

    public function testTwoAdaptersOfOnePoolAndALoopsOwnWatchOfItDontDisturbEachOther(): void
    {
        $loop = new StreamSelectLoop();
        $pool = Workers::pool(2);
        $told = [];
        foreach (['sleep 10', 'sleep 300'] as $body) {
            (new ReactPool($pool, $loop))->exec($body)->then(static function () use (&$told, $body): void {
                $told[] = $body;
            });
        }
        $loop->addReadStream($pool->stream(), static function () use ($loop, $pool): void {
            $loop->removeReadStream($pool->stream());
            \fclose($pool->stream());
        });
        $loop->run();
        self::assertSame(['sleep 10', 'sleep 300'], $told);
    }

    public function testAJobThatIsRefusedAtOnceRejectsItsPromise(): void
    {
        $loop = new StreamSelectLoop();
        $react = new ReactPool(Workers::pool(), $loop);
        $why = null;
        $react->exec('x', priority: 99)->then(null, static function (\Throwable $failure) use (&$why): void {
            $why = $failure;
        });
        $loop->run();
        self::assertInstanceOf(MisuseException::class, $why);
    }

    public function testManyJobsAtATime(): void
    {
        $loop = new StreamSelectLoop();
        $react = new ReactPool(Workers::pool(2, ['prefetch' => 16]), $loop);
        $seen = [];
        for ($i = 0; $i < 5000; ++$i) {
            $react->exec("job $i")->then(static function (Reply $reply) use (&$seen): void {
                $seen[$reply->body()] = true;
            });
        }
        $loop->run();
        self::assertCount(5000, $seen);
    }
}
