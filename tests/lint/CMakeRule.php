<?php

declare(strict_types=1);

namespace Coyote\Lint;

/**
 * The arrows that CMake draws must be in the table too, but for those that it draws because a
 * header of an allowed floor speaks of a third one: who includes service/event/event_service.h
 * needs the folder of payload/executor.h.
 */
final class CMakeRule
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
        foreach (\glob($this->root . '/capi/{*,*/*}/CMakeLists.txt', \GLOB_BRACE) ?: [] as $path) {
            $floor = \substr(\dirname($path), \strlen($this->root . '/capi/'));
            $where = "capi/$floor/CMakeLists.txt";
            if (!$this->table->has($floor)) {
                $mistakes[] = "$where: $floor has no row in capi/README.md";
                continue;
            }
            foreach ($this->used((string) \file_get_contents($path)) as $used) {
                if (!$this->table->allows($floor, $used . '/') && !$this->seenThrough($floor, $used, $files)) {
                    $mistakes[] = "$where: $floor uses $used; its row in capi/README.md allows "
                        . $this->table->describe($floor);
                }
            }
        }
        return $mistakes;
    }

    /** @param list<SourceFile> $files */
    private function seenThrough(string $floor, string $used, array $files): bool
    {
        foreach ($files as $file) {
            if (\str_ends_with($file->path, '.h')
                && $this->table->allows($floor, $file->folder() . '/')
                && \explode('/', $file->folder())[0] !== $floor
                && \preg_grep("~^\"$used/~", $file->includes()) !== []) {
                return true;
            }
        }
        return false;
    }

    /** @return list<string> what stands behind USES, and every floor_NAME */
    private function used(string $text): array
    {
        $text = (string) \preg_replace('~#[^\n]*~', '', $text);
        $used = [];
        \preg_match_all('~\bUSES\s+([a-z/\s]*)~', $text, $lists);
        foreach ($lists[1] as $list) {
            $used = [...$used, ...(\preg_split('~\s+~', $list, -1, \PREG_SPLIT_NO_EMPTY) ?: [])];
        }
        \preg_match_all('~\bfloor_([a-z_]+)~', $text, $targets);
        $targets = \str_replace('_', '/', $targets[1]); // floor_relay_attach is relay/attach
        return \array_values(\array_unique([...$used, ...$targets]));
    }
}
