<?php

/* Rounds of chaos, see README.md: `chaos.php --help`. */

declare(strict_types=1);

namespace Coyote\Tests\E2e\Chaos;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;

foreach (['Outcome', 'Library', 'Reply', 'PoolException', 'Pool', 'Lane', 'Processes'] as $class) {
    require __DIR__ . "/../Support/$class.php";
}
foreach (['Dice', 'Job', 'Plan', 'Books', 'Round'] as $class) {
    require __DIR__ . "/$class.php";
}

const HELP = <<<'END'
Kills, stops, floods and corrupts the workers of a pool, round after round, and balances its books.

  --minutes N     how long, as a number; without it so many rounds as --rounds says, or one a lane
  --rounds N      of each lane
  --jobs N        of a round; 400
  --seed N        of the first round; by chance, and printed
  --relay NAME    pipes, unix or tcp alone
  --lane NAME     one of LANES alone
  --server N      after each turn of the lanes N seconds of `coyote serve` over one of their relays
  --quiet         nothing but the summary

END;

$options = ['minutes' => null, 'rounds' => null, 'jobs' => '400', 'seed' => null, 'relay' => null, 'lane' => null, 'server' => '0'];
$quiet = false;
for ($i = 1; $i < $argc; $i++) {
    $name = \ltrim($argv[$i], '-');
    if ($argv[$i] === '--quiet') {
        $quiet = true;
    } elseif ($argv[$i] === '--' . $name && \array_key_exists($name, $options) && $i + 1 < $argc) {
        $options[$name] = $argv[++$i];
    } else {
        $known = $argv[$i] === '--' . $name && \array_key_exists($name, $options);
        $argv[$i] === '--help' || \fwrite(\STDERR, $known ? "{$argv[$i]} wants a value\n\n" : "there is no option {$argv[$i]}\n\n");
        \fwrite($argv[$i] === '--help' ? \STDOUT : \STDERR, \str_replace('LANES', \implode(', ', \array_keys(Lane::all())), HELP));
        exit($argv[$i] === '--help' ? 0 : 2);
    }
}

foreach (['minutes', 'rounds', 'jobs', 'seed', 'server'] as $name) {
    if ($options[$name] !== null && (!\is_numeric($options[$name]) || $options[$name] < 0)) {
        \fwrite(\STDERR, "--$name: \"{$options[$name]}\" is no number\n");
        exit(2);
    }
}
$lanes = \array_values(\array_filter(Lane::all(), static fn (Lane $lane): bool =>
    \in_array($options['relay'], [null, $lane->relay], true) && \in_array($options['lane'], [null, $lane->name], true)));
if ($lanes === []) {
    \fwrite(\STDERR, \sprintf(
        "there is no lane %s; the relays are pipes, unix and tcp, the lanes %s\n",
        \trim("{$options['lane']} over {$options['relay']}", ' over'),
        \implode(', ', \array_keys(Lane::all())),
    ));
    exit(2);
}
$seed = (int) ($options['seed'] ?? \random_int(1, 999_999_999));
$jobs = (int) $options['jobs'];
$until = $options['minutes'] === null ? null : \microtime(true) + 60 * (float) $options['minutes'];
$rounds = $options['rounds'] !== null ? (int) $options['rounds'] * \count($lanes) : ($until === null ? \count($lanes) : \PHP_INT_MAX);

function memory(): int
{
    \preg_match('/^VmRSS:\s+(\d+)/m', (string) \file_get_contents('/proc/self/status'), $found);

    return (int) ($found[1] ?? 0);
}

/**
 * The outcomes, then what was done to the workers and what their journal says.
 *
 * @param array<string, int> $counts
 */
function words(array $counts): string
{
    $outcomes = \array_flip(\array_column(Outcome::cases(), 'name'));
    \uksort($counts, static fn (string $a, string $b): int =>
        [$outcomes[$a] ?? 99, $a] <=> [$outcomes[$b] ?? 99, $b]);
    $say = static fn (array $some): string => \implode(', ', \array_map(
        static fn (string $name, int $count): string => \strtolower((string) \preg_replace('/(?<=[a-z])(?=[A-Z])/', '_', $name)) . " $count",
        \array_keys($some),
        $some,
    ));

    return $say(\array_intersect_key($counts, $outcomes)) . ' | ' . $say(\array_diff_key($counts, $outcomes));
}

$begun = \microtime(true);
$totals = [];
$failed = [];
$before = 0;
$quiet || print("seed $seed, lanes " . \implode(' ', \array_column($lanes, 'name')) . "\n");
for ($number = 0; $number < $rounds && ($until === null || \microtime(true) < $until); $number++) {
    $lane = $lanes[$number % \count($lanes)];
    $plan = new Plan($seed + \intdiv($number, \count($lanes)), $lane, $jobs);
    $round = new Round($plan);
    $since = \microtime(true);
    $good = $round->run();
    foreach ($round->books->counts as $what => $count) {
        $totals[$what] = ($totals[$what] ?? 0) + $count;
    }
    $quiet || \printf(
        "%s seed %d %s: %.1f s, %s\n",
        $good ? 'ok  ' : 'FAIL',
        $plan->seed,
        $lane->name,
        \microtime(true) - $since,
        words($round->books->counts),
    );
    if (!$good) {
        $failed[] = "./dev chaos --seed $plan->seed --lane $lane->name --rounds 1 --jobs $jobs";
        echo 'settings: ', \json_encode($plan->settings), "\n", $round->books->report();
        echo "the end of its log:\n", $round->log(), "again by: {$failed[\count($failed) - 1]}\n";
    }
    unset($plan, $round);
    if (($number + 1) % \count($lanes) === 0 && $options['server'] > 0) {
        $turn = \intdiv($number, \count($lanes));
        $relays = \array_values(\array_unique(\array_column($lanes, 'relay')));
        $words = [\PHP_BINARY, __DIR__ . '/server.php', $relays[$turn % \count($relays)], (string) ($seed + $turn), $options['server']];
        \passthru(\implode(' ', \array_map(\escapeshellarg(...), $words)), $status);
        $totals['server rounds'] = ($totals['server rounds'] ?? 0) + 1;
        $status === 0 || $failed[] = 'the server, see above: ' . \implode(' ', \array_slice($words, 1));
    }
    // the first rounds make room that is used again
    if ($number === \min(2 * \count($lanes), 16)) {
        $before = memory();
    }
}

$grown = $before === 0 ? 0 : memory() - $before;
\printf("%d rounds of %d jobs in %.0f s: %s, memory grown by %d KiB\n", $number, $jobs, \microtime(true) - $begun, words($totals), $grown);
if ($grown > 64 * 1024) {
    $failed[] = "the host's memory grew by $grown KiB from round 16 on";
}
foreach ($failed as $how) {
    echo "FAILED: $how\n";
}
if ($failed === []) {
    echo "Every job had one outcome, and a true one. The same once more: --seed $seed\n";
}
exit($failed === [] ? 0 : 1);
