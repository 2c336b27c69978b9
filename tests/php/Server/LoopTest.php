<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Exception\MisuseException;
use Coyote\Exception\SourceException;
use Coyote\Server;
use Coyote\Tests\Support\ListSource;
use Coyote\Tests\Support\ScriptedSource;
use Coyote\Tests\Support\SocketSource;

/**
 * A server in somebody's own loop.
 */
final class LoopTest extends ServerTestCase
{
    public function testItsStreamTellsWhenThereIsSomethingToDo(): void
    {
        $source = new ListSource(\array_fill(0, 50, 'sleep 5'));
        $server = $this->server(['orders' => $source], ['orders' => self::section(2)]);
        $stream = $server->stream();
        self::assertSame($stream, $server->stream());
        $idle = 0;
        while ($server->step(0.0)) {
            self::wait([$stream], $server->deadline()) || ++$idle;
        }
        self::assertCount(50, $source->settled);
        self::assertLessThan(200, $idle);
    }

    public function testItsStreamsAndDeadlineAreThoseOfItsSourcesToo(): void
    {
        $pair = \stream_socket_pair(\STREAM_PF_UNIX, \STREAM_SOCK_STREAM, 0);
        self::assertIsArray($pair);
        $socket = new SocketSource($pair[1]);
        $timed = new SocketSource();
        $timed->deadline = \microtime(true) + 0.3;
        $timed->on('next', static function (SocketSource $source): void {
            if ($source->deadline !== null && \microtime(true) >= $source->deadline) {
                $source->events[] = 'it is time';
                $source->deadline = null;
            }
        });
        $server = $this->server(['socket' => $socket, 'timed' => $timed]);
        $timed->on('settle', static fn () => \fwrite($pair[0], "a line\n"));
        $socket->on('settle', static fn () => $server->stop());
        while ($server->step(0.0)) {
            self::wait($server->streams(), $server->deadline());
        }
        self::assertSame(['it is time: ok'], $timed->outcomes());
        self::assertSame(['a line: ok'], $socket->outcomes());
    }

    public function testAStreamThatSomebodyHasClosedIsMadeAnew(): void
    {
        $pair = \stream_socket_pair(\STREAM_PF_UNIX, \STREAM_SOCK_STREAM, 0);
        self::assertIsArray($pair);
        $source = new SocketSource($pair[1]);
        $server = $this->server(['socket' => $source]);
        \fclose($server->stream());
        self::assertIsResource($server->stream());
        self::stepUntil($server, fn (): bool => $this->log->find('serving') !== null);
        \fclose($server->stream());
        \fwrite($pair[0], "a line\n");
        self::stepUntil($server, static fn (): bool => $source->outcomes() !== []);
        self::assertSame(['a line: ok'], $source->outcomes());
    }

    public function testStepsWaitAtMostSoLong(): void
    {
        $server = $this->server(['orders' => new SocketSource()]);
        self::stepUntil($server, fn (): bool => $this->log->find('serving') !== null);
        $start = \microtime(true);
        self::assertTrue($server->step(0.05));
        self::assertTrue($server->step(0.0));
        self::assertLessThan(5, \microtime(true) - $start);
        $server->stop();
        while ($server->step(null)) {
        }
        foreach ([-1.0, \NAN] as $timeout) {
            try {
                $server->step($timeout);
                self::fail('taken');
            } catch (MisuseException $refused) {
                self::assertStringContainsString('time-out', $refused->getMessage());
            }
        }
    }

    public function testAFailureComesOutOfStep(): void
    {
        $source = (new ListSource(['a']))->on('next', static fn () => throw new \DomainException('no'));
        $server = $this->server(['orders' => $source]);
        try {
            while ($server->step(1.0)) {
            }
            self::fail('it ended well');
        } catch (SourceException $failure) {
            self::assertInstanceOf(\DomainException::class, $failure->getPrevious());
        }
        self::assertSame(['open', 'close'], $source->calls);
    }

    public function testInAFiberOfARealLoop(): void
    {
        if (!\class_exists(\Revolt\EventLoop::class)) {
            self::fail('revolt/event-loop is not installed');
        }
        $source = new ListSource(['sleep 10', 'b', 'c']);
        $server = $this->server(['orders' => $source]);
        $step = static function (string $watch, mixed $stream = null) use ($server): void {
            $server->step(0.0) || \Revolt\EventLoop::cancel($watch);
        };
        \Revolt\EventLoop::onReadable($server->stream(), $step);
        $ticks = 0;
        $beside = \Revolt\EventLoop::repeat(0.001, static function () use (&$ticks): void {
            ++$ticks;
        });
        \Revolt\EventLoop::unreference($beside);
        \Revolt\EventLoop::queue(static fn () => $server->step(0.0));
        \Revolt\EventLoop::run();
        \Revolt\EventLoop::cancel($beside);
        self::assertEqualsCanonicalizing(['sleep 10: ok', 'b: ok', 'c: ok'], $source->outcomes());
        self::assertGreaterThan(0, $ticks);
    }

    public function testTwoServersInOneLoop(): void
    {
        $sources = [new ListSource(['sleep 20', 'a']), new ListSource(['sleep 10', 'b'])];
        $servers = \array_map(fn (ScriptedSource $source): Server => $this->server(['orders' => $source]), $sources);
        while ($servers !== []) {
            $servers = \array_filter($servers, static fn (Server $server): bool => $server->step(0.0));
            $streams = [];
            foreach ($servers as $server) {
                $streams = [...$streams, ...$server->streams()];
            }
            $streams === [] || self::wait($streams, \microtime(true) + 0.01);
        }
        self::assertSame([2, 2], \array_map(static fn (ScriptedSource $source): int => \count($source->settled), $sources));
    }

    /** @param non-empty-list<resource> $streams */
    private static function wait(array $streams, ?float $deadline): bool
    {
        $none = null;
        $left = $deadline === null ? 10.0 : \max(0.0, $deadline - \microtime(true));

        return \stream_select($streams, $none, $none, (int) $left, (int) (\fmod($left, 1) * 1e6)) > 0;
    }
}
