<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Support;

/**
 * The files of this clone as git would commit them now: an index of our own, the clone's is not touched.
 */
final class Sources
{
    /** As somebody's clone would have them. */
    public static function checkOut(string $folder): void
    {
        $index = self::index($folder);
        self::git(['checkout-index', '--all', "--prefix=$folder/"], $index);
        \unlink($index);
    }

    /** As the package is handed out: .gitattributes says what is not in it. */
    public static function archive(string $folder): void
    {
        $index = self::index($folder);
        $tree = \trim(self::git(['write-tree'], $index));
        self::git(['archive', '--format=tar', "--output=$folder/package.tar", $tree], $index);
        (new \PharData("$folder/package.tar"))->extractTo($folder);
        \unlink("$folder/package.tar");
        \unlink($index);
    }

    public static function root(): string
    {
        return \dirname(__DIR__, 3);
    }

    private static function index(string $folder): string
    {
        $index = "$folder/index";
        self::git(['add', '--all'], $index);

        return $index;
    }

    /** @param list<string> $words */
    private static function git(array $words, string $index): string
    {
        $run = Command::run(['git', ...$words], self::root(), ['GIT_INDEX_FILE' => $index]);
        if ($run->status !== 0) {
            throw new \RuntimeException('git ' . \implode(' ', $words) . ': ' . $run->all());
        }

        return $run->output;
    }
}
