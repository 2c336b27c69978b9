<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Build\Access;
use Coyote\Build\Platform;
use Coyote\Build\Preload;

/**
 * What stands between this PHP and the library, and how to mend it.
 *
 * @internal
 */
final class Advice
{
    /** What no library would help with; null: nothing. */
    public static function obstacle(): ?string
    {
        $elsewhere = Platform::obstacle(\PHP_OS_FAMILY);
        if ($elsewhere !== null) {
            return "$elsewhere Such as: docker run -it -v \"\$PWD:/app\" -w /app php:cli bash";
        }
        if (!\extension_loaded('ffi')) {
            return \sprintf(
                'Coyote\'s library needs PHP\'s extension FFI, which this PHP (%1$s, %2$s) has not loaded. '
                . 'Debian and Ubuntu: apt install php%3$d.%4$d-common && phpenmod ffi. '
                . 'Alpine: apk add php%3$d%4$d-ffi. Fedora: dnf install php-ffi. '
                . 'In an image of Docker\'s php: apt-get update && apt-get install -y libffi-dev && '
                . 'docker-php-ext-install ffi (Alpine: apk add libffi-dev). Workers do without it.',
                \PHP_VERSION,
                \PHP_BINARY,
                \PHP_MAJOR_VERSION,
                \PHP_MINOR_VERSION,
            );
        }

        return self::setting() === 'off' ? self::disabled() : null;
    }

    /** Whether this script may open libraries by itself, and need not be preloaded. */
    public static function mayLoad(): bool
    {
        return \PHP_SAPI === 'cli' || self::setting() === 'on';
    }

    /**
     * @param list<string> $failures
     * @param bool         $outdated a library of ours is among them that is older or younger than the package
     */
    public static function summary(array $failures, bool $outdated): string
    {
        $mend = self::mayLoad() ? self::build($outdated) : self::preload();

        return "Coyote's library cannot be loaded. Tried:\n  - " . \implode("\n  - ", $failures) . "\n" . $mend;
    }

    /** @return 'on'|'off'|'preload' */
    private static function setting(): string
    {
        return match (\strtolower((string) \ini_get('ffi.enable'))) {
            '1', 'on', 'true', 'yes' => 'on',
            'preload' => 'preload',
            default => 'off',
        };
    }

    private static function disabled(): string
    {
        $file = self::iniFile('ffi.enable');

        return \sprintf(
            'Coyote\'s library needs PHP\'s FFI, and ffi.enable is false%s. Set ffi.enable=preload, which is '
            . 'the default: on the command line that is all (for one run: php -d ffi.enable=preload ...); '
            . 'elsewhere coyote-build\'s preload.php is needed beside it. Workers do without FFI.',
            $file === null
                ? \sprintf(' (PHP was told so by an option; it reads %s)', \php_ini_loaded_file() ?: 'no php.ini')
                : " in $file",
        );
    }

    /** The file that has the last word about a setting; null: none says it. */
    private static function iniFile(string $setting): ?string
    {
        $files = \explode(',', (string) \php_ini_loaded_file() . ',' . (string) \php_ini_scanned_files());
        foreach (\array_reverse($files) as $file) {
            $file = \trim($file);
            $text = $file !== '' && \is_readable($file) ? (string) \file_get_contents($file) : '';
            if (\preg_match('/^[ \t]*' . \preg_quote($setting, '/') . '[ \t]*=/mi', $text) === 1) {
                return $file;
            }
        }

        return null;
    }

    private static function build(bool $outdated): string
    {
        if ((string) \getenv('COYOTE_LIBRARY') !== '') {
            return $outdated
                ? 'To mend it: build the library that COYOTE_LIBRARY names anew from this package\'s sources, or unset '
                    . 'COYOTE_LIBRARY and run vendor/bin/coyote-build.'
                : 'To mend it: correct COYOTE_LIBRARY, or unset it and run vendor/bin/coyote-build.';
        }
        $folder = BuildFolder::path();

        return 'To mend it: ' . match (true) {
            $folder === null => 'run vendor/bin/coyote-build, which compiles the library (set COYOTE_BUILD_DIR to a folder '
                . 'first: neither it nor HOME is set)',
            Whereabouts::closed("$folder/libcoyote.so.0") !== null => \sprintf(
                'builds for several users go into a folder that all can read: COYOTE_BUILD_DIR=%s '
                . 'vendor/bin/coyote-build, and the same COYOTE_BUILD_DIR where PHP runs',
                Preload::SHARED,
            ),
            // a file in the place of its link would be in coyote-build's way
            \is_file("$folder/libcoyote.so.0") && !\is_link("$folder/libcoyote.so.0")
                => "remove $folder/libcoyote.so.0, which coyote-build has not made, and run vendor/bin/coyote-build --force",
            \is_file("$folder/libcoyote.so.0")
                => "run vendor/bin/coyote-build --force, which compiles the library in $folder anew",
            default => "run vendor/bin/coyote-build, which compiles the library into $folder",
        } . ($outdated ? '; or renew the system\'s' : '; or install the system package of libcoyote')
            . '; or name a file in COYOTE_LIBRARY.';
    }

    private static function preload(): string
    {
        $folder = BuildFolder::path();
        // the user of PHP-FPM has seldom built anything, nor is its home the one of who has
        $own = \PHP_SAPI === 'cli-server' || (string) \getenv('COYOTE_BUILD_DIR') !== '';
        // and root's PHP changes its user before it preloads
        $root = \function_exists('posix_geteuid') && \posix_geteuid() === 0;
        if (
            $folder === null
            || (!$own && !\is_file("$folder/preload.h"))
            || ($root && Access::closed($folder) !== null)
        ) {
            $folder = Preload::SHARED;
        }
        $folder = \str_starts_with($folder, '/') ? $folder : \getcwd() . "/$folder";

        return \sprintf(
            "Under %s the default ffi.enable=preload lets preloaded files alone use FFI: only a preloaded library "
            . "counts here, neither COYOTE_LIBRARY nor the system's. To mend it: run\n    %svendor/bin/coyote-build\n"
            . "and put the lines that it prints into an INI file of this PHP (here: %s), then restart PHP. They are:\n%s",
            \PHP_SAPI,
            $folder === BuildFolder::path() && \PHP_SAPI === 'cli-server' && (string) \getenv('COYOTE_BUILD_DIR') === ''
                ? ''
                : "COYOTE_BUILD_DIR=$folder ",
            \php_ini_loaded_file() ?: 'none',
            Preload::lines($folder),
        );
    }
}
