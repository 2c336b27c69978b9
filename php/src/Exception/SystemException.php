<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The operating system refused, or memory ran out.
 *
 * @since 0.1
 */
class SystemException extends \RuntimeException implements CoyoteException
{
}
