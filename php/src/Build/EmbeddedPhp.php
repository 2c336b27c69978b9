<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * libphp of the PHP that runs coyote-build, for coyote-embed; CMake judges whether it is good.
 *
 * @internal
 */
final class EmbeddedPhp
{
    /** CMake's words before its reason. */
    private const LEFT_OUT = '-- coyote-embed is left out: ';

    private readonly ?string $config;

    public function __construct()
    {
        $version = \PHP_MAJOR_VERSION . '.' . \PHP_MINOR_VERSION;
        $bare = \str_replace('.', '', $version);
        $found = null;
        foreach ([\dirname(\PHP_BINARY) . '/', \PHP_BINDIR . '/', ''] as $folder) {
            foreach (["php-config$version", "php-config$bare", 'php-config'] as $name) {
                $file = Process::find($folder . $name);
                if ($file !== null && \str_starts_with((string) Process::answer([$file, '--version']), "$version.")) {
                    $found ??= $file;
                }
            }
        }
        $this->config = $found;
    }

    /** @return list<string> of cmake */
    public function options(): array
    {
        return $this->config === null
            ? ['-DCOYOTE_EMBED=OFF']
            : ['-DCOYOTE_EMBED=AUTO', "-DCOYOTE_PHP_CONFIG=$this->config"];
    }

    public function describe(): string
    {
        if ($this->config === null) {
            return 'no libphp';
        }
        // installing or removing libphp alone is a change too
        $prefix = (string) Process::answer([$this->config, '--prefix']);
        $version = \PHP_MAJOR_VERSION . '.' . \PHP_MINOR_VERSION;
        $libraries = [];
        foreach (["$prefix/lib/libphp.so", "$prefix/lib/libphp$version.so"] as $file) {
            $libraries[] = \is_file($file) ? $file . ' ' . \filemtime($file) . ' ' . \filesize($file) : "no $file";
        }

        return Process::answer([$this->config, '--version']) . ' ' . \implode(' ', $libraries);
    }

    /** Why coyote-embed is not built, by what CMake has printed; null: it is. */
    public function problem(string $log): ?string
    {
        if ($this->config === null) {
            return \sprintf('there is no php-config of PHP %d.%d', \PHP_MAJOR_VERSION, \PHP_MINOR_VERSION);
        }
        $at = \strpos($log, self::LEFT_OUT);
        if ($at === false) {
            return null;
        }

        return \substr($log, $at + \strlen(self::LEFT_OUT), \strcspn($log, "\n", $at) - \strlen(self::LEFT_OUT));
    }

    /** What to install for it here. */
    public static function requirement(): Requirement
    {
        $version = \PHP_MAJOR_VERSION . '.' . \PHP_MINOR_VERSION;
        $bare = \str_replace('.', '', $version);

        return new Requirement('libphp', 'PHP inside the server', [
            'apt' => "php$version-dev libphp$version-embed",
            'apk' => "php$bare-dev php$bare-embed",
            'dnf' => 'php-devel php-embedded',
        ]);
    }
}
