<?php

declare(strict_types=1);

namespace Coyote\Server;

/**
 * What a source, or all of them, wait for.
 *
 * @internal
 */
final class Wait
{
    /**
     * @param array<resource> $streams  to read from
     * @param float|null      $deadline as microtime(true) has it; null: none
     */
    public function __construct(
        public readonly array $streams = [],
        public readonly ?float $deadline = null,
    ) {
    }

    public function and(self $other): self
    {
        $deadlines = \array_filter([$this->deadline, $other->deadline], \is_float(...));

        return new self([...$this->streams, ...$other->streams], $deadlines === [] ? null : \min($deadlines));
    }

    /** In milliseconds, rounded up, and no more than $most. */
    public function milliseconds(int $most): int
    {
        return $this->deadline === null
            ? $most
            : (int) \max(0, \min($most, \ceil(($this->deadline - \microtime(true)) * 1000)));
    }
}
