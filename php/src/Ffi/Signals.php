<?php

declare(strict_types=1);

namespace Coyote\Ffi;

/**
 * Keeps the handlers of pcntl_signal() away from where a handle is taken and not yet stored: one that
 * throws there would lose it, and PHP 8.2 itself crashes where one throws amid nested calls. Without pcntl
 * there are no handlers, and all this does nothing.
 *
 *     $async = Signals::hold();
 *     try { take and store } finally { Signals::release($async); }
 *
 * @internal
 */
final class Signals
{
    private static ?bool $exist = null;
    private static int $held = 0;

    /** Whether PHP can have handlers of signals at all. */
    public static function exist(): bool
    {
        return self::$exist ??= \function_exists('pcntl_async_signals') && \function_exists('pcntl_signal_dispatch');
    }

    /**
     * From here on no handler runs until release(); where they are asynchronous, what came before runs
     * now, and may throw.
     *
     * @return bool whether they are: for release()
     */
    public static function hold(): bool
    {
        if (!self::exist() || !\pcntl_async_signals()) {
            return false;
        }
        try {
            \pcntl_async_signals(false);
            \pcntl_signal_dispatch();
            // PHP may still mean to look for handlers to run: it does so when a function is entered
            self::enter();
        } catch (\Throwable $thrown) {
            \pcntl_async_signals(true);

            throw $thrown;
        }

        return true;
    }

    /** Runs the handlers of what came meanwhile, which may throw. */
    public static function release(bool $async): void
    {
        if (self::$exist === true) {
            if ($async) {
                \pcntl_async_signals(true);
            }
            \pcntl_signal_dispatch();
        }
    }

    /** Runs the handlers of what has come, which may throw; before a call that waits. */
    public static function dispatch(): void
    {
        if (self::exist()) {
            \pcntl_signal_dispatch();
        }
    }

    /** Has an effect, so that no optimizer leaves the call out. */
    private static function enter(): void
    {
        ++self::$held;
    }
}
