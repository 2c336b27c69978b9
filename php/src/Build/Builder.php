<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * Compiles into a folder of its own, and publishes what is whole.
 *
 * @internal
 */
final class Builder
{
    /** Of the log's lines that say what is wrong, so many are shown. */
    private const SHOWN = 12;

    /** Bytes; fewer are none. */
    private const FULL = 512 * 1024;

    public function __construct(
        private readonly string $package,
        private readonly Store $store,
        private readonly Toolchain $tools,
        private readonly EmbeddedPhp $php,
    ) {
    }

    /** All that has to be the same for a build to be the same, beside the sources. */
    public function describe(): string
    {
        return \implode("\n", [
            \php_uname('m'),
            $this->tools->describe(),
            $this->php->describe(),
            ...$this->options(),
        ]);
    }

    /** @return string|null why coyote-embed was left out */
    public function build(Fingerprint $fingerprint): ?string
    {
        $log = $this->store->log();
        if (@\file_put_contents($log, '') === false) {
            throw new BuildException("$log can't be written");
        }
        $work = $this->store->begin('work');
        $build = $this->store->begin('build');
        try {
            $problem = $this->compile($work, $build);
            Preload::write($build, $this->store->folder, $this->package);
            $this->store->publish($build, $fingerprint);
        } catch (BuildException $failure) {
            Store::remove($build);
            throw $failure;
        } finally {
            Store::remove($work);
        }

        return $problem;
    }

    /** @return list<string> */
    private function options(): array
    {
        return [
            '-DCMAKE_BUILD_TYPE=Release',
            '-DCMAKE_INSTALL_LIBDIR=lib',
            '-DBUILD_TESTING=OFF',
            ...$this->php->options(),
        ];
    }

    private function compile(string $work, string $build): ?string
    {
        $cmake = $this->tools->cmake();
        $this->run('configured', [
            $cmake, '-S', $this->package, '-B', $work, '-G', $this->tools->generator(),
            '-DCMAKE_MAKE_PROGRAM=' . $this->tools->builder(), ...$this->options(),
        ]);
        $problem = $this->php->problem((string) \file_get_contents($this->store->log()));
        $this->run('compiled', [$cmake, '--build', $work, '--parallel', (string) $this->tools->jobs()]);
        $this->run('put together', [$cmake, '--install', $work, '--prefix', $build, '--strip']);

        return $problem;
    }

    /** @param list<string> $command */
    private function run(string $what, array $command): void
    {
        $status = Process::run($command, $this->store->log());
        if ($status === 0) {
            return;
        }
        $lines = \explode("\n", (string) \file_get_contents($this->store->log()));
        // a full disk has no room for the log's words about it either
        if (
            self::matching('/No space left on device|Disk quota exceeded/', $lines) !== []
            || \disk_free_space($this->store->folder) < self::FULL
        ) {
            throw new BuildException("there is no space left in {$this->store->folder}: a build takes some 20 MiB; "
                . "make room, or name another folder by --dir\nThe whole log: {$this->store->log()}");
        }
        $telling = self::matching('/\b(fatal )?error\b[:\s]|undefined reference|CMake Error|[Kk]illed/', $lines);
        $shown = $telling === [] ? \array_slice($lines, -self::SHOWN) : \array_slice($telling, 0, self::SHOWN);

        throw new BuildException(\sprintf(
            "it could not be %s (status %d):\n    %s\nThe whole log: %s",
            $what,
            $status,
            \implode("\n    ", $shown),
            $this->store->log(),
        ));
    }

    /**
     * @param list<string> $lines
     *
     * @return list<string>
     */
    private static function matching(string $pattern, array $lines): array
    {
        return \array_values(\array_filter($lines, static fn (string $line): bool => \preg_match($pattern, $line) === 1));
    }
}
