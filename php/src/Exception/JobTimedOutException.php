<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * A limit of time passed: for a free worker, or for the work itself.
 *
 * @since 0.1
 */
final class JobTimedOutException extends OutcomeException
{
}
