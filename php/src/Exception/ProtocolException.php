<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * What came from the other side is no message of the protocol.
 *
 * @since 0.1
 */
class ProtocolException extends RelayException
{
}
