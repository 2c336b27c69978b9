<?php

declare(strict_types=1);

namespace Coyote\Exception;

use Psr\Container\NotFoundExceptionInterface;

/**
 * Nothing is bound to the id, and it names no class that can be made.
 *
 * @since 0.1
 */
class NotFoundException extends InjectionException implements NotFoundExceptionInterface
{
}
