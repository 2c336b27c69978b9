<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Event;
use Coyote\Outcome;
use Coyote\Reply;
use Coyote\Server;
use Coyote\Tests\Support\ListSource;
use Coyote\Tests\Support\ScriptedSource;
use Coyote\Tests\Support\SocketSource;

/**
 * How much is asked for and when, in what order it is done, and how the server stops.
 */
final class FlowTest extends ServerTestCase
{
    public function testNoMoreIsAskedForThanWorkersCanTake(): void
    {
        $source = new ListSource(\array_fill(0, 12, 'sleep 20'));
        $this->server(['orders' => $source], ['orders' => self::section(2, ['prefetch' => 1])])->serve();
        self::assertSame(12, \count($source->settled));
        self::assertSame(2, $source->mostOut, 'one for each worker');
    }

    public function testWhileAllWorkersAreBusyNobodyIsAsked(): void
    {
        $source = new ScriptedSource(['sleep 150']);
        $asked = [];
        $server = $this->server(['orders' => $source], ['orders' => self::section(1, ['prefetch' => 1])]);
        $source->on('settle', static function (ScriptedSource $source) use (&$asked, &$server): void {
            $asked[] = $source->asked;
            $server->stop();
        });
        $server->serve();
        self::assertSame([1], $asked, 'only by the call that gave the event');
    }

    public function testEventsOfAKeyRunInTheirOrderOneAtATime(): void
    {
        $events = [];
        foreach (\range(0, 29) as $n) {
            $events[] = new Event('clock 3', id: (string) $n, key: 'key ' . $n % 3);
        }
        $source = new class ($events) extends ListSource {
            /** @var array<string, list<array{int, int, int}>> key => [number, begin, end] */
            public array $runs = [];

            public function settle(Event $event, Outcome $outcome, ?Reply $reply = null): void
            {
                [$begin, $end] = \explode(' ', $reply?->body() ?? '');
                $this->runs[$event->key][] = [(int) $event->id, (int) $begin, (int) $end];
            }
        };
        $this->server(['orders' => $source], ['orders' => self::section(3)])->serve();

        self::assertCount(3, $source->runs);
        foreach ($source->runs as $runs) {
            self::assertCount(10, $runs);
            \usort($runs, static fn (array $a, array $b): int => $a[1] <=> $b[1]);
            $numbers = \array_column($runs, 0);
            $sorted = $numbers;
            \sort($sorted);
            self::assertSame($sorted, $numbers);
            foreach (\array_slice($runs, 1) as $i => $run) {
                self::assertGreaterThanOrEqual($runs[$i][2], $run[1], 'two of a key ran at a time');
            }
        }
    }

    public function testASourceThatHasNothingIsAskedAgainEverMoreSeldom(): void
    {
        $source = new ScriptedSource();
        $times = [];
        $server = $this->server(['orders' => $source]);
        $source->on('next', static function (ScriptedSource $source) use (&$times, &$server): void {
            $times[] = \microtime(true);
            \count($times) === 12 && $server->stop();
        });
        $server->serve();
        $pauses = \array_map(static fn (float $a, float $b): float => $b - $a, \array_slice($times, 0, -1), \array_slice($times, 1));
        self::assertGreaterThan(0.05, $pauses[10]);
    }

    public function testASettledEventHasTheSourceAskedAtOnce(): void
    {
        // Were it asked after pauses alone, the growing ones would take half a minute
        $source = new ScriptedSource();
        $left = 300;
        $server = $this->server(['orders' => $source], ['orders' => self::section(1, ['prefetch' => 1])]);
        $source->on('next', static function (ScriptedSource $source) use (&$left): void {
            if ($left > 0 && $source->given() === $source->count('settle')) {
                --$left;
                $source->events[] = 'a';
            }
        });
        $source->on('settle', static function (ScriptedSource $source) use (&$server): void {
            $source->count('settle') === 300 && $server->stop();
        });
        $start = \microtime(true);
        $server->serve();
        self::assertLessThan(20, \microtime(true) - $start);
    }

    public function testAWaitableSourceIsAskedWhenItsStreamCanBeRead(): void
    {
        [$ours, $theirs] = self::pair();
        $source = new SocketSource($theirs);
        $quiet = self::pair();
        $other = new SocketSource($quiet[1]);
        $server = $this->server(['orders' => $source, 'other' => $other]);
        $source->on('settle', static function (ScriptedSource $source) use ($ours, &$server): void {
            \count($source->settled) === 200 ? $server->stop() : \fwrite($ours, 'line ' . \count($source->settled) . "\n");
        });
        \fwrite($ours, "line 0\n");
        $server->serve();
        self::assertSame('line 199: ok', $source->outcomes()[199]);
        self::assertLessThan(5, $other->asked, 'nothing was to be read for it');
    }

    public function testADeadlineIsKept(): void
    {
        $source = new SocketSource();
        $source->deadline = \microtime(true) + 0.25;
        $asked = [];
        $server = $this->server(['orders' => $source]);
        $source->on('next', static function (SocketSource $source) use (&$asked, &$server): void {
            $asked[] = \microtime(true) >= $source->deadline;
            \end($asked) && $server->stop();
        });
        $server->serve();
        self::assertTrue(\end($asked));
        self::assertLessThan(5, \count($asked), 'it is not asked before');
    }

    public function testOneThatAlwaysSeemsReadyAndHasNothingDoesNotSpin(): void
    {
        [$ours, $theirs] = self::pair();
        \fclose($ours);
        $source = new SocketSource($theirs); // at its end, which can always be read
        $late = new SocketSource();
        $late->deadline = 1.0;
        $server = $this->server(['orders' => $source, 'late' => $late]);
        $end = \microtime(true) + 1.0;
        while (\microtime(true) < $end) {
            $server->step(0.2);
        }
        $server->stop();
        $server->serve();
        // Some hundred times; one that spins would be asked ten thousands of times
        self::assertLessThan(3000, $source->asked);
        self::assertLessThan(3000, $late->asked);
    }

    public function testAWaitableSourceWithNothingToWaitForIsAskedAsAnyOther(): void
    {
        $source = new SocketSource();
        $server = $this->server(['orders' => $source]);
        $source->on('next', static function (SocketSource $source) use (&$server): void {
            $source->asked === 6 && $server->stop();
        });
        $server->serve();
        self::assertSame(6, $source->asked);
    }

    public function testStopFromNextAndFromSettle(): void
    {
        foreach (['next', 'settle'] as $where) {
            $source = new ScriptedSource(\array_map(static fn (int $n): string => "sleep $n", \range(1, 50)));
            $server = $this->server(['orders' => $source], ['orders' => self::section(2)]);
            $source->on($where, static function (ScriptedSource $source) use (&$server): void {
                $source->given() >= 10 && $server->stop();
            });
            $server->serve();

            self::assertLessThan(30, $source->given(), $where);
            self::assertSame($source->given(), $source->count('settle'), $where);
            self::assertSame([], \array_diff(\array_column(\array_column($source->settled, 1), 'value'), ['ok', 'cancelled']));
            self::assertSame('close', \end($source->calls));
            self::assertSame(1, $source->count('close'));
        }
    }

    public function testStopLetsEndWhatWasBegun(): void
    {
        $source = new ScriptedSource(['sleep 200']);
        $server = $this->server(['orders' => $source], ['orders' => self::section(1, ['prefetch' => 1])]);
        self::stepUntil($server, static fn (): bool => $source->given() === 1);
        $server->step(0.0);
        $server->stop();
        $server->stop();
        $server->serve();
        self::assertSame(['sleep 200: ok'], $source->outcomes());
    }

    public function testStopNowWaitsForNobody(): void
    {
        $source = new ScriptedSource(['sleep 60000']);
        $server = $this->server(['orders' => $source]);
        self::stepUntil($server, static fn (): bool => $source->given() === 1);
        $server->step(0.0);
        $server->stopNow();
        $server->serve();
        self::assertCount(1, $source->settled);
        self::assertNotSame(Outcome::Ok, $source->settled[0][1]);
        self::assertSame('close', \end($source->calls));
    }

    public function testStopBeforeTheStart(): void
    {
        $source = new ScriptedSource(['never']);
        $server = $this->server(['orders' => $source]);
        $server->stop();
        $server->serve();
        self::assertSame([[], 0], [$source->calls, $source->asked]);
    }

    public function testAResetBringsFreshWorkersAndLosesNothing(): void
    {
        $source = new class () extends ScriptedSource {
            /** @var list<string> */
            public array $pids = [];

            public ?Server $server = null;

            public function next(): ?Event
            {
                if ($this->given() === \count($this->settled)) {
                    $this->events = ['pid'];
                }

                return parent::next();
            }

            public function settle(Event $event, Outcome $outcome, ?Reply $reply = null): void
            {
                parent::settle($event, $outcome);
                $this->pids[] = $reply?->body() ?? '';
                if (\count($this->pids) === 1) {
                    $this->server?->reset();
                }
                if (\count(\array_unique($this->pids)) === 2) {
                    $this->server?->stop();
                }
            }
        };
        $source->server = $this->server(['orders' => $source]);
        $source->server->serve();
        self::assertSame([Outcome::Ok], \array_unique(\array_column($source->settled, 1), \SORT_REGULAR));
        self::assertCount(2, \array_unique($source->pids));
    }

    public function testTenThousandEventsInFlatMemory(): void
    {
        $source = new class () extends ListSource {
            public int $left = 10_000;
            public int $ok = 0;
            /** @var list<int> */
            public array $memory = [];

            public function next(): ?Event
            {
                return $this->left-- > 0 ? new Event(\str_repeat('x', 1000), id: "order-$this->left", key: 'key ' . $this->left % 7) : null;
            }

            public function settle(Event $event, Outcome $outcome): void
            {
                $this->ok += $outcome === Outcome::Ok ? 1 : 0;
                if ($this->ok % 2500 === 0) {
                    $this->memory[] = \memory_get_usage();
                    $this->resident[] = (int) \preg_replace('/^.*VmRSS:\s+(\d+).*$/s', '$1', (string) \file_get_contents('/proc/self/status'));
                }
            }

            /** @var list<int> */
            public array $resident = [];

            public function ended(): bool
            {
                return $this->left <= 0;
            }
        };
        $this->server(['orders' => $source], ['orders' => self::section(2)])->serve();
        self::assertSame(10_000, $source->ok);
        self::assertLessThan(100_000, $source->memory[3] - $source->memory[0]);
        self::assertLessThan(2_000, $source->resident[3] - $source->resident[0], 'KiB of the whole process');
    }

    /** @return array{resource, resource} */
    private static function pair(): array
    {
        $pair = \stream_socket_pair(\STREAM_PF_UNIX, \STREAM_SOCK_STREAM, 0);
        self::assertIsArray($pair);

        return [$pair[0], $pair[1]];
    }
}
