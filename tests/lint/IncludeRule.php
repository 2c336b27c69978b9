<?php

declare(strict_types=1);

namespace Coyote\Lint;

final class IncludeRule
{
    public function __construct(private readonly string $root, private readonly Table $table)
    {
    }

    /**
     * @param list<SourceFile> $files
     * @return list<string>
     */
    public function check(array $files): array
    {
        $mistakes = [];
        foreach ($files as $file) {
            foreach ($file->includes() as $line => $include) {
                $mistake = $this->mistake($file, $include);
                if ($mistake !== null) {
                    $mistakes[] = "$file->path:$line: $mistake";
                }
            }
        }
        return $mistakes;
    }

    private function mistake(SourceFile $file, string $include): ?string
    {
        if (\preg_match('~^(?:"([^"]+)"|<([^>]+)>)$~', $include, $match) !== 1) {
            return "#include $include: name the file, so that it can be checked";
        }
        $path = $match[2] ?? $match[1];
        if (\preg_match('~(^|/)\.\.?(/|$)~', $path) === 1 || \str_starts_with($path, '/')) {
            return "#include $include: no ./, ../ or absolute paths; write floor/header.h";
        }
        $row = $this->table->rowOf($file->folder());
        if ($row === null) {
            return "{$file->folder()} has no row in capi/README.md";
        }
        if ($path === 'bindings.h') {
            return $row === 'abi' ? null : 'bindings.h is for abi alone; use the floors';
        }
        return $this->ofAFloor($path) ? $this->floorMistake($row, $path, $include)
            : $this->privateMistake($file, $path, $include);
    }

    private function ofAFloor(string $path): bool
    {
        return \str_contains($path, '/') && $this->table->has(\explode('/', $path)[0])
            && \is_file("$this->root/capi/$path");
    }

    private function floorMistake(string $row, string $path, string $include): ?string
    {
        if ($include[0] === '<') {
            return "#include $include: <> is for the system's headers";
        }
        return $this->table->allows($row, $path) ? null
            : "$row may not include $path; its row in capi/README.md allows {$this->table->describe($row)}";
    }

    /** A private header lies beside its includer or at the top of the same floor. */
    private function privateMistake(SourceFile $file, string $path, string $include): ?string
    {
        $floor = \explode('/', $file->folder())[0];
        $near = ["$this->root/capi/{$file->folder()}/$path", "$this->root/capi/$floor/$path"];
        if ($include[0] === '<' || \array_filter($near, \is_file(...)) !== []) {
            return null;
        }
        $far = \glob("$this->root/capi/{*,*/*,*/*/*}/" . \basename($path), \GLOB_BRACE) ?: [];
        return $far === [] ? null : "#include $include: a private header of another folder, "
            . \substr($far[0], \strlen($this->root) + 1);
    }
}
