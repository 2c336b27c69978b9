<?php

declare(strict_types=1);

namespace Coyote\Pool;

use Coyote\Exception\ConfigException;

/**
 * Settings as PHP writes them, as the library takes them: dotted keys, and values as text.
 *
 * @internal
 */
final class Settings
{
    /**
     * @param array<array-key, mixed> $settings
     *
     * @return array<string, string>
     *
     * @throws ConfigException
     */
    public static function flatten(array $settings, string $prefix = ''): array
    {
        $flat = [];
        foreach ($settings as $key => $value) {
            if (!\is_string($key)) {
                throw new ConfigException(\sprintf(
                    'The setting %s is a list: it takes names and values.',
                    $prefix === '' ? 'array' : \rtrim($prefix, '.'),
                ));
            }
            $texts = \is_array($value)
                ? self::flatten($value, "$prefix$key.")
                : [$prefix . $key => self::text($prefix . $key, $value)];
            // What is said later wins, and comes later
            $flat = \array_diff_key($flat, $texts) + $texts;
        }

        return $flat;
    }

    private static function text(string $key, mixed $value): string
    {
        return match (true) {
            \is_string($value) => $value,
            \is_bool($value) => $value ? 'true' : 'false',
            \is_int($value) => (string) $value,
            // Seconds and parts of them; the library reads no exponents
            \is_float($value) && \is_finite($value) => \rtrim(\rtrim(\sprintf('%.9F', $value), '0'), '.'),
            $value instanceof \Stringable => (string) $value,
            default => throw new ConfigException(\sprintf(
                'The setting %s is %s: it takes text, a number or true and false.',
                $key,
                \is_float($value) ? (string) $value : \get_debug_type($value),
            )),
        };
    }
}
