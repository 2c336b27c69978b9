<?php

declare(strict_types=1);

namespace Coyote\Tests\Compat;

/**
 * Which workers are in DIR, and what each needs beside it.
 */
final class Packages
{
    private const WORKERS = ['spiral/roadrunner', 'roadrunner-php/worker', 'spiral/roadrunner-worker'];
    private const GORIDGES = ['roadrunner-php/goridge', 'spiral/goridge-php', 'spiral/goridge'];
    private const LOGS = ['psr/log', 'php-fig/log'];

    /** @var list<string> */
    public array $missing = [];

    public function __construct(private readonly string $directory)
    {
    }

    /** @return list<array{worker: Package, with: list<Package>, speaks: string}> */
    public function workers(): array
    {
        $found = [];
        foreach (self::WORKERS as $name) {
            $worker = Package::in($this->directory, $name);
            // from its second version on the repository of the server holds no PHP
            if ($worker !== null && $worker->has('src/Worker.php')) {
                $with = $this->beside($worker);
                $first = !$worker->has('src/Payload.php');
                $with === null || $found[] = ['worker' => $worker, 'with' => $with, 'speaks' => $first ? 'v2' : 'v3'];
            }
        }
        if ($found === [] && $this->missing === []) {
            $this->missing[] = "there is no worker in $this->directory: check out one of "
                . \implode(', ', self::WORKERS) . " (the first with a tag of 1.x) to $this->directory/OWNER/NAME";
        }

        return $found;
    }

    /** @return list<Package>|null null: something is missing */
    private function beside(Package $worker): ?array
    {
        $wanted = $worker->requires('spiral/goridge');
        \preg_match('/\d+/', $wanted, $number);
        $major = (int) ($number[0] ?? 0);
        $goridge = null;
        $others = [];
        foreach (self::GORIDGES as $name) {
            $package = Package::in($this->directory, $name);
            if ($package !== null && self::majorOf($package) === $major) {
                $goridge ??= $package;
            } elseif ($package !== null) {
                $others[] = "{$package->name} is {$package->version()}";
            }
        }
        if ($goridge === null) {
            $this->missing[] = "$worker->name {$worker->version()} needs spiral/goridge $wanted: check it out to "
                . "$this->directory/spiral/goridge or $this->directory/roadrunner-php/goridge"
                . ($others === [] ? '' : ' (' . \implode(', ', $others) . ')');

            return null;
        }
        if ($worker->requires('psr/log') === '') {
            return [$goridge];
        }
        foreach (self::LOGS as $name) {
            $log = Package::in($this->directory, $name);
            if ($log !== null) {
                return [$goridge, $log];
            }
        }
        $this->missing[] = "$worker->name {$worker->version()} needs psr/log {$worker->requires('psr/log')}: check it "
            . "out to $this->directory/psr/log or $this->directory/php-fig/log";

        return null;
    }

    /** By what it holds: a checkout need not know its version. */
    private static function majorOf(Package $goridge): int
    {
        if (!$goridge->has('src/Frame.php')) {
            return 2;
        }
        \preg_match('/\d+(\.\d+)?/', $goridge->requires('php'), $php);

        return \version_compare($php[0] ?? '0', '8.1', '>=') ? 4 : 3;
    }
}
