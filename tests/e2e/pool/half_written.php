<?php

/* A host whose worker, frozen, has the half of a payload: `half_written.php LANE FOLDER`. Prints the
 * worker's pid, then "written", and waits to be killed. */

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Pool;

require __DIR__ . '/../../../vendor/autoload.php';
require __DIR__ . '/bootstrap.php';

$lane = Lane::named($argv[1]);
$pool = (new Pool($lane->command(), ['num_workers' => 1] + $lane->settings($argv[2])))->start();
$pid = $pool->exec('pid')->pid;
echo "$pid\n";
\posix_kill($pid, \SIGSTOP);
$pool->submit(\str_repeat('x', 8_000_000));
$pool->poll(50);
echo "written\n";
\posix_kill($pid, \SIGCONT);
// nothing is written any more, and the worker reads what there is
for (;;) {
    \sleep(60);
}
