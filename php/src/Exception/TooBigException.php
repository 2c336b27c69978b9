<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * Something is above a size limit, which the message names.
 *
 * @since 0.1
 */
class TooBigException extends \RuntimeException implements CoyoteException
{
}
