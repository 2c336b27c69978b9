<?php

declare(strict_types=1);

namespace Coyote\Pool;

use Coyote\Reply;

/**
 * Who gets the outcomes of the jobs it has submitted. Neither call may throw, or use the pool: whoever
 * waits for an outcome of his own is in the middle of it.
 *
 * @internal
 */
interface Recipient
{
    public function submitted(int $job): void;

    public function settled(Reply $reply): void;
}
