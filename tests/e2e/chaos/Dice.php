<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Chaos;

/**
 * Chance that comes out the same for the same seed.
 */
final class Dice
{
    private int $drawn = 0;

    public function __construct(private readonly string $seed)
    {
    }

    /** From least to most, both included. */
    public function between(int $least, int $most): int
    {
        $bytes = \unpack('J', \hash('xxh3', $this->seed . '/' . $this->drawn++, true));

        return $least + (int) (($bytes[1] & \PHP_INT_MAX) % ($most - $least + 1));
    }

    public function percent(int $of): bool
    {
        return $this->between(1, 100) <= $of;
    }

    /**
     * @template T
     * @param list<T> $values
     * @return T
     */
    public function one(array $values): mixed
    {
        return $values[$this->between(0, \count($values) - 1)];
    }

    /** @param array<string, int> $weights */
    public function weighted(array $weights): string
    {
        $left = $this->between(1, \array_sum($weights));
        foreach ($weights as $name => $weight) {
            $left -= $weight;
            if ($left <= 0) {
                return $name;
            }
        }
        throw new \LogicException('there is nothing to choose from');
    }

    public function bytes(int $size): string
    {
        $block = \hash('sha512', $this->seed . '/' . $this->drawn++, true);

        return \substr(\str_repeat($block, \intdiv($size, 64) + 1), 0, $size);
    }
}
