<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The job was not accepted: it is empty or too big, the queue is full, or the pool is stopped.
 *
 * @since 0.1
 */
final class JobRejectedException extends OutcomeException
{
}
