<?php

declare(strict_types=1);

namespace Coyote\Server;

use Coyote\ConfigurableSource;
use Coyote\Event;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\SourceException;
use Coyote\Ffi\NativeServer;
use Coyote\Ffi\NativeSource;
use Coyote\FiniteSource;
use Coyote\Outcome;
use Coyote\Reply;
use Coyote\Source;

/**
 * One source and its service: events go from the one to the other, outcomes go back. Whatever the
 * source throws ends here.
 *
 * @internal
 */
final class Feed
{
    private ?NativeSource $native = null;
    private bool $open = false;

    /** No event is asked for any more. */
    private bool $dry = false;

    private ?\Throwable $failure = null;
    private int $unsettled = 0;

    /** @var array<int, Event> those under way, by their numbers */
    private array $events = [];

    /** It may have a third parameter, which the interface does not know. */
    private readonly \ReflectionMethod $settle;
    private readonly bool $wantsReply;

    private readonly Appetite $appetite;

    public function __construct(
        public readonly string $kind,
        private readonly Source $source,
        private readonly ServerLog $log,
    ) {
        $this->settle = new \ReflectionMethod($source, 'settle');
        $this->wantsReply = $this->settle->getNumberOfParameters() > 2;
        $this->appetite = new Appetite($source);
    }

    public function isOf(Source $source): bool
    {
        return $this->source === $source;
    }

    /**
     * @throws SourceException when the source can't say its schema or its environment
     * @throws CoyoteException when these are wrong
     */
    public function join(NativeServer $server): void
    {
        $this->native = $server->register($this->kind);
        if ($this->source instanceof ConfigurableSource) {
            $schema = $this->ask('schema', $this->source->schema(...));
            $environment = $this->ask('environment', $this->source->environment(...));
            try {
                $this->native->setSchema(Schema::encode($schema));
                foreach ($environment as $name => $value) {
                    $this->native->setVariable(...Variable::of($name, $value));
                }
            } catch (MisuseException $mistake) {
                throw new MisuseException("source $this->kind: " . $mistake->getMessage(), $mistake->getCode(), $mistake);
            }
        }
    }

    /** Opens the source, unless its section is absent or disabled. */
    public function open(): void
    {
        $native = $this->native();
        $section = $native->section();
        if ($section === null) {
            $this->dry = true;
            $this->say('info', 'no section of the config is of this kind: nothing is served from it');

            return;
        }
        if ($this->source instanceof ConfigurableSource
            && !$this->ask('enabled', fn (): bool => $this->source->enabled($section))) {
            $native->disable();
            $this->dry = true;
            $this->say('info', 'disabled: its enabled() said no');

            return;
        }
        try {
            $this->source->open($section);
            $this->open = true;
        } catch (\Throwable $thrown) {
            $this->fail($thrown);
        }
    }

    /** Gives outcomes back to the source; whether there were any. */
    public function settleWhatHasEnded(): bool
    {
        $any = false;
        while ($this->events !== [] && ($reply = $this->native()->nextSettled($this->wantsReply)) !== null) {
            $any = true;
            $event = $this->events[$reply->job] ?? null;
            unset($this->events[$reply->job]);
            if ($event !== null) {
                $this->settle($event, $reply);
            }
        }
        if ($any) {
            $this->appetite->wake();
        }

        return $any;
    }

    /** Asks for events while workers have room for them. */
    public function fill(): void
    {
        while ($this->isAsking() && $this->appetite->isHungry() && $this->native()->room() > 0) {
            try {
                $event = $this->source->next();
                if ($event === null) {
                    $this->appetite->sated();
                    $this->endIfThereIsNoMore();
                }
            } catch (\Throwable $thrown) {
                $this->fail($thrown);

                return;
            }
            if ($event !== null) {
                $this->appetite->fed();
                $this->push($event);
            }
        }
    }

    /**
     * What it waits for while there is room.
     *
     * @return Wait|null null: for outcomes alone
     */
    public function wait(): ?Wait
    {
        if (!$this->isAsking() || $this->native()->room() === 0) {
            return null;
        }
        try {
            return $this->appetite->wait();
        } catch (\Throwable $thrown) {
            $this->fail($thrown);

            return null;
        }
    }

    /**
     * After a wait.
     *
     * @param array<resource> $readable
     */
    public function wake(array $readable): void
    {
        $this->appetite->wakeFor($readable);
    }

    /** Whether one of its streams can't be waited for; it fails with that. */
    public function refuseStreams(): bool
    {
        $complaint = $this->isAsking() ? $this->appetite->complaint() : null;
        if ($complaint !== null) {
            $this->fail(new MisuseException("streams() returned one that can't be waited for: $complaint"));
        }

        return $complaint !== null;
    }

    /** When nothing is served any more: settles what is left, then closes. */
    public function close(): void
    {
        foreach ($this->events as $number => $event) {
            unset($this->events[$number]);
            $this->settle($event, new Reply(Outcome::Cancelled, $number, true, 0, 'the server has ended'));
        }
        $this->dry = true;
        if (!$this->open) {
            return;
        }
        $this->open = false;
        try {
            $this->source->close();
        } catch (\Throwable $thrown) {
            $this->say('error', 'close() threw ' . Thrown::describe($thrown), $thrown);
        }
    }

    /** What open(), next() and the like have thrown. */
    public function failure(): ?\Throwable
    {
        return $this->failure;
    }

    /** How many events' settle() has thrown. */
    public function unsettled(): int
    {
        return $this->unsettled;
    }

    private function isAsking(): bool
    {
        return $this->open && !$this->dry;
    }

    private function native(): NativeSource
    {
        return $this->native ?? throw new \LogicException('the feed has no server yet');
    }

    private function endIfThereIsNoMore(): void
    {
        if ($this->source instanceof FiniteSource && $this->source->ended()) {
            $this->dry = true;
            $this->native()->end();
        }
    }

    private function push(Event $event): void
    {
        try {
            $this->events[$this->native()->push($event)] = $event;
        } catch (CoyoteException $refused) {
            // The source has given it away: it is owed an outcome
            $ended = $this->native()->state() === NativeSource::ENDED;
            $this->say($ended ? 'info' : 'error', \sprintf('%s was not taken: %s', self::name($event), $refused->getMessage()));
            $this->settle($event, new Reply(
                $ended ? Outcome::Cancelled : Outcome::Rejected,
                0,
                false,
                0,
                $refused->getMessage(),
            ));
        }
    }

    private function settle(Event $event, Reply $reply): void
    {
        try {
            $this->settle->invoke($this->source, $event, $reply->outcome, $reply);
        } catch (\Throwable $thrown) {
            ++$this->unsettled;
            $this->say('error', \sprintf(
                '%s: %s, and settle() threw %s; %d unsettled so far',
                self::name($event, $reply->job),
                $reply->outcome->value,
                Thrown::describe($thrown),
                $this->unsettled,
            ), $thrown);
        }
    }

    private function fail(\Throwable $thrown): void
    {
        $this->dry = true;
        $this->failure ??= $thrown;
        $this->native()->fail(Thrown::describe($thrown));
    }

    /**
     * @template T
     *
     * @param \Closure(): T $question
     *
     * @return T
     */
    private function ask(string $method, \Closure $question): mixed
    {
        try {
            return $question();
        } catch (\Throwable $thrown) {
            throw new SourceException(
                \sprintf('source %s: %s() threw %s', $this->kind, $method, Thrown::describe($thrown)),
                0,
                $thrown,
            );
        }
    }

    private function say(string $level, string $text, ?\Throwable $exception = null): void
    {
        $this->log->say($level, $text, $this->kind, $exception);
    }

    private static function name(Event $event, int $number = 0): string
    {
        return $event->id !== '' ? "event $event->id" : ($number > 0 ? "event $number" : 'an event');
    }
}
