<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * vendor/bin/coyote. For programs that are no PHP, Composer puts a shell script there that stays the parent:
 * a signal to it would not reach the server, and as process 1 of a container it would not even end. A link
 * to our script, which Composer replaces by itself at each update, has no such shell in between.
 *
 * @internal
 */
final class ComposerBin
{
    /** @return list<string> what could not be linked */
    public static function link(string $folder, string $package): array
    {
        $failed = [];
        foreach (['coyote', 'coyote-embed'] as $name) {
            $file = "$folder/$name";
            $target = \realpath("$package/php/bin/$name");
            if ($target === false || !self::isProxy($file, $name)) {
                continue;
            }
            $new = "$folder/.$name-" . \bin2hex(\random_bytes(4));
            if (!@\symlink(self::relative((string) \realpath($folder), $target), $new) || !@\rename($new, $file)) {
                @\unlink($new);
                $failed[] = $file;
            }
        }

        return $failed;
    }

    private static function isProxy(string $file, string $name): bool
    {
        if (\is_link($file) || !\is_file($file)) {
            return false;
        }
        $text = (string) \file_get_contents($file);

        return \str_contains($text, 'COMPOSER_RUNTIME_BIN_DIR') && \str_contains($text, "/$name\" \"\$@\"");
    }

    private static function relative(string $from, string $to): string
    {
        $from = \explode('/', \trim($from, '/'));
        $to = \explode('/', \trim($to, '/'));
        while ($from !== [] && $to !== [] && $from[0] === $to[0]) {
            \array_shift($from);
            \array_shift($to);
        }

        return \str_repeat('../', \count($from)) . \implode('/', $to);
    }
}
