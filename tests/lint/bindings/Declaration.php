<?php

declare(strict_types=1);

namespace Coyote\Lint\Bindings;

/** A function of bindings.h. */
final class Declaration
{
    /** @param list<array{type: string, name: string}> $parameters */
    public function __construct(
        public readonly string $type,
        public readonly string $name,
        public readonly array $parameters,
    ) {
    }

    /** @param string $text such as "int coy_pool_set(coy_pool *pool, const char *key)" */
    public static function parse(string $text): self
    {
        if (\preg_match('/^(.*?[ *])(coy_\w+)\((.*)\)$/', $text, $found) !== 1) {
            throw new \RuntimeException("bindings.h: this is no declaration of a function: $text");
        }
        $parameters = [];
        foreach ($found[3] === 'void' ? [] : \explode(',', $found[3]) as $parameter) {
            if (\preg_match('/^(.*[ *])(\w+)$/', \trim($parameter), $parts) !== 1) {
                throw new \RuntimeException("bindings.h: a parameter without a name: $text");
            }
            $parameters[] = ['type' => \trim($parts[1]), 'name' => $parts[2]];
        }

        return new self(\trim($found[1]), $found[2], $parameters);
    }
}
