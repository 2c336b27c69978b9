<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The kernel cannot boot or serve.
 *
 * @since 0.1
 */
class KernelException extends \RuntimeException implements CoyoteException
{
}
