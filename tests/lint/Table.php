<?php

declare(strict_types=1);

namespace Coyote\Lint;

/** Who may include whom, as the table in capi/README.md says. */
final class Table
{
    /** @param array<string, list<string>> $allowed floor => floors that it may include */
    private function __construct(private readonly array $allowed)
    {
    }

    public static function read(string $path): self
    {
        $allowed = [];
        foreach (\file($path, \FILE_IGNORE_NEW_LINES) ?: [] as $line) {
            if (\preg_match('~^\| `([a-z/]+)` \|.*\|([^|]*)\|$~', $line, $row) === 1) {
                \preg_match_all('~`([a-z/]+)`~', $row[2], $names);
                $allowed[$row[1]] = $names[1];
            }
        }
        if (!isset($allowed['base'])) {
            throw new \RuntimeException("$path holds no table of floors with a row for `base`");
        }
        foreach ($allowed as $floor => $names) {
            foreach ($names as $name) {
                isset($allowed[$name]) || throw new \RuntimeException(
                    "$path: the row of `$floor` names `$name`, which has no row",
                );
            }
        }
        return new self($allowed);
    }

    public function has(string $floor): bool
    {
        return isset($this->allowed[$floor]);
    }

    /** The row that holds for a file, given by its folder below capi/: the longest that fits. */
    public function rowOf(string $folder): ?string
    {
        for ($row = $folder; $row !== '.' && $row !== ''; $row = \dirname($row)) {
            if (isset($this->allowed[$row])) {
                return $row;
            }
        }
        return null;
    }

    /** Whether files of a row may include a path such as "relay/attach/end.h". */
    public function allows(string $row, string $path): bool
    {
        $own = \explode('/', $row)[0];
        foreach ([...$this->allowed[$row], $own, 'base'] as $floor) {
            if (\str_starts_with($path, $floor . '/')) {
                return true;
            }
        }
        return false;
    }

    public function describe(string $row): string
    {
        return \implode(', ', ['base', ...$this->allowed[$row]]);
    }
}
