<?php

declare(strict_types=1);

namespace Coyote;

/**
 * A source that knows when it may have something: next() is called then, and after each settle().
 *
 * @since 0.1
 */
interface WaitableSource extends Source
{
    /**
     * Next may have an event once one of these can be read, or has reached its end. Asked before
     * each wait, while there is room for an event. What it throws counts as thrown by next().
     *
     * @return array<resource> streams of PHP that the system can wait for: sockets, pipes, FIFOs
     */
    public function streams(): array;

    /**
     * When next() may have an event though no stream says so; asked as streams() is.
     *
     * @return float|null a time as microtime(true) tells it, in seconds since 1970; one that is past
     *                    is now. null: none; with no streams either, it is asked as one that is not
     *                    waitable
     */
    public function deadline(): ?float;
}
