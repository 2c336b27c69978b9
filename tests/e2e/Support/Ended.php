<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

/**
 * What a process has left: how it ended, what it printed, what it logged.
 */
final class Ended
{
    /** @var list<array{level: string, text: string, service: string, pid: int}> the JSON lines of the log */
    public readonly array $lines;

    /** @var list<array<mixed>> the same, with all that is in them */
    public readonly array $records;

    public function __construct(
        public readonly int $exitCode,
        public readonly int $signal,
        public readonly string $output,
        public readonly string $log,
    ) {
        $lines = [];
        $records = [];
        foreach (\explode("\n", \trim($log)) as $line) {
            $decoded = \json_decode($line, true);
            if (\is_array($decoded) && \is_string($decoded['level'] ?? null) && \is_string($decoded['text'] ?? null)) {
                $records[] = $decoded;
                $lines[] = [
                    'level' => $decoded['level'],
                    'text' => $decoded['text'],
                    'service' => \is_string($decoded['service'] ?? null) ? $decoded['service'] : '',
                    'pid' => \is_int($decoded['pid'] ?? null) ? $decoded['pid'] : 0,
                ];
            }
        }
        $this->lines = $lines;
        $this->records = $records;
    }

    /**
     * The texts of the lines of a level, in order.
     *
     * @return list<string>
     */
    public function texts(string $level, string $service = ''): array
    {
        $texts = [];
        foreach ($this->lines as $line) {
            if ($line['level'] === $level && ($service === '' || $line['service'] === $service)) {
                $texts[] = $line['text'];
            }
        }

        return $texts;
    }

    /**
     * Those texts of a level that hold another text.
     *
     * @return list<string>
     */
    public function textsWith(string $level, string $words): array
    {
        return \array_values(\array_filter(
            $this->texts($level),
            static fn (string $text): bool => \str_contains($text, $words),
        ));
    }

    /**
     * The lines of a structured kind, such as "worker_died".
     *
     * @return list<array<mixed>>
     */
    public function events(string $name): array
    {
        return \array_values(\array_filter(
            $this->records,
            static fn (array $record): bool => ($record['event'] ?? null) === $name,
        ));
    }

    /**
     * The event's number => what became of it, such as "ok" or "error: boom".
     *
     * @return array<int, string>
     */
    public function outcomes(): array
    {
        $outcomes = [];
        foreach ($this->lines as $line) {
            if (\preg_match('/^event (\d+): (.*)$/s', $line['text'], $found) === 1) {
                $outcomes[(int) $found[1]] = $found[2];
            }
        }

        return $outcomes;
    }
}
