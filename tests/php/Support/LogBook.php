<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

use Psr\Log\AbstractLogger;

/**
 * A logger that keeps what it is told.
 */
class LogBook extends AbstractLogger
{
    /** @var list<array{level: mixed, text: string, context: array<mixed>}> */
    public array $lines = [];

    /**
     * @param array<mixed> $context
     */
    public function log($level, string|\Stringable $message, array $context = []): void
    {
        $this->lines[] = ['level' => $level, 'text' => (string) $message, 'context' => $context];
    }

    /** @return array{level: mixed, text: string, context: array<mixed>}|null the first line that has the text in it */
    public function find(string $text): ?array
    {
        foreach ($this->lines as $line) {
            if (\str_contains($line['text'], $text)) {
                return $line;
            }
        }

        return null;
    }
}
