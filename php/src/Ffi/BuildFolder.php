<?php

declare(strict_types=1);

namespace Coyote\Ffi;

/**
 * Where vendor/bin/coyote-build puts the library, and where the loader looks for it.
 *
 * Outside the package's own folder, which Composer replaces. Needs no other class and no autoloader.
 *
 * @internal
 */
final class BuildFolder
{
    /** Of the package, and so of what is built from it; the same as in CMakeLists.txt. */
    public const VERSION = '0.1.0';

    /**
     * COYOTE_BUILD_DIR, or a folder of the user's cache by version and architecture.
     *
     * @return string|null an absolute or, by COYOTE_BUILD_DIR alone, a relative path; null: neither
     *                     COYOTE_BUILD_DIR nor XDG_CACHE_HOME nor HOME is set, and the system knows no
     *                     home of this user
     */
    public static function path(): ?string
    {
        $folder = (string) \getenv('COYOTE_BUILD_DIR');
        if ($folder !== '') {
            return \rtrim($folder, '/') ?: '/';
        }
        $cache = self::cache();

        return $cache === null
            ? null
            : \sprintf('%s/coyote/%s-%s', $cache, self::VERSION, \php_uname('m'));
    }

    /** The library's file in that folder, whether it is there or not; null as for path(). */
    public static function library(): ?string
    {
        $folder = self::path();

        return $folder === null ? null : "$folder/libcoyote.so.0";
    }

    private static function cache(): ?string
    {
        // A relative one is to be ignored, says the XDG specification
        $cache = (string) \getenv('XDG_CACHE_HOME');
        if (\str_starts_with($cache, '/')) {
            return \rtrim($cache, '/');
        }
        $home = (string) \getenv('HOME');
        if ($home === '' && \function_exists('posix_getpwuid')) {
            $user = \posix_getpwuid(\posix_geteuid());
            $home = $user === false ? '' : $user['dir'];
        }

        return \str_starts_with($home, '/') ? \rtrim($home, '/') . '/.cache' : null;
    }
}
