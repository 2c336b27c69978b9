<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * preload.php for opcache.preload: it lets PHP use the library where ffi.enable=preload forbids FFI::cdef.
 *
 * @internal
 */
final class Preload
{
    /**
     * Written where it is not what it should be: the header names the library by its whole path, so a build
     * that was moved needs it anew.
     *
     * @param string $build  where the files go
     * @param string $folder the build folder, whose name of the library does not change
     */
    public static function write(string $build, string $folder, string $bindings): void
    {
        $library = "$folder/libcoyote.so.0";
        if (\strpbrk($library, "\"\\\n") !== false) {
            throw new BuildException("$folder: a quote, a backslash or a line's end in a path is more than FFI can read, see --dir");
        }
        $header = "#define FFI_SCOPE \"coyote\"\n#define FFI_LIB \"$library\"\n"
            . \preg_replace('/^#(define|undef) FFI_.*\n/m', '', $bindings);
        self::put("$build/preload.h", $header);
        self::put("$build/preload.php", self::script($library));
    }

    /** For php.ini. */
    public static function advice(string $folder): string
    {
        return "For PHP-FPM and other servers, in php.ini (on the command line nothing is needed):\n"
            . "    opcache.preload=$folder/preload.php\n"
            . "    opcache.preload_user=www-data    ; only where PHP is started as root; this user must be\n"
            . "                                     ; able to read $folder\n";
    }

    private static function script(string $library): string
    {
        $library = \var_export($library, true);

        return <<<PHP
            <?php

            // Written by coyote-build, for opcache.preload; a preload script of your own can require it.
            // FFI::scope('coyote') then gives the library's functions to every request.

            declare(strict_types=1);

            if (!is_file($library)) {
                throw new RuntimeException($library . ' is not there: the build was moved, run coyote-build again');
            }
            FFI::load(__DIR__ . '/preload.h');

            PHP;
    }

    private static function put(string $file, string $text): void
    {
        if (@\file_get_contents($file) !== $text && @\file_put_contents($file, $text) !== \strlen($text)) {
            throw new BuildException("$file can't be written: is the disk full?");
        }
    }
}
