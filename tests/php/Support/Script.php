<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

/**
 * One run of PHP code in a process of its own: what it loads and declares touches no other test.
 */
final class Script
{
    private function __construct(
        public readonly int $status,
        public readonly string $stdout,
        public readonly string $stderr,
    ) {
    }

    /**
     * In the code COMPOSER stands for Composer's autoload.php, and PHP for our php/ folder.
     *
     * @param array<string, string> $environment over the tests' own
     * @param list<string>          $options     of php: "-n", or settings such as "ffi.enable=0"
     */
    public static function run(
        string $code,
        array $environment = [],
        ?string $directory = null,
        array $options = [],
    ): self {
        $root = \dirname(__DIR__, 3);
        $code = \preg_replace(
            ['/\bCOMPOSER\b/', '/\bPHP\b(?!_)/'],
            [\var_export("$root/vendor/autoload.php", true), \var_export("$root/php", true)],
            $code,
        );

        // Files, not pipes: a process that prints much to both never waits for us
        $out = \tmpfile();
        $err = \tmpfile();
        \assert($out !== false && $err !== false);
        $given = [];
        foreach ($options as $option) {
            \array_push($given, ...(\str_starts_with($option, '-') ? [$option] : ['-d', $option]));
        }
        $process = \proc_open(
            [\PHP_BINARY, '-d', 'display_errors=stderr', '-d', 'log_errors=0', ...$given, '-r', (string) $code],
            [['file', '/dev/null', 'r'], $out, $err],
            $pipes,
            $directory,
            $environment + \getenv(),
        );
        \assert($process !== false);
        $status = \proc_close($process);

        return new self(
            $status,
            (string) \file_get_contents(\stream_get_meta_data($out)['uri']),
            (string) \file_get_contents(\stream_get_meta_data($err)['uri']),
        );
    }
}
