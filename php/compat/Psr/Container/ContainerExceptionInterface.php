<?php

declare(strict_types=1);

namespace Coyote\Compat\Psr\Container;

/**
 * An entry cannot be made.
 *
 * @since 0.1
 */
interface ContainerExceptionInterface extends \Throwable
{
}
