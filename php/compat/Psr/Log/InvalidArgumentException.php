<?php

declare(strict_types=1);

namespace Coyote\Compat\Psr\Log;

/**
 * @since 0.1
 */
class InvalidArgumentException extends \InvalidArgumentException
{
}
