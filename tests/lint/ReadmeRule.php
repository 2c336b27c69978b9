<?php

declare(strict_types=1);

namespace Coyote\Lint;

/** Every folder opens with a README. */
final class ReadmeRule
{
    /** Folders whose whole tree is meant, and those of which only the first level is. */
    private const DEEP = ['capi', 'php/src'];
    private const SHALLOW = ['php', 'php/examples', 'examples', 'tests', '.ci', 'cmake'];

    public function __construct(private readonly string $root)
    {
    }

    /** @return list<string> */
    public function check(): array
    {
        $folders = [];
        foreach (self::DEEP as $folder) {
            $folders = [...$folders, ...$this->tree($folder)];
        }
        foreach (self::SHALLOW as $folder) {
            $folders = [...$folders, $folder, ...$this->children($folder)];
        }
        $mistakes = [];
        foreach (\array_unique($folders) as $folder) {
            if (\is_dir("$this->root/$folder") && !\is_file("$this->root/$folder/README.md")) {
                $mistakes[] = "$folder: no README.md; say what lives here, what it may touch, which "
                    . 'file to read first';
            }
        }
        return $mistakes;
    }

    /** @return list<string> */
    private function children(string $folder): array
    {
        return \array_map(
            fn (string $path): string => \substr($path, \strlen($this->root) + 1),
            \glob("$this->root/$folder/*", \GLOB_ONLYDIR) ?: [],
        );
    }

    /** @return list<string> */
    private function tree(string $folder): array
    {
        $folders = [$folder];
        foreach ($this->children($folder) as $child) {
            $folders = [...$folders, ...$this->tree($child)];
        }
        return $folders;
    }
}
