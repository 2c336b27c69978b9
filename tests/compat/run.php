<?php

/* The table against unmodified packages: `./dev compat DIR`, see README.md. */

declare(strict_types=1);

namespace Coyote\Tests\Compat;

use Coyote\Tests\E2e\Support\Lane;

foreach (['Outcome', 'Library', 'Reply', 'PoolException', 'Pool', 'Lane', 'Processes'] as $class) {
    require __DIR__ . "/../e2e/Support/$class.php";
}
foreach (['Package', 'Packages', 'Rig', 'Rows'] as $class) {
    require __DIR__ . "/$class.php";
}

$directory = $argc === 2 ? \realpath($argv[1]) : false;
if ($directory === false) {
    \fwrite(\STDERR, "Usage: ./dev compat DIR, where DIR/OWNER/NAME is a checkout of a package; see tests/compat/README.md\n");
    exit(2);
}

$packages = new Packages($directory);
$found = $packages->workers();
foreach ($packages->missing as $line) {
    \fwrite(\STDERR, "compat: $line\n");
}
$rows = Rows::all();
$table = [];
$failures = 0;
foreach ($found as ['worker' => $worker, 'with' => $with, 'speaks' => $speaks]) {
    $name = "$worker->name {$worker->version()}";
    $beside = \implode(', ', \array_map(static fn (Package $package): string => "$package->name {$package->version()}", $with));
    $map = \array_map(static fn (Package $package): array => $package->autoload(), [$worker, ...$with]);
    $autoload = \json_encode(\array_merge_recursive(...$map), \JSON_THROW_ON_ERROR);
    echo "$name with $beside, ", $speaks === 'v2' ? 'goridge v2' : 'goridge v3', ":\n";
    foreach (Lane::all() as $lane) {
        if ($lane->speaks !== $speaks) {
            continue;
        }
        $good = 0;
        foreach ($rows as $row => $does) {
            $rig = new Rig($lane, $autoload);
            try {
                $does($rig);
                $rig->end();
                $good++;
            } catch (\RuntimeException $why) {
                $failures++;
                echo "  FAILED $lane->name, $row: {$why->getMessage()}\n";
            }
            unset($rig);
        }
        echo \sprintf("  %-14s %d of %d rows\n", $lane->name, $good, \count($rows));
        $table["$name with {$with[0]->version()}"][$lane->name] = "$good/" . \count($rows);
    }
}

if ($table !== []) {
    echo "\n";
    foreach ($table as $name => $cells) {
        $shown = \array_map(static fn (string $lane, string $cell): string => "$lane $cell", \array_keys($cells), $cells);
        echo \sprintf("%-52s %s\n", $name, \implode('  ', $shown));
    }
    echo 'rows: ', \implode(', ', \array_keys($rows)), "\n";
}
exit($failures === 0 && $packages->missing === [] ? 0 : 1);
