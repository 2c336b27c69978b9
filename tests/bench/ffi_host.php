<?php

/**
 * php ffi_host.php EXECS WINDOW WORKER: what bench_ffi.c does, by Coyote\Pool; prints microseconds an exec.
 * php ffi_host.php raw EXECS WORKER: the same one at a time, by calls of bindings.h alone.
 * php ffi_host.php idle CALLS WORKER: the same for next() with nothing to do.
 * php ffi_host.php memory EXECS WORKER: KiB of this process on the way, a line each.
 */

declare(strict_types=1);

use Coyote\Ffi\Library;
use Coyote\Payload;
use Coyote\Pool;

require __DIR__ . '/../../php/autoload.php';

const SIZE = 100;
const WARM_UP = 2000;

function one_at_a_time(Pool $pool, Payload $payload, int $execs): void
{
    for ($i = 0; $i < $execs; $i++) {
        if (\strlen($pool->exec($payload)->body()) !== SIZE) {
            throw new RuntimeException('an exec failed');
        }
    }
}

function in_a_window(Pool $pool, Payload $payload, int $execs, int $window): void
{
    for ($done = $sent = 0; $done < $execs; $done++) {
        for (; $sent < $execs && $sent - $done < $window; $sent++) {
            $pool->submit($payload);
        }
        $reply = $pool->next();
        if ($reply === null || \strlen($reply->body()) !== SIZE) {
            throw new RuntimeException('an exec failed');
        }
    }
}

function run(Pool $pool, Payload $payload, int $execs, int $window): void
{
    $window === 1 ? one_at_a_time($pool, $payload, $execs) : in_a_window($pool, $payload, $execs, $window);
}

/** Resident memory in KiB, as the kernel says. */
function resident(): int
{
    \preg_match('~^VmRSS:\s+(\d+)~m', (string) \file_get_contents('/proc/self/status'), $found);

    return (int) ($found[1] ?? 0);
}

[, $execs, $window, $worker] = $argv;
$payload = new Payload(\str_repeat('x', SIZE), '{}');

/** As somebody would write it who does without the classes. */
function raw(string $worker, string $body, int $warm_up, int $execs): float
{
    $library = Library::bindings();
    $pool = $library->coy_pool_new($worker) ?? throw new RuntimeException($library->coy_error_message());
    $library->coy_pool_set($pool, 'num_workers', '1');
    $library->coy_pool_start($pool, 60_000);
    $begin = \hrtime(true);
    for ($i = -$warm_up; $i < $execs; $i++) {
        if ($i === 0) {
            $begin = \hrtime(true);
        }
        $reply = $library->coy_pool_exec($pool, '{}', 2, $body, SIZE, 60_000);
        if ($reply === null || $library->coy_reply_outcome($reply) !== 0) {
            throw new RuntimeException('an exec failed');
        }
        $size = $library->coy_reply_body_size($reply);
        if (\strlen(FFI::string($library->coy_reply_body($reply), $size)) !== SIZE) {
            throw new RuntimeException('an exec failed');
        }
        $library->coy_reply_free($reply);
    }
    $took = (\hrtime(true) - $begin) / 1000 / $execs;
    $library->coy_pool_free($pool);

    return $took;
}

if ($execs === 'raw') {
    \printf("%.4f\n", raw($worker, $payload->body, WARM_UP, (int) $window));
    exit;
}

if ($execs === 'idle') {
    $pool = new Pool($worker, ['num_workers' => 1]);
    $pool->start(60.0);
    $begin = \hrtime(true);
    for ($i = 0; $i < (int) $window; $i++) {
        $pool->next(0.0);
    }
    \printf("%.4f\n", (\hrtime(true) - $begin) / 1000 / (int) $window);
    exit;
}

if ($execs === 'memory') {
    $pool = new Pool($worker, ['num_workers' => 1, 'prefetch' => 16]);
    $pool->start(60.0);
    for ($part = 0; $part <= 10; $part++) {
        in_a_window($pool, $payload, \intdiv((int) $window, 10), 16);
        \printf("%d\n", resident());
    }
    exit;
}

$pool = new Pool($worker, ['num_workers' => 1, 'prefetch' => (int) $window]);
$pool->start(60.0);
run($pool, $payload, WARM_UP, (int) $window);
$begin = \hrtime(true);
run($pool, $payload, (int) $execs, (int) $window);
\printf("%.4f\n", (\hrtime(true) - $begin) / 1000 / (int) $execs);
