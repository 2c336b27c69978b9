<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

/**
 * What a server has left: how it ended, what it printed, what it logged.
 */
final class Ended
{
    /** @var list<array{level: string, text: string, service?: string}> */
    public readonly array $lines;

    public function __construct(
        public readonly int $exitCode,
        public readonly int $signal,
        public readonly string $output,
        public readonly string $log,
    ) {
        $lines = [];
        foreach (explode("\n", trim($log)) as $line) {
            $decoded = json_decode($line, true);
            if (is_array($decoded) && is_string($decoded['level'] ?? null) && is_string($decoded['text'] ?? null)) {
                /** @var array{level: string, text: string, service?: string} $decoded */
                $lines[] = $decoded;
            }
        }
        $this->lines = $lines;
    }

    /**
     * The texts of a level, in order.
     *
     * @return list<string>
     */
    public function texts(string $level, string $containing = ''): array
    {
        $texts = [];
        foreach ($this->lines as $line) {
            if ($line['level'] === $level && ($containing === '' || str_contains($line['text'], $containing))) {
                $texts[] = $line['text'];
            }
        }
        return $texts;
    }

    /**
     * Number of the event => what became of it: "ok", "crashed: why".
     *
     * @return array<int, string>
     */
    public function outcomes(): array
    {
        $outcomes = [];
        foreach ($this->lines as $line) {
            if (preg_match('/^event (\d+): (.*)$/s', $line['text'], $found) === 1) {
                $outcomes[(int) $found[1]] = $found[2];
            }
        }
        return $outcomes;
    }
}
