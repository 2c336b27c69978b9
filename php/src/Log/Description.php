<?php

declare(strict_types=1);

namespace Coyote\Log;

/**
 * Says in words what a value is. Never throws.
 *
 * @internal
 */
final class Description
{
    /** The value itself where that is text or a number, else what it is. */
    public static function of(mixed $value): string
    {
        return match (true) {
            \is_string($value) => $value,
            \is_bool($value), $value === null => \strtolower(\var_export($value, true)),
            \is_int($value), \is_float($value) => (string) $value,
            \is_array($value) => Value::json((new Value(1024))->members(['' => $value])->{''}),
            \is_object($value) => self::ofObject($value),
            default => self::ofKind($value),
        };
    }

    /** [object App\Order], [array of 3], [resource stream]. */
    public static function ofKind(mixed $value): string
    {
        return match (true) {
            \is_object($value) => \sprintf('[object %s]', \get_debug_type($value)),
            \is_array($value) => \sprintf('[array of %d]', \count($value)),
            \is_resource($value) => \sprintf('[resource %s]', \get_resource_type($value)),
            default => \sprintf('[%s]', \get_debug_type($value)),
        };
    }

    public static function ofFailed(object $value, string $method, \Throwable $failure): string
    {
        return \sprintf(
            '[object %s, whose %s threw %s: %s]',
            \get_debug_type($value),
            $method,
            $failure::class,
            $failure->getMessage(),
        );
    }

    private static function ofObject(object $value): string
    {
        if ($value instanceof \Throwable) {
            return \sprintf('%s: %s', $value::class, $value->getMessage());
        }
        if ($value instanceof \DateTimeInterface) {
            return $value->format('Y-m-d\TH:i:s.uP');
        }
        if ($value instanceof \UnitEnum) {
            return $value instanceof \BackedEnum ? (string) $value->value : $value->name;
        }
        if ($value instanceof \Stringable) {
            try {
                return (string) $value;
            } catch (\Throwable $failure) {
                return self::ofFailed($value, '__toString()', $failure);
            }
        }

        return self::ofKind($value);
    }
}
