<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * The tools and libraries that are here, and what is missing.
 *
 * @internal
 */
final class Toolchain
{
    private const CMAKE = '3.18';

    /** pkg-config's name => what for, oldest version, packages */
    private const LIBRARIES = [
        'jansson' => ['JSON', '2.14', ['apt' => 'libjansson-dev', 'apk' => 'jansson-dev', 'dnf' => 'jansson-devel']],
        'yaml-0.1' => ['YAML, for .rr.yaml', '0.2', ['apt' => 'libyaml-dev', 'apk' => 'yaml-dev', 'dnf' => 'libyaml-devel']],
        'zlib' => ['checksums', '1.2', ['apt' => 'zlib1g-dev', 'apk' => 'zlib-dev', 'dnf' => 'zlib-devel']],
    ];

    private readonly ?string $cmake;
    private readonly ?string $ninja;
    private readonly ?string $make;
    private readonly ?string $pkgConfig;

    /** @var list<string> the compiler's command, which may carry options, as CC="ccache gcc" */
    private readonly array $compiler;

    public function __construct()
    {
        $this->cmake = Process::find('cmake');
        $this->ninja = Process::find('ninja', 'samu', 'ninja-build');
        $this->make = Process::find('make', 'gmake');
        $this->pkgConfig = Process::find((string) \getenv('PKG_CONFIG') ?: 'pkg-config', 'pkgconf');
        $named = \preg_split('/\s+/', \trim((string) \getenv('CC')), -1, \PREG_SPLIT_NO_EMPTY) ?: [];
        $found = $named === [] ? Process::find('cc', 'gcc', 'clang') : Process::find($named[0]);
        $this->compiler = $found === null ? [] : [$found, ...\array_slice($named, 1)];
    }

    /** @return list<Requirement> */
    public function missing(): array
    {
        return [...$this->missingTools(), ...($this->pkgConfig === null ? [] : $this->missingLibraries($this->pkgConfig))];
    }

    public function cmake(): string
    {
        return $this->cmake ?? 'cmake';
    }

    public function generator(): string
    {
        return $this->ninja !== null ? 'Ninja' : 'Unix Makefiles';
    }

    /** The program that the generator needs. */
    public function builder(): string
    {
        return $this->ninja ?? $this->make ?? 'make';
    }

    /** How many files are compiled at a time. */
    public function jobs(): int
    {
        $told = (int) \getenv('CMAKE_BUILD_PARALLEL_LEVEL');

        return $told > 0 ? $told : \max(1, (int) Process::answer(['nproc']));
    }

    /** All of it that changes what is built, as text. */
    public function describe(): string
    {
        $lines = ['compiler ' . \implode(' ', $this->compiler) . ' ' . Process::answer([...$this->compiler, '--version'])];
        foreach (\array_keys(self::LIBRARIES) as $library) {
            $lines[] = "$library " . Process::answer([$this->pkgConfig ?? 'pkg-config', '--modversion', $library]);
        }
        foreach (['CPPFLAGS', 'CFLAGS', 'LDFLAGS'] as $variable) {
            $lines[] = "$variable " . \getenv($variable);
        }

        return \implode("\n", $lines);
    }

    /** @return list<Requirement> */
    private function missingTools(): array
    {
        $missing = [];
        $compiler = ['apt' => 'gcc libc6-dev', 'apk' => 'gcc musl-dev', 'dnf' => 'gcc glibc-devel'];
        if ($this->compiler === []) {
            $named = (string) \getenv('CC');
            $missing[] = new Requirement($named !== '' ? "$named, which CC names" : 'a C compiler', 'compiles the sources', $compiler);
        } elseif (Process::answer([...$this->compiler, '-E', '-'], "#include <stdio.h>\n#include <sys/epoll.h>\n") === null) {
            $missing[] = new Requirement('stdio.h', 'the C library\'s headers', $compiler);
        }
        $version = $this->cmake === null ? null : Process::answer([$this->cmake, '--version']);
        $cmake = ['apt' => 'cmake', 'apk' => 'cmake', 'dnf' => 'cmake'];
        if ($version === null || \preg_match('/(\d+\.\d+(\.\d+)?)/', $version, $found) !== 1) {
            $missing[] = new Requirement('cmake', 'configures the build', $cmake);
        } elseif (\version_compare($found[1], self::CMAKE, '<')) {
            $missing[] = new Requirement('cmake ' . self::CMAKE, "configures the build; here is $found[1]", $cmake);
        }
        if ($this->ninja === null && $this->make === null) {
            $missing[] = new Requirement('make or ninja', 'runs the build', ['apt' => 'make', 'apk' => 'make', 'dnf' => 'make']);
        }
        if ($this->pkgConfig === null) {
            $missing[] = new Requirement(
                'pkg-config',
                'finds the libraries jansson, libyaml and zlib, which may be missing too',
                $this->packages('pkg-config', 'pkgconf', 'pkgconf-pkg-config'),
            );
        }

        return $missing;
    }

    /**
     * Without pkg-config nobody knows which libraries are here: all of them are named.
     *
     * @return array{apt: string, apk: string, dnf: string}
     */
    private function packages(string $apt, string $apk, string $dnf): array
    {
        $packages = ['apt' => $apt, 'apk' => $apk, 'dnf' => $dnf];
        foreach (self::LIBRARIES as [, , $names]) {
            foreach ($names as $way => $name) {
                $packages[$way] .= " $name";
            }
        }

        return $packages;
    }

    /** @return list<Requirement> */
    private function missingLibraries(string $pkgConfig): array
    {
        $missing = [];
        foreach (self::LIBRARIES as $library => [$why, $oldest, $packages]) {
            $version = Process::answer([$pkgConfig, '--modversion', $library]);
            if ($version === null) {
                $missing[] = new Requirement($library, $why, $packages);
            } elseif (Process::answer([$pkgConfig, "--atleast-version=$oldest", $library]) === null) {
                $missing[] = new Requirement("$library $oldest", "$why; here is $version", $packages);
            }
        }

        return $missing;
    }
}
