<?php

declare(strict_types=1);

namespace Coyote\Goridge;

use Coyote\Exception\RelayException;

/**
 * Calls of stream functions whose warnings are answers, whatever error handler the application
 * has set.
 *
 * @internal
 */
final class StreamCall
{
    /**
     * @template T
     *
     * @param \Closure(): T $call
     *
     * @param-out string|null $failure what PHP complained of, if it did
     *
     * @return T
     */
    public static function run(\Closure $call, ?string &$failure): mixed
    {
        $failure = null;
        \set_error_handler(static function (int $level, string $message) use (&$failure): bool {
            $failure = $message;

            return true;
        });

        try {
            return $call();
        } finally {
            \restore_error_handler();
        }
    }

    /**
     * Blocks until a read gives something, or the end. Handlers of signals run meanwhile. A read
     * that gave nothing was interrupted, or somebody made the pipe non-blocking behind our back:
     * waiting here never spins.
     *
     * @param resource $stream
     */
    public static function awaitReadable(mixed $stream): void
    {
        self::await($stream, null);
    }

    /**
     * Blocks until a write is taken, or refused.
     *
     * @param resource $stream
     */
    public static function awaitWritable(mixed $stream): void
    {
        self::await(null, $stream);
    }

    /**
     * @param resource|null $reading
     * @param resource|null $writing
     */
    private static function await(mixed $reading, mixed $writing): void
    {
        do {
            $read = $reading === null ? [] : [$reading];
            $write = $writing === null ? [] : [$writing];
            $except = [];
            $ready = self::run(
                static function () use (&$read, &$write, &$except): int|false {
                    return \stream_select($read, $write, $except, null);
                },
                $failure,
            );

            // A signal ends the wait with the same false, and is no failure
            if ($ready === false && !\str_contains((string) $failure, 'nterrupted')) {
                throw new RelayException('Cannot wait for the relay: ' . ($failure ?? 'stream_select() failed'));
            }
        } while ($ready === false);
    }
}
