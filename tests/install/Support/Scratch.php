<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Support;

/** A folder with a space in its name, gone with the object. */
final class Scratch
{
    public readonly string $path;

    public function __construct(string $between = ' ')
    {
        $this->path = \sys_get_temp_dir() . "/coyote{$between}install-" . \bin2hex(\random_bytes(6));
        \mkdir($this->path);
    }

    public function __destruct()
    {
        self::remove($this->path);
    }

    public static function remove(string $path): void
    {
        if (\is_dir($path) && !\is_link($path)) {
            foreach (\array_diff(\scandir($path) ?: [], ['.', '..']) as $name) {
                self::remove("$path/$name");
            }
            \rmdir($path);
        } elseif (\is_link($path) || \file_exists($path)) {
            \unlink($path);
        }
    }

    /** @return list<string> files and links under a folder, by their path in it, sorted */
    public static function files(string $folder): array
    {
        $files = [];
        $all = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($folder, \FilesystemIterator::SKIP_DOTS));
        foreach ($all as $file) {
            \assert($file instanceof \SplFileInfo);
            $files[] = \substr($file->getPathname(), \strlen($folder) + 1);
        }
        \sort($files);

        return $files;
    }
}
