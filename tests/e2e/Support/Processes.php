<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

/**
 * What the kernel tells of other processes.
 */
final class Processes
{
    /** @return list<int> pids, zombies left out */
    public static function childrenOf(int $parent): array
    {
        $children = [];
        foreach (\scandir('/proc') ?: [] as $name) {
            $stat = \ctype_digit($name) ? self::stat((int) $name) : null;
            if ($stat !== null && $stat['parent'] === $parent && $stat['state'] !== 'Z') {
                $children[] = (int) $name;
            }
        }

        return $children;
    }

    /** @return list<int> of the groups that these processes lead or led */
    public static function inGroups(int ...$leaders): array
    {
        $found = [];
        foreach (\scandir('/proc') ?: [] as $name) {
            $stat = \ctype_digit($name) ? self::stat((int) $name) : null;
            if ($stat !== null && \in_array($stat['group'], $leaders, true) && $stat['state'] !== 'Z') {
                $found[] = (int) $name;
            }
        }

        return $found;
    }

    public static function isAlive(int $pid): bool
    {
        $stat = self::stat($pid);

        return $stat !== null && $stat['state'] !== 'Z';
    }

    /** @return array{state: string, parent: int, group: int}|null */
    public static function stat(int $pid): ?array
    {
        $stat = @\file_get_contents("/proc/$pid/stat");
        // the name may hold blanks and parentheses
        $rest = $stat === false ? [] : \explode(' ', \substr($stat, (int) \strrpos($stat, ')') + 2));

        return \count($rest) < 3 ? null : ['state' => $rest[0], 'parent' => (int) $rest[1], 'group' => (int) $rest[2]];
    }
}
