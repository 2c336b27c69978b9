<?php

declare(strict_types=1);

namespace Coyote;

/**
 * Keeps what the application prints away from standard output while frames travel there.
 *
 * Printed text goes to standard error. What is written to STDOUT by hand is beyond PHP's output
 * buffers and still breaks the channel: give the worker descriptors of its own instead.
 *
 * @internal
 */
final class OutputGuard
{
    /** Names the buffer, so that arm() can tell whether the application removed it. */
    private const NAME = self::class . '::divert';

    /** Starts the guard, or starts it again if the application has ended all output buffers. */
    public function arm(): void
    {
        if (!\in_array(self::NAME, \ob_list_handlers(), true)) {
            // 1: pass on at once, whatever little was printed
            \ob_start([self::class, 'divert'], 1);
        }
    }

    public static function divert(string $printed): string
    {
        if ($printed !== '') {
            \file_put_contents('php://stderr', $printed);
        }

        return '';
    }
}
