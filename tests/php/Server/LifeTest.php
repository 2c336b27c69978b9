<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Event;
use Coyote\Exception\MisuseException;
use Coyote\Outcome;
use Coyote\Reply;
use Coyote\Server;
use Coyote\Tests\Support\ListSource;
use Coyote\Tests\Support\ScriptedSource;
use Coyote\Tests\Support\Workers;

/**
 * From open() to close(), in a server that ends by itself.
 */
final class LifeTest extends ServerTestCase
{
    public function testEveryEventIsSettledBetweenOpenAndClose(): void
    {
        $source = new ListSource(['a', 'error no', 'b', '']);
        $this->server(['orders' => $source], ['orders' => self::section() + ['path' => '/spool', 'deep' => ['x' => 1]]])->serve();

        self::assertSame(['path' => '/spool', 'deep' => ['x' => 1]], $source->config);
        self::assertEqualsCanonicalizing(['a: ok', 'b: ok', 'error no: error', ': rejected'], $source->outcomes());
        self::assertSame('open', $source->calls[0]);
        self::assertSame('close', \end($source->calls));
        self::assertSame([1, 4, 4, 1], \array_map($source->count(...), ['open', 'next', 'settle', 'close']));
    }

    public function testTheVeryObjectComesBackAlthoughItIsGivenTwice(): void
    {
        $event = new Event('twice', context: 'c', id: 'order-17', key: 'k', attempt: 3);
        $source = new ListSource([$event, $event]);
        $this->server(['orders' => $source])->serve();

        self::assertSame([[$event, Outcome::Ok], [$event, Outcome::Ok]], $source->settled);
    }

    public function testWhoWantsTheReplyGetsIt(): void
    {
        $source = new class (['echoed', 'error broken']) extends ListSource {
            /** @var array<string, Reply> */
            public array $replies = [];

            public function settle(Event $event, Outcome $outcome, ?Reply $reply = null): void
            {
                parent::settle($event, $outcome);
                $this->replies[$event->body] = $reply ?? new Reply(Outcome::Rejected, 0);
            }
        };
        $this->server(['orders' => $source])->serve();

        self::assertSame('echoed', $source->replies['echoed']->body());
        self::assertSame('broken', $source->replies['error broken']->message);
        self::assertGreaterThan(1, $source->replies['echoed']->pid);
    }

    public function testTwoSourcesAndATickerBesideEachOther(): void
    {
        $orders = new ListSource(\array_map(static fn (int $n): string => "order $n", \range(1, 20)));
        $mails = new ListSource(\array_map(static fn (int $n): string => "mail $n", \range(1, 20)));
        $server = $this->server(
            ['orders' => $orders, 'mails' => $mails],
            ['ticker' => self::section() + ['interval' => '5ms', 'count' => 3], 'log' => ['level' => 'debug']],
        );
        $server->serve();

        self::assertSame([20, 20], [\count($orders->settled), \count($mails->settled)]);
        self::assertSame(3, \count(\array_filter(
            $this->log->lines,
            static fn (array $line): bool => $line['context']['service'] === 'ticker' && \str_ends_with($line['text'], ': ok'),
        )));
    }

    public function testASectionOfAnotherNameMayBeOfTheKind(): void
    {
        $worker = new class (['env RR_MODE', 'env RR_ORDERS', 'env RR_BACK_OFFICE', 'env RR']) extends ListSource {
            /** @var array<string, string|null> */
            public array $answers = [];

            public function settle(Event $event, Outcome $outcome, ?Reply $reply = null): void
            {
                $this->answers[$event->body] = $reply?->body();
            }
        };
        $server = new Server(['back-office' => self::section() + ['source' => 'orders']], $this->log);
        $server->register('orders', $worker)->serve();

        self::assertEquals(
            ['env RR_MODE' => 'orders', 'env RR_ORDERS' => 'true', 'env RR_BACK_OFFICE' => 'true', 'env RR' => 'true'],
            $worker->answers,
        );
    }

    public function testASourceWithoutASectionIsLeftAlone(): void
    {
        $idle = new ScriptedSource(['never']);
        $source = new ListSource(['a']);
        $server = $this->server(['orders' => $source]);
        $server->register('idle', $idle);
        $server->serve();

        self::assertSame([[], 0], [$idle->calls, $idle->asked]);
        self::assertSame(['a: ok'], $source->outcomes());
        self::assertNotNull($this->log->find('no section of the config is of this kind'));
    }

    public function testAnEmptyListEndsAtOnce(): void
    {
        $source = new ListSource();
        $this->server(['orders' => $source])->serve();
        self::assertSame(['open', 'close'], $source->calls);
    }

    public function testItServesOnce(): void
    {
        $server = $this->server(['orders' => new ListSource(['a'])]);
        $server->serve();
        self::assertFalse($server->step(), 'that it has ended is told as often as it is asked');
        $this->expectException(MisuseException::class);
        $this->expectExceptionMessage('The server has served, and ended');
        $server->serve();
    }

    public function testOutOfTurn(): void
    {
        $source = new ListSource(['a']);
        $server = $this->server(['orders' => $source]);
        $said = [];
        $tries = [
            'serve' => static fn () => $server->serve(),
            'step' => static fn () => $server->step(),
            'register' => static fn () => $server->register('late', new ScriptedSource()),
            'set' => static fn () => $server->set('orders.path', 'x'),
        ];
        $source->on('next', static function () use ($tries, &$said): void {
            foreach ($tries as $what => $try) {
                try {
                    $try();
                } catch (MisuseException $refused) {
                    $said[$what] = $refused->getMessage();
                }
            }
        });
        $server->serve();
        self::assertSame(\array_keys($tries), \array_keys($said));
        self::assertSame(['a: ok'], $source->outcomes());
    }

    public function testNamesAndSourcesAreTakenOnce(): void
    {
        $source = new ScriptedSource();
        $server = $this->server(['orders' => $source]);
        foreach (['', 'two words', "nul\0", 'ünder', 'orders', 'other'] as $kind) {
            try {
                $server->register($kind, $kind === 'other' ? $source : new ScriptedSource());
                self::fail("taken: $kind");
            } catch (MisuseException $refused) {
                self::assertNotSame('', $refused->getMessage());
            }
        }
        $this->expectException(MisuseException::class);
        $this->server(['ticker' => new ScriptedSource()], ['ticker' => self::section() + ['interval' => 1]])->check();
    }

    public function testAServerInAFiberIsRefused(): void
    {
        $server = $this->server(['orders' => new ListSource(['a'])]);
        $fiber = new \Fiber(static fn () => $server->serve());
        try {
            $fiber->start();
            self::fail('served');
        } catch (MisuseException $refused) {
            self::assertStringContainsString('step(0)', $refused->getMessage());
        }
        $server->serve();
    }

    public function testItIsNeitherClonedNorSerialized(): void
    {
        $server = $this->server(['orders' => new ListSource()]);
        try {
            \serialize($server);
            self::fail('serialized');
        } catch (MisuseException) {
        }
        try {
            \unserialize(\sprintf('O:%d:"%s":0:{}', \strlen(Server::class), Server::class));
            self::fail('unserialized');
        } catch (MisuseException) {
        }
        $this->expectException(\Error::class);
        /** @phpstan-ignore-next-line */
        clone $server;
    }

    public function testOneThatGoesAwayAmidItsWorkSettlesAndCloses(): void
    {
        $source = new ScriptedSource(['sleep 60000', 'a', 'b']);
        $server = $this->server(['orders' => $source]);
        self::stepUntil($server, static fn (): bool => $source->given() > 0);
        $start = \microtime(true);
        unset($server);

        self::assertLessThan(20, \microtime(true) - $start);
        self::assertSame($source->given(), $source->count('settle'));
        self::assertSame(1, $source->count('close'));
        self::assertNotContains('sleep 60000: ok', $source->outcomes());
    }

    public function testOneThatWasNeverStartedIsGoneWithoutATrace(): void
    {
        $source = new ScriptedSource(['a']);
        $server = $this->server(['orders' => $source]);
        $server->check();
        unset($server);
        self::assertSame([], $source->calls);
    }

    public function testTheChildOfAForkLeavesAllToItsParent(): void
    {
        $source = new ListSource(['a', 'b', 'c']);
        $server = $this->server(['orders' => $source]);
        $children = [];
        $source->on('next', static function (ScriptedSource $source) use (&$children): void {
            if ($children === []) {
                $child = \pcntl_fork();
                if ($child === 0) {
                    return; // the child goes on as if the server were its own
                }
                $children[] = $child;
            }
        });
        $parent = \getmypid();
        try {
            $server->serve();
        } catch (MisuseException $refused) {
            if (\getmypid() !== $parent) {
                unset($server);
                \gc_collect_cycles();
                // what a destructor would have done, and what must not be done twice
                $clean = $source->count('settle') + $source->count('close') === 0;
                \posix_kill((int) \getmypid(), $clean && \str_contains($refused->getMessage(), 'parent') ? \SIGUSR1 : \SIGUSR2);
                \posix_kill((int) \getmypid(), \SIGKILL);
            }

            throw $refused;
        }
        \pcntl_waitpid($children[0], $status);
        self::assertSame(\SIGUSR1, \pcntl_wtermsig($status));
        self::assertSame(['a: ok', 'b: ok', 'c: ok'], $source->outcomes());
        self::assertSame(1, $source->count('close'));
    }

    public function testAFileIsReadAndSettingsWin(): void
    {
        $file = (string) \tempnam(\sys_get_temp_dir(), 'coyote-config-');
        \file_put_contents($file, "orders:\n  path: from the file\n  workers:\n    command: nowhere\n    pool.num_workers: 1\n");
        $source = new ListSource(['a']);
        $server = (new Server($file, $this->log))->register('orders', $source)
            ->set('orders.workers.command', "'" . Workers::command() . "'")
            ->set('orders.limit', '7');
        \unlink($file);
        $server->serve();
        self::assertSame(['limit' => 7, 'path' => 'from the file'], \array_replace(['limit' => 0], $source->config ?? []));
    }
}
