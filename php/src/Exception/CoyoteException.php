<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * Every exception of this package.
 *
 * @since 0.1
 */
interface CoyoteException extends \Throwable
{
}
