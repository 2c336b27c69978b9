<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * Something was used out of turn, with an impossible argument, or in the child of a fork: a mistake of
 * the calling code.
 *
 * @since 0.1
 */
class MisuseException extends \LogicException implements CoyoteException
{
}
