<?php

declare(strict_types=1);

namespace Coyote\Exception;

use Psr\Container\ContainerExceptionInterface;

/**
 * The container cannot make what it was asked for; the message names the chain.
 *
 * @since 0.1
 */
class InjectionException extends \RuntimeException implements CoyoteException, ContainerExceptionInterface
{
}
