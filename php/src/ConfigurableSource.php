<?php

declare(strict_types=1);

namespace Coyote;

/**
 * A source that says what its section may hold and what its workers are to see. Without this the
 * section's keys pass unchecked.
 *
 * @since 0.1
 */
interface ConfigurableSource extends Source
{
    /**
     * What may stand in its section, beside `source` and `workers`: mistakes are told with file, line
     * and column.
     *
     *     ['type' => 'object', 'required' => ['path'], 'properties' => [
     *         'path' => ['type' => 'string', 'description' => 'where orders lie'],
     *         'interval' => ['type' => 'string', 'format' => 'duration', 'default' => '1s'],
     *     ]]
     *
     * @return array<string, mixed> JSON Schema, in the words that the built-in kinds use: type,
     *                              properties, required, default, description, enum, minimum,
     *                              maximum, items, additionalProperties (unless it is there, other
     *                              keys are mistakes), and the formats duration and size
     */
    public function schema(): array;

    /**
     * Variables of its workers, on top of the server's; the section's `workers.env` is put on top of
     * them. RR_MODE=<kind> and RR_<KIND>=true are there anyway.
     *
     * @return array<string, string|int|float|bool>
     */
    public function environment(): array;

    /**
     * Whether its section is to be served: where not, no worker is started and open() is not called.
     *
     * @param array<string, mixed> $config as open() would have it
     */
    public function enabled(array $config): bool;
}
