<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * libcoyote cannot be loaded: the message lists what was tried, why it failed, and how to mend it.
 *
 * @since 0.1
 */
class LibraryException extends \RuntimeException implements CoyoteException
{
}
