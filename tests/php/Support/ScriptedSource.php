<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

use Coyote\Event;
use Coyote\Outcome;
use Coyote\Source;

/**
 * A source that gives what it was made with, and keeps what it was told. Hooks run first in each method.
 */
class ScriptedSource implements Source
{
    /** @var list<string> open, next, settle, close in the order of their calls; next only if it gave an event */
    public array $calls = [];

    /** @var list<array{Event, Outcome}> */
    public array $settled = [];

    /** @var array<string, mixed>|null */
    public ?array $config = null;

    public int $asked = 0;

    /** How many events were given and not settled, at most. */
    public int $mostOut = 0;

    /** @var array<string, \Closure> method => hook, which gets the source and the method's arguments */
    public array $hooks = [];

    /** @param list<Event|string> $events bodies or whole events */
    public function __construct(public array $events = [])
    {
    }

    public function on(string $method, \Closure $hook): static
    {
        $this->hooks[$method] = $hook;

        return $this;
    }

    public function open(array $config): void
    {
        $this->config = $config;
        $this->calls[] = 'open';
        $this->hook('open', $config);
    }

    public function next(): ?Event
    {
        ++$this->asked;
        $this->hook('next');
        $event = \array_shift($this->events);
        if ($event !== null) {
            $this->calls[] = 'next';
            $this->mostOut = \max($this->mostOut, $this->given() - \count($this->settled));
        }

        return \is_string($event) ? new Event($event) : $event;
    }

    public function settle(Event $event, Outcome $outcome): void
    {
        $this->calls[] = 'settle';
        $this->settled[] = [$event, $outcome];
        $this->hook('settle', $event, $outcome);
    }

    public function close(): void
    {
        $this->calls[] = 'close';
        $this->hook('close');
    }

    /** @return list<string> "body: outcome", in the order in which they ended */
    public function outcomes(): array
    {
        return \array_map(static fn (array $one): string => "{$one[0]->body}: {$one[1]->value}", $this->settled);
    }

    public function count(string $method): int
    {
        return \count(\array_keys($this->calls, $method, true));
    }

    public function given(): int
    {
        return $this->count('next');
    }

    protected function hook(string $method, mixed ...$arguments): void
    {
        isset($this->hooks[$method]) && ($this->hooks[$method])($this, ...$arguments);
    }
}
