<?php

declare(strict_types=1);

namespace Coyote\Lint\Bindings;

/** php/stubs/Bindings.php: how PHP sees an FFI object of bindings.h. */
final class StubWriter
{
    /** Text parameters that may be NULL; the others must not. */
    private const NULLABLE = ['coy_relay_attach' => ['address']];

    public function __construct(private readonly Header $header)
    {
    }

    public function write(): string
    {
        $members = [];
        foreach ($this->header->groups as $title => $entries) {
            foreach ($entries as $entry) {
                foreach ($entry->enumeration->values ?? [] as $value) {
                    $members[] = $this->constant($value);
                }
                foreach ($entry->functions as $function) {
                    $members[] = $this->method($entry, $function);
                }
            }
        }

        return <<<'PHP'
            <?php

            /**
             * How PHP sees what FFI::load and FFI::cdef make of bindings.h, for editors and analysers. Never
             * loaded. Generated from bindings.h by tests/lint/generate.php.
             */

            declare(strict_types=1);

            namespace Coyote\Ffi;

            use FFI\CData;

            final class Bindings
            {

            PHP . \implode("\n", $members) . "}\n";
    }

    /** @param array{name: string, value: int, comment: string} $value */
    private function constant(array $value): string
    {
        $what = $value['comment'] === '' ? '' : ' ' . $value['comment'];

        return "    /** @var {$value['value']}$what */\n    public readonly int \${$value['name']};\n";
    }

    private function method(Entry $entry, Declaration $function): string
    {
        $lines = \array_map(static fn (string $line): string => \rtrim("     * $line"), $entry->comment);
        $signature = [];
        foreach ($function->parameters as $parameter) {
            $type = $this->parameter($function, $parameter);
            if ($parameter['type'] === 'size_t') {
                $lines[] = "     * @param int<0, max> \${$parameter['name']}";
            }
            $signature[] = "$type \${$parameter['name']}";
        }
        $result = $this->result($entry, $function);
        if ($function->type === 'size_t') {
            $lines[] = '     * @return int<0, max>';
        }
        $body = \sprintf(
            "    public function %s(%s): %s\n    {\n    }\n",
            $function->name,
            \implode(', ', $signature),
            $result,
        );

        return $lines === [] ? $body : "    /**\n" . \implode("\n", $lines) . "\n     */\n$body";
    }

    /** @param array{type: string, name: string} $parameter */
    private function parameter(Declaration $function, array $parameter): string
    {
        $nullable = \in_array($parameter['name'], self::NULLABLE[$function->name] ?? [], true);

        return match ($parameter['type']) {
            'const char *' => $nullable ? '?string' : 'string',
            'const void *' => 'string|CData|null',
            'int', 'int64_t', 'size_t' => 'int',
            'bool' => 'bool',
            'double' => 'float',
            default => \str_ends_with($function->name, '_free') ? '?CData' : $this->handle($parameter['type']),
        };
    }

    /** What may be NULL of a good handle says so in its comment. */
    private function result(Entry $entry, Declaration $function): string
    {
        $text = \str_replace('NULL and 0 for a bad handle', '', $entry->text());
        $null = \str_contains($text, 'NULL') ? '?' : '';

        return match ($function->type) {
            'void' => 'void',
            'const char *' => $null . 'string',
            'const void *' => $null . 'CData',
            'int', 'int64_t', 'size_t' => 'int',
            'bool' => 'bool',
            'double' => 'float',
            default => $null . $this->handle($function->type),
        };
    }

    private function handle(string $type): string
    {
        if (\preg_match('/^(const )?coy_\w+ \*$/', $type) !== 1) {
            throw new \RuntimeException("bindings.h: StubWriter.php does not know what \"$type\" is in PHP");
        }

        return 'CData';
    }
}
