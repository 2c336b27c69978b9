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
    /** A folder for the builds that all users of a machine share. */
    public const SHARED = '/opt/coyote';

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

    /** For php.ini; or why it would be in vain there, and the mend. */
    public static function advice(string $folder, string $package): string
    {
        if (!self::isPossible($folder)) {
            return "For PHP-FPM and other servers the library would have to be preloaded, and FFI can't read a path with a\n"
                . "space, a quote, a backslash or a colon: name another folder by --dir. On the command line nothing is needed.\n";
        }
        $closed = self::closed($folder, $package);
        if ($closed !== null) {
            return $closed;
        }

        return "For PHP-FPM and other servers, in php.ini (on the command line nothing is needed):\n" . self::lines($folder);
    }

    /** The lines of php.ini. */
    public static function lines(string $folder): string
    {
        return self::files($folder)
            . "    opcache.preload_user=www-data    ; only where PHP is started as root; this user must be\n"
            . "                                     ; able to read that folder and the package\n";
    }

    private static function files(string $folder): string
    {
        return "    ffi.preload=$folder/preload.h\n    opcache.preload=$folder/preload.php\n";
    }

    /** With lines that name a file it can't read, PHP-FPM would not even start. */
    private static function closed(string $folder, string $package): ?string
    {
        $build = Access::closed("$folder/preload.h") ?? Access::closed("$folder/libcoyote.so.0");
        $classes = Access::closed("$package/php/src/Ffi/Library.php");
        if ($build === null && $classes === null) {
            return null;
        }
        $text = "For PHP-FPM and other servers of another user than this one, no lines of php.ini would do\n"
            . "(on the command line nothing is needed):\n";
        if ($build !== null) {
            $inside = \str_starts_with("$build/", \realpath($folder) . '/');
            $text .= "  - the build is in $folder, and $build is closed to other users. To mend it:\n"
                . ($inside
                    ? "    chmod -R o+rX $folder && vendor/bin/coyote-build\n"
                    : '    COYOTE_BUILD_DIR=' . self::SHARED . " vendor/bin/coyote-build\n");
        }
        if ($classes !== null) {
            $text .= "  - the package is in $package, and $classes is closed to other users:\n"
                . "    move the project to where they can read it, as /srv, and run coyote-build again there";
            $text .= $build === null ? "\n" : " as above\n";
        }

        if (\function_exists('posix_geteuid') && \posix_geteuid() !== 0) {
            $text .= "For servers of this very user, as php -S is, in php.ini:\n" . self::files($folder);
        }

        return $text;
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
