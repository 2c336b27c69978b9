<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Event;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\SourceException;
use Coyote\Exception\WorkersException;
use Coyote\Outcome;
use Coyote\Tests\Support\ListSource;
use Coyote\Tests\Support\ScriptedSource;
use Coyote\Tests\Support\SocketSource;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * What a source or a worker does wrong, and what becomes of the others.
 */
final class FailureTest extends ServerTestCase
{
    private static function throwing(): \Closure
    {
        return static fn () => throw new \DomainException("it can't be done");
    }

    private function assertSourceFails(\Closure $serve, string $kind): void
    {
        try {
            $serve();
            self::fail('served to the end');
        } catch (SourceException $failure) {
            self::assertMatchesRegularExpression(
                "/^$kind: DomainException: it can't be done in " . \preg_quote(__FILE__, '/') . ':\d+$/D',
                $failure->getMessage(),
            );
            self::assertInstanceOf(\DomainException::class, $failure->getPrevious());
        }
    }

    public function testOpenThrows(): void
    {
        $bad = (new ListSource(['never']))->on('open', self::throwing());
        $good = new ListSource(['a']);
        $this->assertSourceFails($this->server(['bad' => $bad, 'good' => $good])->serve(...), 'bad');

        self::assertSame(['open'], $bad->calls, 'what did not open is not closed');
        self::assertSame(1, $good->count('open'));
        self::assertSame(1, $good->count('close'));
        self::assertSame($good->given(), $good->count('settle'));
    }

    public function testNextThrows(): void
    {
        $good = new ScriptedSource(\array_fill(0, 100, 'sleep 5'));
        $bad = (new ScriptedSource(['sleep 50', 'sleep 50']))->on('next', static function (ScriptedSource $source): void {
            if ($source->asked === 4) {
                throw new \DomainException("it can't be done");
            }
        });
        $server = $this->server(['good' => $good, 'bad' => $bad], ['bad' => self::section(2)]);
        $this->assertSourceFails($server->serve(...), 'bad');

        self::assertSame(['sleep 50: ok', 'sleep 50: ok'], $bad->outcomes(), 'what was under way has ended well');
        self::assertSame('close', \end($bad->calls));
        self::assertSame($good->given(), $good->count('settle'));
        self::assertSame('close', \end($good->calls));
        self::assertSame(1, $good->count('close'));
    }

    /** @return iterable<string, array{string}> */
    public static function questions(): iterable
    {
        yield 'streams()' => ['streams'];
        yield 'deadline()' => ['deadline'];
    }

    #[DataProvider('questions')]
    public function testWhatAWaitableSourceThrowsCountsAsThrownByNext(string $method): void
    {
        $source = (new SocketSource())->on($method, self::throwing());
        $this->assertSourceFails($this->server(['orders' => $source])->serve(...), 'orders');
        self::assertSame(1, $source->count('close'));
    }

    public function testEndedThrows(): void
    {
        $source = (new ListSource(['a']))->on('ended', self::throwing());
        $this->assertSourceFails($this->server(['orders' => $source])->serve(...), 'orders');
        self::assertSame(['a: cancelled'], $source->outcomes(), 'no worker had begun it');
    }

    /** @return iterable<string, array{\Closure(): mixed, string}> */
    public static function streams(): iterable
    {
        yield 'closed' => [static function (): mixed {
            $stream = \fopen('php://memory', 'r');
            \assert($stream !== false);
            \fclose($stream);

            return $stream;
        }, 'which is no open stream'];
        yield 'of no descriptor' => [static fn (): mixed => \fopen('php://memory', 'r'), "that can't be waited for"];
    }

    /** @param \Closure(): mixed $stream */
    #[DataProvider('streams')]
    public function testAStreamThatCantBeWaitedForEndsItsSource(\Closure $stream, string $words): void
    {
        $source = new SocketSource();
        $source->on('streams', static function (SocketSource $source) use ($stream): void {
            /** @phpstan-ignore-next-line */
            $source->stream ??= $stream();
        });
        $source->on('next', static fn (SocketSource $source) => $source->stream = null);
        $this->expectException(SourceException::class);
        $this->expectExceptionMessage($words);
        $this->server(['orders' => $source])->serve();
    }

    public function testSettleThrows(): void
    {
        $source = (new ListSource([new Event('a', id: 'order-17'), 'b', 'c']))->on(
            'settle',
            static fn (ScriptedSource $source, Event $event) => $event->body === 'b' ? null : throw new \DomainException('not settled'),
        );
        $server = $this->server(['orders' => $source]);
        $server->serve();

        self::assertSame(3, $source->count('settle'));
        self::assertSame(2, $server->unsettled());
        $line = $this->log->find('event order-17: ok, and settle() threw DomainException: not settled in ' . __FILE__);
        self::assertNotNull($line);
        self::assertSame(['error', 'orders'], [$line['level'], $line['context']['service']]);
        self::assertInstanceOf(\DomainException::class, $line['context']['exception']);
    }

    public function testCloseThrows(): void
    {
        $bad = (new ListSource(['a']))->on('close', self::throwing());
        $good = new ListSource(['b']);
        $this->server(['bad' => $bad, 'good' => $good])->serve();

        self::assertSame(1, $good->count('close'));
        self::assertNotNull($this->log->find("close() threw DomainException: it can't be done"));
    }

    public function testAWorkerThatDiesHasCrashedItsEventAlone(): void
    {
        $source = new ListSource(['a', 'kill', 'b', 'segv', 'c']);
        $this->server(['orders' => $source])->serve();
        self::assertEqualsCanonicalizing(['a: ok', 'kill: crashed', 'b: ok', 'segv: crashed', 'c: ok'], $source->outcomes());
        self::assertNotNull($this->log->find('was ended by signal 9'));
    }

    public function testAWorkerThatIsKilledFromOutsideHasCrashedItsEvent(): void
    {
        $source = new ScriptedSource(['pid', 'sleep 60000', 'b']);
        $pid = 0;
        $source->on('settle', static function (ScriptedSource $source) use (&$server): void {
            \count($source->settled) === 3 && $server->stop();
        });
        $server = $this->server(['orders' => $source], ['log' => ['level' => 'debug']]);
        self::stepUntil($server, static fn (): bool => $source->count('settle') === 1);
        foreach ($this->log->lines as $line) {
            $pid = \str_starts_with($line['text'], 'event') ? (int) $line['context']['pid'] : $pid;
        }
        \posix_kill($pid, \SIGKILL);
        $server->serve();
        self::assertSame(['pid: ok', 'sleep 60000: crashed', 'b: ok'], $source->outcomes());
    }

    public function testALimitOfTimeIsAnOutcome(): void
    {
        $source = new ListSource(['sleep 60000', 'b']);
        $this->server(['orders' => $source], ['orders' => self::section(1, ['supervisor' => ['exec_ttl' => '100ms']])])->serve();
        self::assertSame([Outcome::TimedOut, Outcome::Ok], \array_column($source->settled, 1));
    }

    public function testWorkersThatDontBootEndTheServer(): void
    {
        $source = new ListSource(['never']);
        $good = new ListSource(['a']);
        $server = $this->server(['orders' => $source, 'good' => $good], [
            'orders' => ['workers' => ['command' => Workers::command('dies_at_boot.php'), 'pool' => ['num_workers' => 1]]],
        ]);
        try {
            $server->serve();
            self::fail('served');
        } catch (WorkersException $failure) {
            self::assertStringStartsWith('orders: ', $failure->getMessage());
        }
        self::assertSame(['open', 'close'], $source->calls);
        self::assertSame(1, $good->count('close'));
    }

    public function testWhatTheLoggerThrowsComesOutAndItGoesOn(): void
    {
        $this->log = new class () extends \Coyote\Tests\Support\LogBook {
            public int $left = 3;

            public function log($level, string|\Stringable $message, array $context = []): void
            {
                parent::log($level, $message, $context);
                if (--$this->left === 0) {
                    throw new \DomainException('the disk is full');
                }
            }
        };
        $source = new ListSource(['print x', 'a', 'print y', 'b']);
        $server = $this->server(['orders' => $source]);
        try {
            $server->serve();
            self::fail('nothing came out');
        } catch (\DomainException $failure) {
            self::assertNotInstanceOf(CoyoteException::class, $failure);
        }
        $server->serve();
        self::assertEqualsCanonicalizing(['print x: ok', 'a: ok', 'print y: ok', 'b: ok'], $source->outcomes());
        self::assertSame(1, $source->count('close'));
    }
}
