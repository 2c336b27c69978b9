<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * A worker was used out of turn: a mistake of the calling code.
 *
 * @since 0.1
 */
class MisuseException extends \LogicException implements CoyoteException
{
}
