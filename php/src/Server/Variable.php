<?php

declare(strict_types=1);

namespace Coyote\Server;

use Coyote\Exception\MisuseException;

/**
 * A variable of a source's workers.
 *
 * @internal
 */
final class Variable
{
    /**
     * @return array{string, string} its name and its value as the environment has it
     *
     * @throws MisuseException when it can't be one
     */
    public static function of(int|string $name, mixed $value): array
    {
        $text = match (true) {
            \is_bool($value) => $value ? 'true' : 'false',
            \is_scalar($value) => (string) $value,
            default => throw new MisuseException(\sprintf(
                'environment() has %s for %s: give a text, a number or a boolean.',
                \get_debug_type($value),
                $name,
            )),
        };
        if (\str_contains($name . $text, "\0")) {
            throw new MisuseException("environment() has a NUL byte in $name, which no variable can hold.");
        }

        return [(string) $name, $text];
    }
}
