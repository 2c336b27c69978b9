<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

use Coyote\Event;
use Coyote\WaitableSource;

/**
 * Lines of a stream are its events; without one it waits for its deadline alone.
 */
final class SocketSource extends ScriptedSource implements WaitableSource
{
    public ?float $deadline = null;

    /** @param resource|null $stream */
    public function __construct(public mixed $stream = null)
    {
        parent::__construct();
        $stream === null || \stream_set_blocking($stream, false);
    }

    public function next(): ?Event
    {
        if ($this->stream !== null && ($line = \fgets($this->stream)) !== false) {
            $this->events[] = \rtrim($line);
        }

        return parent::next();
    }

    public function streams(): array
    {
        $this->hook('streams');

        return $this->stream === null ? [] : [$this->stream];
    }

    public function deadline(): ?float
    {
        $this->hook('deadline');

        return $this->deadline;
    }
}
