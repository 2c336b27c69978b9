<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * How packages are called and installed on this system, and on the others.
 *
 * @internal
 */
final class Distribution
{
    /** Ways to install, and the families of systems (ID and ID_LIKE of os-release) that go them. */
    private const WAYS = [
        'apt' => ['apt-get install -y --no-install-recommends', ['debian', 'ubuntu']],
        'apk' => ['apk add', ['alpine']],
        'dnf' => ['dnf install -y', ['fedora', 'rhel', 'centos']],
    ];

    /** @param string $release the text of /etc/os-release; '' where there is none */
    public function __construct(private readonly string $release)
    {
    }

    public static function here(): self
    {
        foreach (['/etc/os-release', '/usr/lib/os-release'] as $file) {
            if (\is_readable($file)) {
                return new self((string) \file_get_contents($file));
            }
        }

        return new self('');
    }

    /** @return 'apt'|'apk'|'dnf'|null null: another system */
    public function way(): ?string
    {
        $families = \explode(' ', $this->value('ID') . ' ' . $this->value('ID_LIKE'));
        foreach (self::WAYS as $way => [, $names]) {
            if (\array_intersect($families, $names) !== []) {
                return $way;
            }
        }

        return null;
    }

    /**
     * A line for each way, that of this system first.
     *
     * @param list<Requirement> $missing
     *
     * @return list<string>
     */
    public function lines(array $missing): array
    {
        $here = $this->way();
        $first = [];
        $others = [];
        foreach (self::WAYS as $way => [$command]) {
            $packages = [];
            foreach ($missing as $requirement) {
                $packages = [...$packages, ...\explode(' ', $requirement->packages[$way])];
            }
            $line = $command . ' ' . \implode(' ', \array_unique($packages));
            if ($way === $here) {
                $first[] = "$line    # here: " . ($this->value('PRETTY_NAME') ?: $this->value('ID'));
            } else {
                $others[] = $line;
            }
        }

        return [...$first, ...$others];
    }

    private function value(string $key): string
    {
        return \preg_match("/^$key=(.*)$/m", $this->release, $found) === 1 ? \trim($found[1], "\"' \t\r") : '';
    }
}
