<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Exception\MisuseException;
use Coyote\Server;
use Coyote\Tests\Support\ListSource;
use Coyote\Tests\Support\ScriptedSource;
use Coyote\Tests\Support\SocketSource;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * Signals while a server serves: its own, and those of the application.
 */
final class SignalTest extends ServerTestCase
{
    protected function tearDown(): void
    {
        foreach ([\SIGTERM, \SIGINT, \SIGHUP, \SIGUSR1] as $signal) {
            \pcntl_signal($signal, \SIG_DFL);
        }
        parent::tearDown();
    }

    private static function kill(int $signal): void
    {
        \posix_kill((int) \getmypid(), $signal);
    }

    /** @return iterable<string, array{int}> */
    public static function stopping(): iterable
    {
        yield 'TERM' => [\SIGTERM];
        yield 'INT' => [\SIGINT];
    }

    #[DataProvider('stopping')]
    public function testASignalStopsAndWhatWasBegunEnds(int $signal): void
    {
        $ran = 0;
        \pcntl_signal($signal, static function () use (&$ran): void {
            ++$ran;
        });
        $source = new ScriptedSource(['sleep 100', 'sleep 100']);
        $source->on('next', static fn (ScriptedSource $source) => $source->given() === 1 && self::kill($signal));
        $this->server(['orders' => $source], ['orders' => self::section(2)])->serve();

        self::assertSame($source->given(), $source->count('settle'));
        self::assertSame('close', \end($source->calls));
        self::assertSame(0, $ran, "the application's handler");
        self::kill($signal);
        self::assertSame(1, $ran, 'it is back afterwards');
    }

    /**
     * PHP runs a handler where it jumps to a finally, too: one that throws there must not leave it undone.
     *
     * @param \Closure(Server): bool $serving
     */
    #[DataProvider('calls')]
    public function testHandlersThatThrowOneAfterTheOtherLeaveNothingUndone(\Closure $serving): void
    {
        $thrown = 0;
        $again = false;
        $heard = 0;
        \pcntl_signal(\SIGTERM, static function () use (&$heard): void {
            ++$heard;
        });
        \pcntl_signal(\SIGUSR1, static function () use (&$thrown, &$again): void {
            ++$thrown;
            [$kill, $again] = [$again, false];
            if ($kill) {
                self::kill(\SIGUSR1); // the next is there while this one is thrown
            }

            throw new \DomainException('a handler');
        });
        $source = new ScriptedSource();
        $server = $this->server(['orders' => $source]);
        $armed = false;
        $source->on('next', static function () use (&$armed): void {
            [$kill, $armed] = [$armed, false];
            if ($kill) {
                self::kill(\SIGUSR1);
            }
        });
        for ($caught = 1; $caught <= 5; ++$caught) {
            $armed = $again = true;
            try {
                try {
                    for ($serves = true; $serves;) {
                        $serves = $serving($server);
                    }
                    self::fail('nothing was thrown');
                } catch (\DomainException) {
                }
                \pcntl_signal_dispatch();
            } catch (\DomainException) { // the second, wherever it was thrown
            }
            // PHP itself loses one that comes while an exception is on its way
            self::assertGreaterThanOrEqual($caught, $thrown);
            self::assertTrue(\pcntl_async_signals());
            self::kill(\SIGTERM);
            self::assertSame($caught, $heard, "the application's handler is back");
        }
        $server->stop();
        while ($server->step(1.0));
        self::assertSame(['open', 'close'], $source->calls);
    }

    /** @return iterable<string, array{\Closure(Server): bool}> */
    public static function calls(): iterable
    {
        yield 'serve' => [static function (Server $server): bool {
            $server->serve();

            return false;
        }];
        yield 'step' => [static fn (Server $server): bool => $server->step(1.0)];
    }

    public function testASecondSignalStopsAtOnce(): void
    {
        $source = new ScriptedSource(['sleep 60000']);
        $source->on('next', static function (ScriptedSource $source): void {
            $source->asked > 3 && $source->asked < 40 && self::kill(\SIGTERM);
        });
        // Asked on until the first signal stops that; a child sends the next
        $child = 0;
        $source->on('open', static function () use (&$child): void {
            $parent = (int) \getmypid();
            $child = \pcntl_fork();
            if ($child === 0) {
                for ($i = 0; $i < 200; ++$i) {
                    \usleep(50_000);
                    \posix_kill($parent, \SIGTERM);
                }
                \posix_kill((int) \getmypid(), \SIGKILL);
            }
        });
        $start = \microtime(true);
        $this->server(['orders' => $source])->serve();
        \posix_kill($child, \SIGKILL);
        \pcntl_waitpid($child, $status);

        self::assertLessThan(25, \microtime(true) - $start);
        self::assertSame(1, $source->count('close'));
        self::assertSame($source->given(), $source->count('settle'));
    }

    public function testHupResets(): void
    {
        $source = new ScriptedSource(['a']);
        $server = $this->server(['orders' => $source], ['log' => ['level' => 'debug']]);
        $source->on('next', function (ScriptedSource $source) use (&$server): void {
            $source->asked === 3 && self::kill(\SIGHUP);
            $this->log->find('reset') !== null && $server->stop();
        });
        $server->serve();
        self::assertNotNull($this->log->find('reset'));
        self::assertSame(['a: ok'], $source->outcomes());
    }

    public function testWithoutSignalsTheApplicationsHandlersMayStopIt(): void
    {
        $source = new ScriptedSource();
        $server = $this->server(['orders' => $source]);
        \pcntl_signal(\SIGTERM, static fn () => $server->stop());
        $source->on('next', static fn (ScriptedSource $source) => $source->asked === 3 && self::kill(\SIGTERM));
        $server->serve(signals: false);
        self::assertSame(['open', 'close'], $source->calls);
    }

    /** @return iterable<string, array{bool, bool}> */
    public static function modes(): iterable
    {
        yield 'asynchronous' => [true, false];
        yield 'not asynchronous' => [false, false];
        yield 'beside a stream' => [true, true];
        yield 'beside a stream, not asynchronous' => [false, true];
    }

    #[DataProvider('modes')]
    public function testAHandlerRunsDuringTheWaitAtOnce(bool $async, bool $streams): void
    {
        \pcntl_async_signals($async);
        $pair = \stream_socket_pair(\STREAM_PF_UNIX, \STREAM_SOCK_STREAM, 0);
        self::assertIsArray($pair);
        $source = new ScriptedSource(['sleep 2000']);
        $server = $this->server(
            ['orders' => $source] + ($streams ? ['other' => new SocketSource($pair[1])] : []),
            ['orders' => self::section(1, ['prefetch' => 1])],
        );
        $sent = 0.0;
        $heard = 0.0;
        \pcntl_signal(\SIGUSR1, static function () use (&$heard, $server): void {
            $heard = \microtime(true);
            $server->stopNow();
        });
        $file = (string) \tempnam(\sys_get_temp_dir(), 'coyote-sent-');
        $child = 0;
        $source->on('next', static function () use ($file, &$child): void {
            $parent = (int) \getmypid();
            $child = \pcntl_fork();
            if ($child === 0) {
                \usleep(300_000); // the wait is under way by now; sooner would prove the same
                \file_put_contents($file, (string) \microtime(true));
                \posix_kill($parent, \SIGUSR1);
                \posix_kill((int) \getmypid(), \SIGKILL);
            }
        });
        $server->serve();
        \pcntl_waitpid($child, $status);
        $sent = (float) \file_get_contents($file);
        \unlink($file);
        self::assertGreaterThan(0.0, $heard);
        self::assertLessThan(0.5, $heard - $sent, 'not only when the job was done');
    }

    public function testAHandlerThatThrowsLosesNothingAndItGoesOn(): void
    {
        $count = 0;
        \pcntl_signal(\SIGUSR1, static function () use (&$count): void {
            throw new \DomainException('interrupted ' . ++$count);
        });
        $source = new ListSource(\array_map(static fn (int $n): string => "$n", \range(1, 60)));
        $send = static fn (ScriptedSource $source) => \count($source->calls) % 5 === 0 && self::kill(\SIGUSR1);
        $source->on('next', $send)->on('settle', $send)->on('open', $send);
        $server = $this->server(['orders' => $source], ['orders' => self::section(2)]);
        $thrown = 0;
        do {
            try {
                $server->serve();
                $ended = true;
            } catch (\DomainException) {
                ++$thrown;
                $ended = false;
            }
        } while (!$ended);

        self::assertGreaterThan(5, $thrown);
        self::assertSame($count, $thrown);
        $outcomes = $source->outcomes();
        \sort($outcomes, \SORT_NATURAL);
        self::assertSame(\array_map(static fn (int $n): string => "$n: ok", \range(1, 60)), $outcomes);
        self::assertSame([1, 1], [$source->count('open'), $source->count('close')]);
        $this->expectException(MisuseException::class);
        $server->serve();
    }

    public function testTwoServersCantHaveTheSignals(): void
    {
        $inner = new ListSource(['b']);
        $source = new ListSource(['a']);
        $server = $this->server(['orders' => $source]);
        $other = $this->server(['orders' => $inner]);
        $refused = null;
        $source->on('next', static function () use ($other, &$refused): void {
            if ($refused !== null) {
                return;
            }
            try {
                $other->serve();
            } catch (MisuseException $failure) {
                $refused = $failure->getMessage();
                $other->serve(signals: false);
            }
        });
        $server->serve();
        self::assertStringContainsString('signals', $refused ?? '');
        self::assertSame([['a: ok'], ['b: ok']], [$source->outcomes(), $inner->outcomes()]);
    }
}
