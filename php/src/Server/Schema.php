<?php

declare(strict_types=1);

namespace Coyote\Server;

use Coyote\Exception\MisuseException;

/**
 * A schema as JSON text. PHP has one empty array for JSON's two.
 *
 * @internal
 */
final class Schema
{
    /**
     * @param array<mixed> $schema
     *
     * @throws MisuseException when it holds what JSON can't
     */
    public static function encode(array $schema): string
    {
        try {
            return \json_encode(self::node($schema), \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_SLASHES | \JSON_PRESERVE_ZERO_FRACTION);
        } catch (\JsonException $failure) {
            throw new MisuseException('schema() must return what JSON can hold: ' . $failure->getMessage(), 0, $failure);
        }
    }

    private static function node(mixed $schema): mixed
    {
        if (!\is_array($schema)) {
            return $schema;
        }
        if (\is_array($schema['properties'] ?? null)) {
            $schema['properties'] = (object) \array_map(self::node(...), $schema['properties']);
        }
        foreach (['items', 'additionalProperties'] as $inner) {
            if (\is_array($schema[$inner] ?? null)) {
                $schema[$inner] = self::node($schema[$inner]);
            }
        }
        if (($schema['type'] ?? null) === 'object' && ($schema['default'] ?? null) === []) {
            $schema['default'] = new \stdClass();
        }

        return (object) $schema;
    }
}
