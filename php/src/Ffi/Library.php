<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Exception\LibraryException;

/**
 * libcoyote, loaded once in a process: handles of one FFI object are foreign to another.
 *
 * Looked for in this order: what COYOTE_LIBRARY names, and nothing else then; what coyote-build has
 * built; the system's own. Outside the command line it may have been preloaded, which goes first.
 *
 * @internal
 */
final class Library
{
    /** FFI_SCOPE of bindings.h. */
    public const SCOPE = 'coyote';

    /** The file's name where the system's loader looks. */
    public const SONAME = 'libcoyote.so.0';

    private static ?\FFI $bindings = null;
    private static string $origin = '';

    /**
     * The functions of bindings.h. The first call loads them, which does not wait for anything but
     * the disk.
     *
     * @throws LibraryException every place that was tried, why it failed there, and how to mend it
     */
    public static function bindings(): \FFI
    {
        return self::$bindings ?? self::load();
    }

    /** Which file it is, or the scope that was preloaded; '' before it is loaded. */
    public static function origin(): string
    {
        return self::$origin;
    }

    /** The header that goes with this package. */
    public static function header(): string
    {
        return \dirname(__DIR__, 3) . '/bindings.h';
    }

    private static function load(): \FFI
    {
        $obstacle = Advice::obstacle();
        if ($obstacle !== null) {
            throw new LibraryException($obstacle);
        }
        $failures = [];
        $outdated = false;
        if (\PHP_SAPI !== 'cli') {
            try {
                return self::keep(Probe::scope(self::SCOPE), 'scope ' . self::SCOPE);
            } catch (LibraryException $failure) {
                $failures[] = $failure->getMessage();
            }
        }
        if (Advice::mayLoad()) {
            foreach (self::places() as $file => $what) {
                try {
                    return self::keep(Probe::file($file, self::header()), $file);
                } catch (LibraryException $failure) {
                    $failures[] = \sprintf('%s (%s): %s', $file, $what, $failure->getMessage());
                    $outdated = $outdated || $failure->getCode() === Probe::OUTDATED;
                }
            }
        }

        throw new LibraryException(Advice::summary($failures, $outdated));
    }

    private static function keep(\FFI $bindings, string $origin): \FFI
    {
        self::$origin = $origin;

        return self::$bindings = $bindings;
    }

    /**
     * @return array<string, string> file => what it is
     */
    private static function places(): array
    {
        $named = (string) \getenv('COYOTE_LIBRARY');
        if ($named !== '') {
            return [$named => 'COYOTE_LIBRARY; while it is set nothing else is tried'];
        }
        $built = BuildFolder::library();
        $places = $built === null ? [] : [$built => 'what coyote-build makes'];

        return $places + [self::SONAME => "the system's"];
    }
}
