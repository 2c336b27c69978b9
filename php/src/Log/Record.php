<?php

declare(strict_types=1);

namespace Coyote\Log;

/**
 * A log line in the form that the server knows: the byte 0x1E, a JSON object, and the line's end.
 *
 * @internal
 */
final class Record
{
    /** The server takes a longer one for a line like any other. */
    private const MOST = 64 * 1024;

    /** How long a text may be in the whole line; then in a line that was too long. */
    private const TEXT = 32 * 1024;
    private const SHORT_TEXT = 1024;

    /** JSON has up to six bytes for one of the message, which must fit by itself. */
    private const SHORT_MESSAGE = 8 * 1024;

    private readonly string $message;

    /**
     * @param array<mixed> $context
     */
    public function __construct(private readonly string $level, mixed $message, private readonly array $context)
    {
        $this->message = self::fill(\is_string($message) ? $message : Description::of($message), $context);
    }

    /** Without the line's end. */
    public function line(): string
    {
        $line = $this->encode(self::TEXT, self::TEXT);
        if (\strlen($line) > self::MOST) {
            $line = $this->encode(self::SHORT_MESSAGE, self::SHORT_TEXT);
        }
        if (\strlen($line) > self::MOST) {
            $lost = ['context_lost' => \sprintf('%d members that are too much for a line', \count($this->context))];
            $line = (new self($this->level, $this->message, $lost))->encode(self::SHORT_MESSAGE, self::SHORT_TEXT);
        }

        return $line;
    }

    /** For people, without the line's end: `warning: order 17 is late {"days":3}`. */
    public function plain(): string
    {
        $context = $this->context === [] ? '' : ' ' . Value::json((new Value(self::TEXT))->members($this->context));

        return \sprintf('%s: %s%s', $this->level, $this->message, $context);
    }

    private function encode(int $message, int $text): string
    {
        $value = new Value($text);
        $parts = ['level' => $this->level, 'message' => Value::cut($this->message, $message)];
        if ($this->context !== []) {
            $parts['context'] = $value->members($this->context);
        }

        return "\x1e" . Value::json($parts);
    }

    /**
     * Replaces {name} where the context has such a member.
     *
     * @param array<mixed> $context
     */
    private static function fill(string $message, array $context): string
    {
        if ($context === [] || !\str_contains($message, '{')) {
            return $message;
        }
        \preg_match_all('/\{([A-Za-z0-9_.]+)\}/', $message, $found);
        $values = [];
        foreach (\array_intersect_key(\array_flip($found[1]), $context) as $name => $at) {
            $values[$found[0][$at]] = Description::of($context[$name]);
        }

        return \strtr($message, $values);
    }
}
