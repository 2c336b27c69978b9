<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The way to the server is broken, or cannot be opened.
 *
 * @since 0.1
 */
class RelayException extends \RuntimeException implements CoyoteException
{
}
