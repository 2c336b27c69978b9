<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

use FFI;

/**
 * The built libcoyote.so, through nothing but bindings.h.
 */
final class Library
{
    private static ?FFI $ffi = null;

    public static function ffi(): FFI
    {
        return self::$ffi ??= self::open();
    }

    private static function open(): FFI
    {
        return FFI::cdef((string) \file_get_contents(\dirname(__DIR__, 3) . '/bindings.h'), self::path());
    }

    private static function path(): string
    {
        $build = \getenv('COYOTE_BUILD');
        if ($build === false) {
            throw new \RuntimeException('COYOTE_BUILD is not set: it names the folder of libcoyote.so');
        }

        return "$build/libcoyote.so";
    }
}
