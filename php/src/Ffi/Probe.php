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

    /**
     * @throws LibraryException
     */
    public static function file(string $file, string $header): \FFI
    {
        $declarations = \is_file($header) ? \file_get_contents($header) : false;
        if ($declarations === false) {
            throw new LibraryException("$header, which declares its functions, is not there: install the package anew");
        }
        $version = self::version($file);
        try {
            return \FFI::cdef($declarations, $file);
        } catch (\FFI\Exception $failure) {
            throw new LibraryException(self::whyNot($version, $failure), 0, $failure);
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
        if (\str_contains($file, '/') && !\file_exists($file)) {
            throw new LibraryException('there is no such file');
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
            ));
        }
    }

    private static function whyNot(string $version, \FFI\Exception $failure): string
    {
        if (\preg_match("/^Failed resolving C function '(\\w+)'/", $failure->getMessage(), $missing) === 1) {
            return \sprintf(
                'it is version %s, older than this package (%s): it has no %s',
                $version,
                BuildFolder::VERSION,
                $missing[1],
            );
        }

        return 'PHP cannot read bindings.h: ' . $failure->getMessage();
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

        return \is_string($reason) && $reason !== '' ? $reason : 'the system cannot load it';
    }
}
