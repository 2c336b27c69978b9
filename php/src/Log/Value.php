<?php

declare(strict_types=1);

namespace Coyote\Log;

/**
 * Makes anything into what JSON can tell. Never throws, and ends whatever the value is: cycles and
 * huge structures are cut.
 *
 * @internal
 */
final class Value
{
    private const DEPTH = 8;
    private const FRAMES = 25;

    /** How many values one context may have, those in it counted. */
    private int $left = 2000;

    public function __construct(private readonly int $longestText)
    {
    }

    /** Of what this class has made; bytes that are no UTF-8 become U+FFFD. */
    public static function json(mixed $value): string
    {
        $flags = \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE | \JSON_INVALID_UTF8_SUBSTITUTE
            | \JSON_PRESERVE_ZERO_FRACTION | \JSON_PARTIAL_OUTPUT_ON_ERROR;

        return (string) \json_encode($value, $flags);
    }

    /** At most so many bytes, and a few that tell what is missing. */
    public static function cut(string $text, int $most): string
    {
        if (\strlen($text) <= $most) {
            return $text;
        }
        // Not in the middle of a character
        $start = (string) \preg_replace('/[\xC0-\xFF][\x80-\xBF]*\z/', '', \substr($text, 0, $most));

        return \sprintf('%s… (%d bytes)', $start, \strlen($text));
    }

    /**
     * @param array<mixed> $values
     */
    public function members(array $values, int $depth = 0): \stdClass
    {
        $members = new \stdClass();
        foreach ($values as $name => $value) {
            if ($this->left-- <= 0) {
                $members->{'…'} = \sprintf('%d in all', \count($values));
                break;
            }
            // A property's name can't begin with a NUL, and the server's reader knows none
            $members->{\str_replace("\0", "\u{FFFD}", (string) $name)} = $this->of($value, $depth + 1);
        }

        return $members;
    }

    private function of(mixed $value, int $depth): mixed
    {
        return match (true) {
            $value === null, \is_bool($value), \is_int($value) => $value,
            \is_string($value) => self::cut($value, $this->longestText),
            \is_float($value) => \is_finite($value) ? $value : Description::of($value),
            $depth > self::DEPTH => Description::ofKind($value),
            \is_array($value) => \array_is_list($value) ? $this->items($value, $depth) : $this->members($value, $depth),
            \is_object($value) => $this->ofObject($value, $depth),
            default => Description::of($value),
        };
    }

    /**
     * @param list<mixed> $values
     *
     * @return list<mixed>
     */
    private function items(array $values, int $depth): array
    {
        $items = [];
        foreach ($values as $value) {
            if ($this->left-- <= 0) {
                $items[] = \sprintf('… %d in all', \count($values));
                break;
            }
            $items[] = $this->of($value, $depth + 1);
        }

        return $items;
    }

    private function ofObject(object $value, int $depth): mixed
    {
        if ($value instanceof \Throwable) {
            return $this->ofThrowable($value, $depth);
        }
        if ($value instanceof \stdClass) {
            return $this->members((array) $value, $depth);
        }
        if ($value instanceof \JsonSerializable) {
            try {
                return $this->of($value->jsonSerialize(), $depth + 1);
            } catch (\Throwable $failure) {
                return Description::ofFailed($value, 'jsonSerialize()', $failure);
            }
        }

        return self::cut(Description::of($value), $this->longestText);
    }

    private function ofThrowable(\Throwable $error, int $depth): \stdClass
    {
        $parts = [
            'class' => $error::class,
            'message' => $error->getMessage(),
            'code' => $error->getCode(),
            'file' => $error->getFile(),
            'line' => $error->getLine(),
            'trace' => self::trace($error),
            'previous' => $error->getPrevious(),
        ];

        return $this->members(\array_filter($parts, static fn (mixed $part): bool => !\in_array($part, [null, 0, []], true)), $depth);
    }

    /**
     * Without arguments, which may be secrets.
     *
     * @return list<string>
     */
    private static function trace(\Throwable $error): array
    {
        $frames = [];
        foreach (\array_slice($error->getTrace(), 0, self::FRAMES) as $frame) {
            $frames[] = \sprintf(
                '%s%s%s() at %s:%d',
                $frame['class'] ?? '',
                $frame['type'] ?? '',
                $frame['function'],
                $frame['file'] ?? '[PHP]',
                $frame['line'] ?? 0,
            );
        }

        return $frames;
    }
}
