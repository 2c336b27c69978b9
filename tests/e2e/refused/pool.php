<?php

/** Says as JSON what a pool does, in a process that has a descriptor more than workers may have. */

declare(strict_types=1);

use Coyote\Pool;

require __DIR__ . '/../../../php/autoload.php';

// PHP's own are close-on-exec or not as PHP likes; this one is inherited for certain
$libc = FFI::cdef('int dup2(int from, int to);');
$libc->dup2(2, 77);

$pool = new Pool(sprintf('"%s" "%s"', PHP_BINARY, __DIR__ . '/worker.php'), ['num_workers' => 1]);
$first = $pool->exec('pid')->body();
$inherited = $pool->exec('inherited')->body();
$crash = $pool->wait($pool->submit('crash'));
$second = $pool->exec('pid')->body();
$pool->stop();

echo json_encode([
    'seccomp' => preg_match('/^Seccomp:\s*2$/m', (string) file_get_contents('/proc/self/status')),
    'inherited' => [is_link('/proc/self/fd/77'), $inherited],
    'crash' => [$crash->outcome->value, $crash->message],
    'replaced' => $first !== $second,
    'left' => file_exists("/proc/$second"),
], JSON_THROW_ON_ERROR);
