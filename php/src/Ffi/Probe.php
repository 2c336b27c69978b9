<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Exception\LibraryException;

/**
 * Opens a library if it is one of ours and goes with this package's header; else says why not.
 *
 * @internal
 */
final class Probe
{
    /** coy_abi_version of the header beside this package. */
    public const ABI = 0;

    /** FFI looks up every function at once: what is older than the header is told apart by these two. */
    private const VERSION = 'int coy_abi_version(void); const char *coy_version(void);';

    private const LOADER = 'void *dlopen(const char *file, int mode); const char *dlerror(void);';
    private const RTLD_LAZY = 1;

    /** The exception's code where the library is ours, but of another time. */
    public const OUTDATED = 1;

    /**
     * @throws LibraryException
     */
    public static function file(string $file, string $header): \FFI
    {
        $version = self::version($file);
        $declarations = \is_readable($header) ? \file_get_contents($header) : false;
        if ($declarations === false) {
            throw new LibraryException("$header, which declares its functions, is not there or not readable: "
                . 'install the package anew');
        }
        try {
            return \FFI::cdef($declarations, $file);
        } catch (\FFI\Exception $failure) {
            throw self::whyNot($version, $failure);
        }
    }

    /**
     * What a preload script has loaded.
     *
     * @throws LibraryException
     */
    public static function scope(string $name): \FFI
    {
        try {
            $bindings = \FFI::scope($name);
        } catch (\FFI\Exception $failure) {
            throw new LibraryException("scope $name (preloaded): " . $failure->getMessage(), 0, $failure);
        }
        try {
            self::checkAbi($bindings->coy_abi_version(), $bindings->coy_version());
        } catch (LibraryException $failure) {
            throw new LibraryException("scope $name (preloaded): " . $failure->getMessage(), 0, $failure);
        }

        return $bindings;
    }

    /** @return string the library's version, where its ABI is ours */
    private static function version(string $file): string
    {
        // The loader would take a name without a slash for one on its path, as it should for the system's
        $obstacle = \str_contains($file, '/') ? Whereabouts::obstacle($file) : null;
        if ($obstacle !== null) {
            throw new LibraryException($obstacle);
        }
        try {
            $probe = \FFI::cdef(self::VERSION, $file);
        } catch (\FFI\Exception $failure) {
            throw new LibraryException(
                \str_starts_with($failure->getMessage(), 'Failed loading')
                    ? self::loaderSays($file)
                    : 'this is no libcoyote: ' . $failure->getMessage(),
                0,
                $failure,
            );
        }
        self::checkAbi($probe->coy_abi_version(), $probe->coy_version());

        return $probe->coy_version();
    }

    private static function checkAbi(int $abi, string $version): void
    {
        if ($abi !== self::ABI) {
            throw new LibraryException(\sprintf(
                'it is version %s with the binary interface %d; this package (%s) needs %d',
                $version,
                $abi,
                BuildFolder::VERSION,
                self::ABI,
            ), self::OUTDATED);
        }
    }

    private static function whyNot(string $version, \FFI\Exception $failure): LibraryException
    {
        if (\preg_match("/^Failed resolving C function '(\\w+)'/", $failure->getMessage(), $missing) === 1) {
            return new LibraryException(
                $version === BuildFolder::VERSION
                    ? "it is version $version as this package, but of older sources: it has no $missing[1]"
                    : \sprintf(
                        'it is version %s, older than this package (%s): it has no %s',
                        $version,
                        BuildFolder::VERSION,
                        $missing[1],
                    ),
                self::OUTDATED,
                $failure,
            );
        }

        return new LibraryException('PHP cannot read bindings.h: ' . $failure->getMessage(), 0, $failure);
    }

    /** PHP itself tells why from 8.3 on only. */
    private static function loaderSays(string $file): string
    {
        try {
            $loader = \FFI::cdef(self::LOADER);
            [$open, $why] = [$loader->dlopen, $loader->dlerror];
            $reason = \is_callable($open) && \is_callable($why) && $open($file, self::RTLD_LAZY) === null ? $why() : '';
        } catch (\FFI\Exception) {
            $reason = '';
        }

        $reason = \is_string($reason) && $reason !== '' ? $reason : 'the system cannot load it';
        // of a library that this one needs the loader says "No such file" as well
        $unknown = !\str_contains($file, '/') && \preg_match('/\blib(?!coyote)\S+: cannot open/', $reason) !== 1
            && \preg_match('/No such file|the system cannot/', $reason) === 1;

        return $reason . ($unknown ? Whereabouts::ofName($file) : '');
    }
}
