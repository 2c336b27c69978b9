<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Exception\ConfigException;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\ProtocolException;
use Coyote\Exception\QueueFullException;
use Coyote\Exception\SourceException;
use Coyote\Exception\SystemException;
use Coyote\Exception\TimeoutException;
use Coyote\Exception\TooBigException;
use Coyote\Exception\WorkersException;

/**
 * Makes exceptions of the library's statuses; the words are the library's own.
 *
 * @internal
 */
final class Failure
{
    /** Of the last call that failed. */
    public static function last(): CoyoteException
    {
        $library = Library::bindings();

        return self::of($library->coy_error_status(), $library->coy_error_message());
    }

    public static function of(int $status, string $message): CoyoteException
    {
        return match ($status) {
            Status::ECONFIG => new ConfigException($message, $status),
            Status::ETIMEOUT => new TimeoutException($message, $status),
            Status::EWORKER => new WorkersException($message, $status),
            Status::EFULL => new QueueFullException($message, $status),
            Status::ETOOBIG => new TooBigException($message, $status),
            Status::EPROTOCOL => new ProtocolException($message, $status),
            Status::ESOURCE => new SourceException($message, $status),
            Status::ESYSTEM, Status::EMEMORY => new SystemException($message, $status),
            Status::EINVAL, Status::EHANDLE, Status::ESTATE, Status::EFORKED => new MisuseException($message, $status),
            Status::EINTERRUPTED => new SystemException($message, $status),
            default => new SystemException(
                \sprintf('the library says %d, which this package does not know: %s', $status, $message),
                $status,
            ),
        };
    }

    /**
     * Passes a good result on.
     *
     * @throws CoyoteException when it is negative
     */
    public static function check(int $result): int
    {
        return $result >= 0 ? $result : throw self::of($result, Library::bindings()->coy_error_message());
    }
}
