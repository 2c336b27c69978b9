<?php

declare(strict_types=1);

namespace Coyote\Compat\Psr\Container;

/**
 * There is no entry for an id.
 *
 * @since 0.1
 */
interface NotFoundExceptionInterface extends ContainerExceptionInterface
{
}
