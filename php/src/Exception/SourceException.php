<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * A source has ended the server: what it threw is the previous exception.
 *
 * @since 0.1
 */
class SourceException extends \RuntimeException implements CoyoteException
{
}
