<?php

declare(strict_types=1);

namespace Coyote\Exception;

use Psr\Log\InvalidArgumentException;

/**
 * A log line was to have a level that PSR-3 does not know.
 *
 * @since 0.1
 */
class LogLevelException extends InvalidArgumentException implements CoyoteException
{
}
