<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Support;

/**
 * An empty project that has required coyote/coyote, from an archive and without a network. One for all
 * tests of a process; a test that changes the package makes its own.
 */
final class Project
{
    /** Composer's own script for vendor/bin/coyote, before coyote-build has replaced it. */
    public readonly string $proxy;
    public readonly string $folder;
    public readonly string $package;
    public readonly string $cache;
    private static ?self $shared = null;
    private readonly Scratch $scratch;
    private readonly Scratch $cacheScratch;

    public function __construct()
    {
        $this->scratch = new Scratch();
        $this->folder = $this->scratch->path . '/project';
        $this->package = $this->folder . '/vendor/coyote/coyote';
        // no space in its name: FFI's preloading could not do with it
        $this->cacheScratch = new Scratch('-');
        $this->cache = $this->cacheScratch->path;
        $archive = $this->scratch->path . '/archive';
        \mkdir($archive);
        \mkdir($this->folder);
        Sources::archive($archive);
        \file_put_contents($this->folder . '/composer.json', \json_encode([
            'repositories' => [...self::repositories($archive), ['packagist.org' => false]],
        ], \JSON_THROW_ON_ERROR));
        $this->composer('require', 'coyote/coyote', '--prefer-dist');
        $this->proxy = (string) \file_get_contents($this->folder . '/vendor/bin/coyote');
    }

    public static function shared(): self
    {
        return self::$shared ??= new self();
    }

    /** The shared one, with the library built. */
    public static function built(): self
    {
        $project = self::shared();
        if (!\is_dir($project->buildFolder())) {
            $build = $project->build();
            if ($build->status !== 0) {
                throw new \RuntimeException($build->all());
            }
        }

        return $project;
    }

    /** Gone before PHP ends, so that its folder is removed while classes are still there. */
    public static function forget(): void
    {
        self::$shared = null;
    }

    /** Where coyote-build puts it of its own accord. */
    public function buildFolder(): string
    {
        return $this->cache . '/coyote/0.1.0-' . \php_uname('m');
    }

    /** @return array<string, string> */
    public function environment(): array
    {
        return ['XDG_CACHE_HOME' => $this->cache];
    }

    /** @param array<string, string> $environment */
    public function build(array $environment = [], string ...$options): Finished
    {
        return $this->run(['vendor/bin/coyote-build', ...\array_values($options)], $environment);
    }

    /**
     * @param list<string>          $words
     * @param array<string, string> $environment
     */
    public function run(array $words, array $environment = []): Finished
    {
        return Command::run($words, $this->folder, $environment + $this->environment());
    }

    /**
     * @param list<string>          $words
     * @param array<string, string> $environment
     */
    public function start(array $words, array $environment = []): Command
    {
        return new Command($words, $this->folder, $environment + $this->environment());
    }

    private function composer(string ...$words): void
    {
        $run = $this->run(
            ['composer', '--no-interaction', '--no-plugins', ...\array_values($words)],
            ['COMPOSER_ALLOW_SUPERUSER' => '1', 'COMPOSER_DISABLE_NETWORK' => '1', 'COMPOSER_HOME' => $this->scratch->path . '/composer'],
        );
        if ($run->status !== 0) {
            throw new \RuntimeException('composer ' . \implode(' ', $words) . ': ' . $run->all());
        }
    }

    /**
     * The archive, and what this clone has in vendor/.
     *
     * @return list<array<string, mixed>>
     */
    private static function repositories(string $archive): array
    {
        $vendor = Sources::root() . '/vendor';
        $installed = \json_decode((string) \file_get_contents("$vendor/composer/installed.json"), true);
        $repositories = [self::repository($archive, 'coyote/coyote', '0.1.0')];
        \assert(\is_array($installed) && \is_array($installed['packages']));
        foreach ($installed['packages'] as $package) {
            \assert(\is_array($package) && \is_string($package['name']) && \is_string($package['version']));
            if (\str_starts_with($package['name'], 'psr/')) {
                $repositories[] = self::repository("$vendor/{$package['name']}", $package['name'], $package['version']);
            }
        }

        return $repositories;
    }

    /** @return array<string, mixed> */
    private static function repository(string $folder, string $name, string $version): array
    {
        return [
            'type' => 'path',
            'url' => $folder,
            'options' => ['symlink' => false, 'versions' => [$name => $version]],
        ];
    }
}
