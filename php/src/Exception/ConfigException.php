<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * A setting or a config file is wrong: the message tells every mistake and where it stands.
 *
 * @since 0.1
 */
class ConfigException extends \InvalidArgumentException implements CoyoteException
{
}
