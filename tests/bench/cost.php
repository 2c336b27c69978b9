<?php

/**
 * php cost.php BENCH_COST [--check]: instructions that a host executes for one exec, counted by
 * callgrind while only that happens. --check: the quick cases alone; status 1 where a limit is passed.
 */

declare(strict_types=1);

const LIMIT = 1.10;
const ROW = "  %-42s %12s %9s %7s %12s  %s\n";

/** @return list<array{instructions: int, calls: int}> of each dump of one case */
function run(string $program, string $case): array
{
    $folder = \sys_get_temp_dir() . '/coyote-cost-' . \getmypid();
    @\mkdir($folder);
    $command = [
        'valgrind', '-q', '--tool=callgrind', '--instr-atstart=no', '--collect-systime=usec',
        "--callgrind-out-file=$folder/out", $program, $case,
    ];
    $process = \proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', "$folder/errors", 'w']], $pipes);
    if ($process === false || \proc_close($process) !== 0) {
        \fwrite(STDERR, "cost.php: $case failed:\n" . \file_get_contents("$folder/errors"));
        exit(1);
    }
    $dumps = [];
    foreach (\glob("$folder/out.*") ?: [] as $file) {
        $text = (string) \file_get_contents($file);
        \preg_match('~^totals: (\d+) (\d+)~m', $text, $found);
        $dumps[] = ['instructions' => (int) $found[1], 'calls' => (int) $found[2] - clock_calls($text)];
    }
    \array_map(\unlink(...), \glob("$folder/*") ?: []);
    \rmdir($folder);
    return $dumps;
}

/** System calls that there are under valgrind alone: elsewhere the clock is read without the kernel. */
function clock_calls(string $text): int
{
    $calls = 0;
    $names = [];
    $name = $before = '';
    foreach (\explode("\n", $text) as $line) {
        if (\preg_match('~^fn=\((\d+)\)(?: (.+))?~', $line, $found) === 1) {
            $name = $names[$found[1]] ??= $found[2] ?? '';
        } elseif (\str_starts_with($name, 'clock_gettime') && !\str_starts_with($before, 'calls=')
            && \preg_match('~^[+*-]?\d* \d+ (\d+)~', $line, $found) === 1) {
            $calls += (int) $found[1];
        }
        $before = $line;
    }
    return $calls;
}

/** @param non-empty-list<int> $values */
function median(array $values): int
{
    \sort($values);
    return $values[\intdiv(\count($values), 2)];
}

$program = $argv[1] ?? '';
$check = \in_array('--check', $argv, true);
$lines = \explode("\n", \trim((string) \shell_exec(\escapeshellarg($program))));
$execs = (int) \array_shift($lines);
$measured = [];
$exceeded = [];

echo "what the host executes for one exec of 100 bytes, in steady state, by callgrind\n";
\printf(ROW, '', 'instructions', 'x of base', 'at most', 'system calls', '');
foreach ($lines as $line) {
    [$name, $title, $base, $limited, $quick] = \explode("\t", $line);
    if ($check && $quick === '0') {
        continue;
    }
    $dumps = run($program, $name);
    $measured[$name] = median(\array_column($dumps, 'instructions')) / $execs;
    $ratio = $measured[$name] / $measured[$base === '' ? $name : $base];
    $good = $limited === '0' || $ratio <= LIMIT;
    \printf(
        ROW,
        $title,
        \number_format($measured[$name]),
        $base === '' ? '(base)' : \sprintf('%.2f', $ratio),
        $limited === '1' ? \sprintf('%.2f', LIMIT) : '',
        \sprintf('%.1f', median(\array_column($dumps, 'calls')) / $execs),
        $limited === '1' ? ($good ? 'OK' : 'TOO MUCH') : '',
    );
    if (!$good) {
        $exceeded[] = $title;
    }
}
if ($exceeded !== []) {
    \printf("  above the limit: %s\n", \implode('; ', $exceeded));
}
exit($check && $exceeded !== [] ? 1 : 0);
