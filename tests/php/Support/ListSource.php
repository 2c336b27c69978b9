<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

use Coyote\FiniteSource;

/**
 * One that has ended when its events are given.
 */
class ListSource extends ScriptedSource implements FiniteSource
{
    public function ended(): bool
    {
        $this->hook('ended');

        return $this->events === [];
    }
}
