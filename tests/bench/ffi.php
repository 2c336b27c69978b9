<?php

/**
 * php ffi.php BENCH_FFI LIBRARY [RUNS]: what PHP over FFI costs beside C on the same library, in one run.
 */

declare(strict_types=1);

const EXECS = [1 => 10_000, 16 => 50_000];
const WORKER = __DIR__ . '/../fixtures/workers/obedient.php';

/** What a command prints. */
function output(string ...$command): string
{
    $process = \proc_open($command, [1 => ['pipe', 'w']], $pipes);
    $text = $process === false ? '' : (string) \stream_get_contents($pipes[1]);
    if ($process === false || \proc_close($process) !== 0) {
        \fwrite(STDERR, 'ffi.php: failed: ' . \implode(' ', $command) . "\n");
        exit(1);
    }

    return $text;
}

/** @param non-empty-list<float> $values */
function median(array $values): float
{
    \sort($values);

    return $values[\intdiv(\count($values), 2)];
}

/**
 * Milliseconds that a PHP process takes from launch to end.
 *
 * @param list<string> $arguments
 */
function lifetime(array $arguments): float
{
    $begin = \hrtime(true);
    output(PHP_BINARY, ...$arguments);

    return (\hrtime(true) - $begin) / 1e6;
}

/**
 * One at a time, host and worker on one CPU: where both have their own, the kernel's wake-ups across cores
 * are most of an exec, differ from run to run, and hide what is asked here.
 */
function exec_rows(string $program, string $worker, int $runs): void
{
    $execs = (string) EXECS[1];
    $pin = ['taskset', '1'];
    $host = [PHP_BINARY, __DIR__ . '/ffi_host.php'];
    rows("one at a time, host and worker on one CPU; median of $runs runs of each, in turn", [
        'C' => [...$pin, $program, $execs, '1', $worker],
        'PHP over FFI, calls of bindings.h' => [...$pin, ...$host, 'raw', $execs, $worker],
        'PHP over FFI, Coyote\Pool' => [...$pin, ...$host, $execs, '1', $worker],
    ], $runs);
    rows('the same wherever the kernel puts them', [
        'C' => [$program, $execs, '1', $worker],
        'PHP over FFI, calls of bindings.h' => [...$host, 'raw', $execs, $worker],
        'PHP over FFI, Coyote\Pool' => [...$host, $execs, '1', $worker],
    ], $runs);
    $execs = (string) EXECS[16];
    rows('16 on their way', [
        'C' => [$program, $execs, '16', $worker],
        'PHP over FFI, Coyote\Pool' => [...$host, $execs, '16', $worker],
    ], $runs);
}

/** @param non-empty-array<string, non-empty-list<string>> $commands the first is what others are compared with */
function rows(string $title, array $commands, int $runs): void
{
    $took = [];
    for ($run = 0; $run < $runs; $run++) {
        foreach ($commands as $name => $command) {
            $took[$name][] = (float) output(...$command);
        }
    }
    $unit = median(\reset($took));
    echo "$title\n";
    foreach ($took as $name => $values) {
        $line = "  %-44s %8.2f us  %5.2f  (%.2f to %.2f us)\n";
        \printf($line, $name, median($values), median($values) / $unit, \min($values), \max($values));
    }
}

function idle_row(string $worker): void
{
    $idle = (float) output(PHP_BINARY, __DIR__ . '/ffi_host.php', 'idle', '100000', $worker);
    $calls = <<<'PHP'
        $c = FFI::cdef('int coy_abi_version(void);', getenv('COYOTE_LIBRARY'));
        $begin = hrtime(true);
        for ($i = 0; $i < 1000000; $i++) { $c->coy_abi_version(); }
        printf("%.4f\n", (hrtime(true) - $begin) / 1000 / 1000000);
        PHP;
    $call = (float) output(PHP_BINARY, '-r', $calls);
    \printf("  %-44s %8.2f us\n", 'next() with nothing to do', $idle);
    \printf("  %-44s %8.2f us\n", 'an empty FFI call', $call);
}

function memory_row(string $worker): void
{
    $kib = \array_map('intval', \explode("\n", \trim(
        output(PHP_BINARY, __DIR__ . '/ffi_host.php', 'memory', '1000000', $worker),
    )));
    \printf(
        "  memory after 0.1, 0.5 and 1.1 M execs: %.1f, %.1f, %.1f MiB\n",
        $kib[0] / 1024,
        $kib[4] / 1024,
        $kib[10] / 1024,
    );
}

function load_rows(int $runs): void
{
    $autoload = \dirname(__DIR__, 2) . '/php/autoload.php';
    $bare = \sprintf('require %s;', \var_export($autoload, true));
    $timed = <<<'PHP'
        $begin = hrtime(true);
        Coyote\Ffi\Library::bindings();
        printf("%.4f\n", (hrtime(true) - $begin) / 1e6);
        PHP;
    $start = $load = [];
    for ($run = 0; $run < $runs * 5; $run++) {
        $start[] = lifetime(['-r', '']);
        $load[] = (float) output(PHP_BINARY, '-r', $bare . $timed);
    }
    \printf("  %-44s %8.2f ms   1.00\n", 'a PHP process, from launch to end', median($start));
    \printf("  %-44s %8.2f ms  %5.2f\n", 'of it: the library loaded', median($load), median($load) / median($start));
}

[, $program, $library] = $argv;
\putenv("COYOTE_LIBRARY=$library");
$worker = \sprintf('"%s" "%s"', PHP_BINARY, WORKER);
$runs = \max(1, (int) ($argv[3] ?? 7));
echo "100 bytes, one PHP worker over pipes\n";
exec_rows($program, $worker, $runs);
echo "and\n";
idle_row($worker);
memory_row($worker);
load_rows($runs);
