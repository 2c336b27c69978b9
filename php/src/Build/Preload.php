<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * preload.h for ffi.preload and preload.php for opcache.preload: they let the package use the library where
 * ffi.enable=preload, PHP's default, keeps FFI from all that is not preloaded.
 *
 * @internal
 */
final class Preload
{
    /**
     * Written where it is not what it should be: the header names the library by its whole path, so a build
     * that was moved needs it anew.
     *
     * @param string $build   where the files go
     * @param string $folder  the build folder, whose name of the library does not change
     * @param string $package whose classes are preloaded
     */
    public static function write(string $build, string $folder, string $package): void
    {
        $library = "$folder/libcoyote.so.0";
        if (!self::isPossible($folder)) {
            return;
        }
        $bindings = (string) \file_get_contents("$package/bindings.h");
        $header = "#define FFI_SCOPE \"coyote\"\n#define FFI_LIB \"$library\"\n"
            . \preg_replace('/^#(define|undef) FFI_.*\n/m', '', $bindings);
        self::put("$build/preload.h", $header);
        self::put("$build/preload.php", self::script($library, $package));
    }

    /** For php.ini. */
    public static function advice(string $folder): string
    {
        if (!self::isPossible($folder)) {
            return "For PHP-FPM and other servers the library would have to be preloaded, and FFI can't read a path with a\n"
                . "space, a quote, a backslash or a colon: name another folder by --dir. On the command line nothing is needed.\n";
        }

        return "For PHP-FPM and other servers, in php.ini (on the command line nothing is needed):\n"
            . "    ffi.preload=$folder/preload.h\n"
            . "    opcache.preload=$folder/preload.php\n"
            . "    opcache.preload_user=www-data    ; only where PHP is started as root; this user must be\n"
            . "                                     ; able to read that folder and the package\n";
    }

    private static function script(string $library, string $package): string
    {
        $library = \var_export($library, true);
        $classes = \var_export("$package/php/src/Ffi", true);

        return <<<PHP
            <?php

            // Written by coyote-build, for opcache.preload; a preload script of your own can require it. With
            // ffi.enable=preload nothing but preloaded files may use FFI: here are the package's.

            declare(strict_types=1);

            foreach ([$library, $classes] as \$path) {
                if (!file_exists(\$path)) {
                    throw new RuntimeException("\$path is not there: it was moved, run coyote-build again");
                }
            }
            try {
                FFI::scope('coyote'); // there by ffi.preload, which is the only way with opcache.preload_user
            } catch (FFI\Exception) {
                FFI::load(__DIR__ . '/preload.h');
            }
            foreach (glob($classes . '/*.php') ?: [] as \$path) {
                opcache_compile_file(\$path);
            }

            PHP;
    }

    /** What FFI_LIB and ffi.preload can hold. */
    private static function isPossible(string $folder): bool
    {
        return \preg_match('/[\s":\\\\]/', $folder) === 0;
    }

    private static function put(string $file, string $text): void
    {
        if (@\file_get_contents($file) !== $text && @\file_put_contents($file, $text) !== \strlen($text)) {
            throw new BuildException("$file can't be written: is the disk full?");
        }
    }
}
