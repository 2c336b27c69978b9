<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * Whether other users than the one who builds can read what is there, by the modes alone.
 *
 * @internal
 */
final class Access
{
    /** The first folder or file on the way to a path that is closed to others, as far as it is there; null: none. */
    public static function closed(string $path): ?string
    {
        while (\realpath($path) === false && \dirname($path) !== $path) {
            $path = \dirname($path);
        }
        $path = (string) \realpath($path);
        if (\trim($path, '/') === '') {
            return null;
        }
        $way = '';
        foreach (\explode('/', \trim($path, '/')) as $name) {
            $way .= "/$name";
            $needed = \is_dir($way) ? 01 : 04;
            if (((int) @\fileperms($way) & $needed) === 0) {
                return $way;
            }
        }

        return null;
    }
}
