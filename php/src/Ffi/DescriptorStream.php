<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Exception\SystemException;
use Coyote\Goridge\StreamCall;

/**
 * PHP's stream of a descriptor that the library owns. It is a duplicate, so that it may be closed.
 *
 * @internal
 */
final class DescriptorStream
{
    /**
     * @param string $whose   "pool"
     * @param string $instead the calls that do without
     *
     * @return resource
     *
     * @throws SystemException where PHP cannot make streams of descriptors: it can on the command line alone
     */
    public static function open(int $fd, string $whose, string $instead): mixed
    {
        $stream = StreamCall::run(static fn () => \fopen("php://fd/$fd", 'rb'), $failure);

        return $stream !== false ? $stream : throw new SystemException(\sprintf(
            'A %s has a stream on the command line alone, and this is %s: use fd(), or %s. (%s)',
            $whose,
            \PHP_SAPI,
            $instead,
            $failure ?? 'no reason given',
        ));
    }
}
