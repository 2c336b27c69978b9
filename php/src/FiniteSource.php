<?php

declare(strict_types=1);

namespace Coyote;

/**
 * A source that comes to an end: its service ends when all its events are settled, and the server when
 * all services have.
 *
 * @since 0.1
 */
interface FiniteSource extends Source
{
    /**
     * Whether there will be no event any more. Asked when next() has none; once true it is asked no
     * more, and neither is next(). What it throws counts as thrown by next().
     */
    public function ended(): bool;
}
