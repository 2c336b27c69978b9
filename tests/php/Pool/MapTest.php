<?php

declare(strict_types=1);

namespace Coyote\Tests\Pool;

use Coyote\Exception\JobFailedException;
use Coyote\Exception\MisuseException;
use Coyote\Outcome;
use Coyote\Payload;
use Coyote\Pool;
use Coyote\Reply;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\TestCase;

final class MapTest extends TestCase
{
    public function testRepliesComeWithTheirKeysAndNeverThrow(): void
    {
        $pool = Workers::pool(2);
        $seen = [];
        $payloads = ['good' => 'hello', 'bad' => 'error no', 7 => 'exit 1', 'empty' => '', 'p' => new Payload('b', 'c')];
        foreach ($pool->map($payloads, concurrency: 3) as $key => $reply) {
            $seen[$key] = $reply->outcome;
        }
        self::assertEqualsCanonicalizing(\array_keys($payloads), \array_keys($seen));
        self::assertSame(Outcome::Ok, $seen['good']);
        self::assertSame(Outcome::Error, $seen['bad']);
        self::assertSame(Outcome::Crashed, $seen[7]);
        self::assertSame(Outcome::Rejected, $seen['empty']);
        self::assertSame(Outcome::Ok, $seen['p']);
        self::assertSame([], \iterator_to_array($pool->map([])));
    }

    public function testKeysMayBeOfAnyType(): void
    {
        $pool = Workers::pool();
        $key = new \stdClass();
        $input = (static function () use ($key): iterable {
            yield $key => 'object';
            yield [1, 2] => 'array';
            yield 1.5 => 'float';
            yield null => 'null';
            yield 'twice' => 'first';
            yield 'twice' => 'second';
        })();
        $seen = [];
        foreach ($pool->map($input) as $at => $reply) {
            $seen[$reply->body()] = $at;
        }
        self::assertSame(
            ['object' => $key, 'array' => [1, 2], 'float' => 1.5, 'null' => null, 'first' => 'twice', 'second' => 'twice'],
            $seen,
        );
    }

    public function testRepliesComeAsTheyEndOrInTheOrderOfTheInput(): void
    {
        $pool = Workers::pool(2);
        $payloads = ['slow' => 'sleep 300', 'quick' => 'a', 'quicker' => 'b'];
        $keys = [];
        foreach ($pool->map($payloads, 3) as $key => $reply) {
            $keys[] = $key;
        }
        self::assertSame(['quick', 'quicker', 'slow'], $keys);
        self::assertSame(\array_keys($payloads), \array_keys(\iterator_to_array($pool->map($payloads, 3, ordered: true))));
    }

    public function testTheInputIsPulledAsThereIsRoom(): void
    {
        $pool = Workers::pool(2);
        $pulled = 0;
        $input = (static function () use (&$pulled): iterable {
            for (; ; ++$pulled) {
                yield 'x';
            }
        })();
        $map = $pool->map($input, 4);
        self::assertSame(0, $pulled, 'nothing before the first is asked for');
        $given = 0;
        foreach ($map as $reply) {
            self::assertLessThanOrEqual(++$given + 4, $pulled);
            if ($given === 100) {
                break;
            }
        }
    }

    public function testIteratorsAndAggregatesAreTaken(): void
    {
        $pool = Workers::pool();
        $all = static fn (iterable $input): array => \array_map(
            static fn (Reply $reply): string => $reply->body(),
            \iterator_to_array($pool->map($input, ordered: true)),
        );
        self::assertSame(['a' => 'x', 'b' => 'y'], $all(new \ArrayIterator(['a' => 'x', 'b' => 'y'])));
        self::assertSame(['a' => 'x', 'b' => 'y'], $all(new \ArrayObject(['a' => 'x', 'b' => 'y'])));
    }

    public function testWhoLeavesTheLoopCancelsWhatIsQueued(): void
    {
        $pool = Workers::pool();
        $notes = (string) \tempnam(\sys_get_temp_dir(), 'coyote');
        foreach ($pool->map(['x', 'sleep 100', "append $notes", "append $notes"], 4) as $reply) {
            self::assertSame('x', $reply->body());
            break;
        }
        self::assertSame('after', $pool->exec('after', Workers::LONG)->body());
        self::assertNull($pool->next(0.05), 'what is abandoned is nobody\'s');
        self::assertSame('', \file_get_contents($notes));
        \unlink($notes);
    }

    public function testAnExceptionInTheBodyOrTheInputEndsTheMapAlone(): void
    {
        $pool = Workers::pool();
        $input = (static function (): iterable {
            yield 'a';
            yield 'sleep 50';
            throw new \DomainException('of the input');
        })();
        $seen = [];
        try {
            foreach ($pool->map($input, 2) as $reply) {
                $seen[] = $reply->body();
            }
            self::fail('nothing was thrown');
        } catch (\DomainException $failure) {
            self::assertSame(['a'], $seen, 'what was there is given first');
        }
        try {
            foreach ($pool->map(['a', 'error in the body', 'b'], 1) as $reply) {
                $reply->body();
            }
            self::fail('nothing was thrown');
        } catch (JobFailedException $failure) {
            self::assertSame('in the body', $failure->getMessage());
        }
        self::assertSame('after', $pool->exec('after', Workers::LONG)->body());
        self::assertNull($pool->next(0.05));
    }

    public function testOutcomesReachTheirOwnersHoweverCallsAreMixed(): void
    {
        $pool = Workers::pool(2, ['prefetch' => 2]);
        $before = $pool->submit('before');
        $one = $pool->map(\array_map(static fn (int $i): string => "one $i", \range(0, 99)), 5);
        $two = $pool->map(\array_map(static fn (int $i): string => "two $i", \range(0, 99)), 7, true);
        for ($i = 0; $i < 100; ++$i) {
            self::assertTrue($one->valid() && $two->valid());
            self::assertSame("one {$one->key()}", $one->current()->body());
            self::assertSame("two $i", $two->current()->body());
            self::assertSame('between', $pool->exec('between', Workers::LONG)->body());
            if ($i === 50) {
                $among = $pool->submit('among');
            }
            $one->next();
            $two->next();
        }
        self::assertFalse($one->valid() || $two->valid());
        $mine = [$pool->next(Workers::LONG)?->job, $pool->next(Workers::LONG)?->job];
        self::assertEqualsCanonicalizing([$before, $among], $mine);
        self::assertNull($pool->next(0.0));
    }

    public function testAMapMayBeUsedInTheInputAndTheBodyOfAnother(): void
    {
        $pool = Workers::pool(2);
        $input = (static function () use ($pool): iterable {
            foreach ($pool->map(['a', 'b', 'c'], 2) as $reply) {
                yield $reply->body() => $reply->body() . '!';
            }
        })();
        $seen = [];
        foreach ($pool->map($input) as $key => $reply) {
            foreach ($pool->map([$reply->body() . '?']) as $inner) {
                $seen[$key] = $inner->body();
            }
        }
        \ksort($seen);
        self::assertSame(['a' => 'a!?', 'b' => 'b!?', 'c' => 'c!?'], $seen);
    }

    public function testWhatIsNoPayloadIsRefused(): void
    {
        $pool = new Pool(Workers::command(), ['num_workers' => 1]);
        try {
            $pool->map(['x'], 0);
            self::fail('a concurrency of 0 was taken');
        } catch (MisuseException $failure) {
            self::assertStringContainsString('1 or more', $failure->getMessage());
        }
        $this->expectException(MisuseException::class);
        $this->expectExceptionMessage("at key 'answer' there is a value of type int");
        /** @phpstan-ignore argument.type */
        \iterator_to_array($pool->map(['answer' => 42]));
    }

    public function testAStopAmidAMapGivesEveryKeyItsReply(): void
    {
        $pool = Workers::pool();
        $outcomes = [];
        foreach ($pool->map(\array_fill(0, 10, 'x'), 3) as $key => $reply) {
            $key === 0 && $pool->stop(Workers::LONG);
            $outcomes[$key] = $reply->outcome;
        }
        self::assertCount(10, $outcomes);
        self::assertContains(Outcome::Rejected, $outcomes);
    }

    public function testByDefaultAllWorkersAreKeptBusy(): void
    {
        $pool = Workers::pool(4);
        $pids = [];
        foreach ($pool->map(\array_fill(0, 40, 'sleep 20')) as $reply) {
            $pids[$reply->pid] = true;
        }
        self::assertCount(4, $pids);
    }

    public function testMemoryIsFlat(): void
    {
        $pool = Workers::pool(2);
        $run = static function (int $times) use ($pool): int {
            foreach ($pool->map((static function () use ($times): iterable {
                for ($i = 0; $i < $times; ++$i) {
                    yield 'x';
                }
            })()) as $reply) {
                $reply->body();
            }

            return \memory_get_usage();
        };
        $before = $run(500);
        self::assertLessThan(20_000, $run(5000) - $before);
    }
}
