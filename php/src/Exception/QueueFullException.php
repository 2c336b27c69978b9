<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * A queue is full: what was to go in was not taken.
 *
 * @since 0.1
 */
class QueueFullException extends \RuntimeException implements CoyoteException
{
}
