<?php

declare(strict_types=1);

namespace Coyote\Lint;

/** The arrows that CMake draws must be in the table too. */
final class CMakeRule
{
    public function __construct(private readonly string $root, private readonly Table $table)
    {
    }

    /** @return list<string> */
    public function check(): array
    {
        $mistakes = [];
        foreach (\glob($this->root . '/capi/*/CMakeLists.txt') ?: [] as $path) {
            $floor = \basename(\dirname($path));
            $where = "capi/$floor/CMakeLists.txt";
            if (!$this->table->has($floor)) {
                $mistakes[] = "$where: $floor has no row in capi/README.md";
                continue;
            }
            foreach ($this->used((string) \file_get_contents($path)) as $used) {
                if (!$this->table->allows($floor, $used . '/')) {
                    $mistakes[] = "$where: $floor uses $used; its row in capi/README.md allows "
                        . $this->table->describe($floor);
                }
            }
        }
        return $mistakes;
    }

    /** @return list<string> what stands behind USES, and every floor_NAME */
    private function used(string $text): array
    {
        $text = (string) \preg_replace('~#[^\n]*~', '', $text);
        $used = [];
        \preg_match_all('~\bUSES\s+([a-z\s]*)~', $text, $lists);
        foreach ($lists[1] as $list) {
            $used = [...$used, ...(\preg_split('~\s+~', $list, -1, \PREG_SPLIT_NO_EMPTY) ?: [])];
        }
        \preg_match_all('~\bfloor_([a-z]+)~', $text, $targets);
        return \array_values(\array_unique([...$used, ...$targets[1]]));
    }
}
