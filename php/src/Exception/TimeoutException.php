<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The time that was given to a call is over.
 *
 * @since 0.1
 */
class TimeoutException extends \RuntimeException implements CoyoteException
{
}
