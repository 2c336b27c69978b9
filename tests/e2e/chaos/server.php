<?php

/* Chaos around `coyote serve`: a ticker whose workers are killed and frozen while resets come; then the
 * log and the workers' own record are balanced. `server.php RELAY [SEED [SECONDS]]`. */

declare(strict_types=1);

namespace Coyote\Tests\E2e\Chaos;

use Coyote\Tests\E2e\Support\Processes;
use Coyote\Tests\E2e\Support\ServerProcess;

require __DIR__ . '/../bootstrap.php';
require __DIR__ . '/../Support/Processes.php';
require __DIR__ . '/Dice.php';

$relay = $argv[1] ?? 'pipes';
$seed = (int) ($argv[2] ?? \random_int(1, 999_999_999));
$seconds = (float) ($argv[3] ?? 8);
$dice = new Dice("server/$seed");
$pool = [
    'num_workers' => $dice->between(2, 4),
    'prefetch' => $dice->one([1, 4]),
    'max_jobs' => $dice->one([0, 25]),
    'destroy_timeout' => '1s', // some are frozen when it is stopped
    'supervisor' => ['exec_ttl' => '300ms', 'watch_tick' => '20ms', 'ttl' => $dice->one([0, '700ms'])],
];

$server = new ServerProcess();
$address = ['pipes' => 'pipes', 'unix' => 'unix://rr.sock', 'tcp' => 'tcp://127.0.0.1:0'][$relay];
$server->write('.rr.json', \json_encode(['ticker' => ['interval' => '2ms', 'workers' => [
    'command' => \sprintf('"%s" "%s/ticks.php"', \PHP_BINARY, __DIR__),
    'relay' => $address,
    'env' => ['SEED' => (string) $seed, 'JOURNAL' => "$server->folder/journal"],
    'pool' => $pool,
]]], \JSON_THROW_ON_ERROR));

$done = ['kills' => 0, 'freezes' => 0, 'thaws' => 0, 'resets' => 0];
$seen = [];
$server->serve(['-c', '.rr.json']);
$server->waitForLog('event 0: ');
$end = \microtime(true) + $seconds;
while (\microtime(true) < $end) {
    $server->watch($dice->between(1, 60) / 1000);
    $workers = Processes::childrenOf($server->pid());
    $seen += \array_fill_keys($workers, true);
    $pid = $workers === [] ? 0 : $workers[$dice->between(0, 1000) % \count($workers)];
    $deed = $dice->weighted(['kills' => 5, 'freezes' => 2, 'thaws' => 2, 'resets' => 1]);
    if ($deed === 'resets') {
        $server->signal(\SIGHUP);
    } elseif ($pid > 0) {
        \posix_kill($pid, ['kills' => \SIGKILL, 'freezes' => \SIGSTOP, 'thaws' => \SIGCONT][$deed]);
    }
    $done[$deed]++;
}
$server->signal(\SIGTERM);
$ended = $server->wait();

$faults = $ended->exitCode === 0 ? [] : ["it ended with {$ended->exitCode}, signal {$ended->signal}"];
/** @var array<int, list<string>> $outcomes of each tick */
$outcomes = [];
$skipped = 0;
foreach ($ended->lines as $line) {
    if (\preg_match('/^event (\d+): (\w+)(.*)$/s', $line['text'], $part) === 1) {
        $outcomes[(int) $part[1]][] = $part[2] . (\str_contains($part[3], '(it has not run)') ? ' unrun' : '');
    } elseif (\preg_match('/^skipped (\d+) tick/', $line['text'], $part) === 1) {
        $skipped += (int) $part[1];
    }
}
$journal = ['begun' => [], 'answered' => []];
foreach (\explode("\n", \trim($server->read('journal'))) as $line) {
    [$what, $tick, $pid] = \explode(' ', $line) + ['', '', ''];
    $journal[$what][(int) $tick][] = $pid;
}

$kinds = [];
foreach ($outcomes as $tick => $of) {
    $kinds[$of[0]] = ($kinds[$of[0]] ?? 0) + 1;
    $begun = \count($journal['begun'][$tick] ?? []);
    $answered = \count($journal['answered'][$tick] ?? []);
    $good = match ($of[0]) {
        'ok', 'error' => [$begun, $answered] === [1, 1],
        'crashed', 'timed_out' => $begun <= 1,
        default => $begun === 0 || !\str_contains($of[0], 'unrun'),
    };
    if (\count($of) !== 1 || !$good) {
        $faults[] = "tick $tick: outcomes " . \implode(', ', $of) . "; begun $begun, answered $answered times";
    }
}
foreach (\array_diff_key($journal['begun'], $outcomes) as $tick => $pids) {
    $faults[] = "tick $tick was begun by " . \implode(', ', $pids) . ' and has no outcome';
}
$last = \max([-1, ...\array_keys($outcomes)]);
if ($last + 1 !== \count($outcomes) + $skipped) {
    $faults[] = \sprintf('the last tick is %d, but %d were served and %d skipped', $last, \count($outcomes), $skipped);
}
$left = Processes::inGroups(...\array_keys($seen));
if ($left !== []) {
    $faults[] = 'workers are left: ' . \implode(' ', $left);
}

\ksort($kinds);
\printf(
    "server over %s, seed %d: %d ticks, %d skipped; %s; %s\n",
    $relay,
    $seed,
    \count($outcomes),
    $skipped,
    \urldecode(\http_build_query($kinds, '', ' ')),
    \urldecode(\http_build_query($done, '', ' ')),
);
foreach (\array_slice($faults, 0, 20) as $fault) {
    echo "FAULT: $fault\n";
}
if ($faults !== []) {
    echo 'workers.pool: ', \json_encode($pool), "\n", "the end of the log:\n", \substr($ended->log, -6000);
    echo "again by: php tests/e2e/chaos/server.php $relay $seed $seconds (with COYOTE_BINARY)\n";
}
exit($faults === [] ? 0 : 1);
