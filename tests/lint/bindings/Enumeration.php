<?php

declare(strict_types=1);

namespace Coyote\Lint\Bindings;

/** An enum of bindings.h. */
final class Enumeration
{
    /** @param list<array{name: string, value: int, comment: string}> $values */
    public function __construct(
        public readonly string $name,
        public readonly array $values,
    ) {
    }

    /** @param string $text from "typedef enum" to the name at its end, with its comments */
    public static function parse(string $text): self
    {
        if (\preg_match('/^typedef enum \w+ \{(.*)\} (\w+)$/s', $text, $found) !== 1) {
            throw new \RuntimeException("bindings.h: this is no enum: $text");
        }
        $values = [];
        \preg_match_all('~(COY_\w+) = (-?\d+),(?:[ \t]*/\*(.*?)\*/)?~s', $found[1], $matches, \PREG_SET_ORDER);
        foreach ($matches as $match) {
            $values[] = ['name' => $match[1], 'value' => (int) $match[2], 'comment' => \trim($match[3] ?? '')];
        }
        if (\count($values) !== \substr_count($found[1], 'COY_')) {
            throw new \RuntimeException("bindings.h: $found[2]: each value needs its number, and a comma");
        }

        return new self($found[2], $values);
    }
}
