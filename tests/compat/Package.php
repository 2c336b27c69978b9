<?php

declare(strict_types=1);

namespace Coyote\Tests\Compat;

/**
 * A checkout of a Composer package.
 */
final class Package
{
    /** @param array<string, mixed> $composer its composer.json */
    private function __construct(
        /** owner/name, as its folder */
        public readonly string $name,
        public readonly string $folder,
        private readonly array $composer,
    ) {
    }

    /** The package in DIR/owner/name; null: nobody has checked it out there. */
    public static function in(string $directory, string $name): ?self
    {
        $file = "$directory/$name/composer.json";
        if (!\is_file($file)) {
            return null;
        }
        $composer = \json_decode((string) \file_get_contents($file), true);

        return \is_array($composer)
            ? new self($name, "$directory/$name", $composer)
            : throw new \RuntimeException("$file is no JSON");
    }

    public function has(string $path): bool
    {
        return \file_exists("$this->folder/$path");
    }

    public function version(): string
    {
        // of a folder inside somebody else's repository git would tell that one's
        if ($this->has('.git')) {
            $described = \trim((string) \shell_exec(\sprintf(
                'git -C %s describe --tags --always 2>/dev/null',
                \escapeshellarg($this->folder),
            )));
            if ($described !== '') {
                return $described;
            }
        }
        $alias = $this->composer['extra']['branch-alias'] ?? [];

        return (string) ($this->composer['version'] ?? \end($alias) ?: 'of unknown version');
    }

    /** What it requires of another one, such as "^3.2.0"; '' where it does not. */
    public function requires(string $package): string
    {
        return (string) ($this->composer['require'][$package] ?? '');
    }

    /** @return array{psr4: array<string, list<string>>, files: list<string>} with whole paths */
    public function autoload(): array
    {
        $psr4 = [];
        foreach ($this->composer['autoload']['psr-4'] ?? [] as $prefix => $folders) {
            foreach ((array) $folders as $folder) {
                $psr4[$prefix][] = \rtrim("$this->folder/$folder", '/') . '/';
            }
        }
        $files = \array_map(fn (string $file): string => "$this->folder/$file", $this->composer['autoload']['files'] ?? []);

        return ['psr4' => $psr4, 'files' => $files];
    }
}
