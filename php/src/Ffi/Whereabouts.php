<?php

declare(strict_types=1);

namespace Coyote\Ffi;

/**
 * What the file system has to say about a library that could not be opened.
 *
 * @internal
 */
final class Whereabouts
{
    /** Folders where libraries are installed. Not all of them are the loader's before ldconfig has run. */
    private const USUAL = [
        '/usr/local/lib', '/usr/local/lib64', '/usr/local/lib/*-linux-*', '/usr/lib', '/usr/lib64', '/usr/lib/*-linux-*',
        '/opt/coyote/lib',
    ];

    /** Why a file can't be read; null: it can. */
    public static function obstacle(string $file): ?string
    {
        if (\is_readable($file) && !\is_dir($file)) {
            return null;
        }
        if (\is_dir($file)) {
            return 'this is a folder';
        }
        $closed = self::closed($file);
        if ($closed !== null) {
            return \sprintf('%s may not read it: %s is closed to this user', self::user(), $closed);
        }
        if (\is_link($file)) {
            return 'it is a link to ' . \readlink($file) . ', which is not there';
        }

        return 'there is no such file' . (\str_starts_with($file, '/')
            ? ''
            : ' in ' . \getcwd() . ', the working directory that a relative path is taken from');
    }

    /**
     * Where a name without a slash is, though the loader has not found it; '': nowhere that is known.
     *
     * @param list<string>|null $folders to look in
     */
    public static function ofName(string $name, ?array $folders = null): string
    {
        if (\is_file($name)) {
            return "; without a slash it is looked for in the system's folders; for the one in " . \getcwd()
                . " write COYOTE_LIBRARY=./$name";
        }
        foreach ($folders ?? self::USUAL as $pattern) {
            foreach (\glob("$pattern/$name") ?: [] as $file) {
                return "; $file is there, though: has ldconfig been run (as root) since it was installed? "
                    . "Or name it: COYOTE_LIBRARY=$file";
            }
        }

        return '';
    }

    /** The folder or file on the way that is there and that this user may not pass; null: none. */
    public static function closed(string $file): ?string
    {
        $path = \str_starts_with($file, '/') ? $file : \getcwd() . "/$file";
        if (\file_exists($path)) {
            return \is_readable($path) ? null : (\realpath($path) ?: $path);
        }
        while ($path !== '/' && !\file_exists($path)) {
            $path = \dirname($path);
        }

        return \is_dir($path) && !\is_executable($path) ? $path : null;
    }

    private static function user(): string
    {
        if (!\function_exists('posix_geteuid')) {
            return 'PHP\'s user';
        }
        $id = \posix_geteuid();
        $user = \posix_getpwuid($id);

        return 'user ' . ($user === false ? $id : $user['name']);
    }
}
