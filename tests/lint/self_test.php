<?php

/** Builds small wrong houses and expects house.php to find each mistake, and nothing else. */

declare(strict_types=1);

const TABLE = <<<'END'
    | floor | what lives here | may include |
    |---|---|---|
    | `base` | | |
    | `wire` | | |
    | `relay` | | `wire` |
    | `relay/attach` | | |
    | `pool` | | `relay/attach` |
    | `loop` | | |
    | `abi` | | `pool` |
    END;

const HOUSE = [
    'capi/README.md' => TABLE,
    'capi/base/README.md' => '', 'capi/base/error.h' => '', 'capi/base/base_private.h' => '',
    'capi/wire/README.md' => '', 'capi/wire/frame.h' => "#include \"base/error.h\"\n",
    'capi/relay/README.md' => '', 'capi/relay/pipe.h' => "#include \"wire/frame.h\"\n",
    'capi/relay/attach/README.md' => '', 'capi/relay/attach/end.h' => "#include \"end_private.h\"\n",
    'capi/relay/attach/end_private.h' => '',
    'capi/pool/README.md' => '', 'capi/pool/pool.h' => "#include \"relay/attach/end.h\"\n",
    'capi/pool/CMakeLists.txt' => "coyote_floor(pool SOURCES pool.c # USES loop\n USES)",
    'capi/loop/README.md' => '', 'capi/loop/loop.c' => "#include <sys/epoll.h>\nint x = epoll_wait();\n",
    'capi/abi/README.md' => '', 'capi/abi/CMakeLists.txt' => "# through pool.h:\nx(floor_pool floor_relay_attach)",
    'capi/abi/abi.c' => "#include \"bindings.h\"\n#include \"pool/pool.h\"\n",
    'bindings.h' => '',
];

/** A file laid over the house, and the mistake that must be told once. */
const MISTAKES = [
    'an upward include' => ['capi/wire/a.c', "\n#include \"pool/pool.h\"\n",
        'capi/wire/a.c:2: wire may not include pool/pool.h; its row in capi/README.md allows base'],
    'an inherited include' => ['capi/pool/a.c', "#include \"wire/frame.h\"\n",
        'capi/pool/a.c:1: pool may not include wire/frame.h'],
    'the whole floor where a part is open' => ['capi/pool/a.c', "#include \"relay/pipe.h\"\n",
        'capi/pool/a.c:1: pool may not include relay/pipe.h'],
    'a part with a narrower row' => ['capi/relay/attach/a.c', "#include \"wire/frame.h\"\n",
        'capi/relay/attach/a.c:1: relay/attach may not include wire/frame.h'],
    'a relative include' => ['capi/wire/a.c', "#  include \"../base/error.h\"\n",
        'capi/wire/a.c:1: #include "../base/error.h": no ./, ../ or absolute paths'],
    'a relative include within' => ['capi/wire/a.c', "#include \"base/../base/error.h\"\n",
        'capi/wire/a.c:1: #include "base/../base/error.h": no ./, ../'],
    'a floor as a system header' => ['capi/relay/a.c', "#include <wire/frame.h>\n",
        'capi/relay/a.c:1: #include <wire/frame.h>: <> is for the system'],
    'a private header of another floor' => ['capi/wire/a.c', "#include \"base_private.h\"\n",
        'capi/wire/a.c:1: #include "base_private.h": a private header of another folder, capi/base/'],
    'an include by macro' => ['capi/wire/a.c', "#include HEADER\n", 'name the file'],
    'bindings.h outside abi' => ['capi/wire/a.c', "#include \"bindings.h\"\n", 'bindings.h is for abi'],
    'a kernel call' => ['capi/wire/a.c', "int f(void) { return timerfd_create(0, 0); }\n",
        'capi/wire/a.c:1: timerfd_create belongs into capi/loop'],
    'a raw kernel call' => ['capi/wire/a.c', "int x = syscall(SYS_pidfd_open, 1, 0);\n",
        'capi/wire/a.c:1: SYS_pidfd_open belongs into capi/loop'],
    'USES of a whole floor where a part is open' => ['capi/pool/CMakeLists.txt',
        "coyote_floor(pool SOURCES a.c\n USES relay/attach relay)", 'capi/pool/CMakeLists.txt: pool uses relay;'],
    'a part that USES beyond its own row' => ['capi/relay/attach/CMakeLists.txt',
        "coyote_floor(relay/attach USES loop)", 'capi/relay/attach/CMakeLists.txt: relay/attach uses loop;'],
    'USES beyond the table' => ['capi/wire/CMakeLists.txt', "coyote_floor(wire SOURCES a.c\n USES pool)",
        'capi/wire/CMakeLists.txt: wire uses pool'],
    'a target beyond the table' => ['capi/wire/CMakeLists.txt', 'target_link_libraries(x floor_loop)',
        'capi/wire/CMakeLists.txt: wire uses loop'],
    'a target seen through a private arrow' => ['capi/abi/CMakeLists.txt', 'x(floor_wire)',
        'capi/abi/CMakeLists.txt: abi uses wire'],
    'a folder without a README' => ['capi/wire/deep/a.h', '', 'capi/wire/deep: no README.md'],
    'a folder that is no floor' => ['capi/utils/a.c', "#include <stdio.h>\n",
        'utils has no row in capi/README.md'],
];

/** What looks like a mistake and is none. */
const FINE = [
    'comments' => "/* #include \"pool/pool.h\"\n   epoll_wait */ // signalfd\n// #include \"../x.h\"\n",
    'texts' => "const char *x = \"epoll_wait /* \"; char c = '\\\"'; const char *y = \"P_PIDFD\";\n",
    'near names' => "int epoll_waiting; int my_signalfd_count; int pidfd;\n#include <sys/epoll.h>\n",
];

/**
 * @param array<string, string> $over
 * @return list<string> the mistakes that are told
 */
function mistakes_of(array $over): array
{
    $root = \sys_get_temp_dir() . '/coyote-lint-' . \bin2hex(\random_bytes(8));
    foreach (\array_merge(HOUSE, $over) as $path => $text) {
        \is_dir(\dirname("$root/$path")) || \mkdir(\dirname("$root/$path"), 0700, true);
        \file_put_contents("$root/$path", $text);
    }
    \exec(\PHP_BINARY . ' -n ' . \escapeshellarg(__DIR__ . '/house.php') . ' ' . \escapeshellarg($root)
        . ' 2>&1', $lines, $status);
    \exec('rm -rf ' . \escapeshellarg($root));
    $summary = (string) \array_pop($lines);
    if (\preg_match('~(\d+) mistakes$~', $summary, $match) !== 1 || (int) $match[1] !== \count($lines)
        || ($status === 0) !== ($lines === [])) {
        $lines[] = "status $status, summary: $summary";
    }
    return $lines;
}

/** @param list<string> $lines what was told, for the one who mends it */
function expect(string $name, bool $good, array $lines): int
{
    if (!$good) {
        echo "FAILED $name:\n    ", \implode("\n    ", $lines === [] ? ['nothing was told'] : $lines), "\n";
    }
    return $good ? 0 : 1;
}

$failures = expect('the house as it should be', ($lines = mistakes_of([])) === [], $lines);
foreach (FINE as $name => $text) {
    $failures += expect($name, ($lines = mistakes_of(['capi/wire/a.c' => $text])) === [], $lines);
}
foreach (MISTAKES as $name => [$path, $text, $told]) {
    $lines = mistakes_of([$path => $text]);
    $found = \array_filter($lines, static fn (string $line): bool => \str_contains($line, $told));
    $failures += expect($name, \count($found) === 1, $lines);
}
\printf("%d houses, %d failures\n", 1 + \count(FINE) + \count(MISTAKES), $failures);
exit($failures === 0 ? 0 : 1);
