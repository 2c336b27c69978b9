<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Build\Platform;

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
     */
    public static function summary(array $failures): string
    {
        $mend = self::mayLoad() ? self::build() : self::preload();

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

    private static function build(): string
    {
        if ((string) \getenv('COYOTE_LIBRARY') !== '') {
            return 'To mend it: correct COYOTE_LIBRARY, or unset it and run vendor/bin/coyote-build.';
        }

        return 'To mend it: run vendor/bin/coyote-build, which compiles the library'
            . (BuildFolder::path() === null
                ? ' (set COYOTE_BUILD_DIR to a folder first: neither it nor HOME is set)'
                : ' into ' . BuildFolder::path())
            . '; or install the system package of libcoyote; or name a file in COYOTE_LIBRARY.';
    }

    private static function preload(): string
    {
        return \sprintf(
            'Under %s the default ffi.enable=preload lets preloaded files alone use FFI. To mend it: run '
            . 'vendor/bin/coyote-build; it writes preload.h and preload.php%s and prints the lines for php.ini: '
            . 'ffi.preload=.../preload.h, opcache.preload=.../preload.php, and opcache.preload_user where PHP is '
            . 'started as root. '
            . 'The INI file here is %s. Then restart PHP.',
            \PHP_SAPI,
            BuildFolder::path() === null ? '' : ' into ' . BuildFolder::path(),
            \php_ini_loaded_file() ?: 'none',
        );
    }
}
