<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The workers could not be started: the message carries what their process said.
 *
 * @since 0.1
 */
class WorkersException extends \RuntimeException implements CoyoteException
{
}
