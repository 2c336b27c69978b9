<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

use Coyote\ConfigurableSource;

/**
 * One whose schema, environment and wish to be served are given.
 */
final class SchemaSource extends ListSource implements ConfigurableSource
{
    /** @var array<string, mixed> */
    public array $schema = ['type' => 'object', 'properties' => [
        'path' => ['type' => 'string', 'default' => '/var/spool'],
        'every' => ['type' => 'string', 'format' => 'duration', 'default' => '2s'],
        'most' => ['type' => 'integer', 'minimum' => 1],
        'tags' => ['type' => 'object', 'properties' => [], 'default' => []],
    ]];

    /** @var array<string, mixed> */
    public array $environment = [];

    public bool $enabled = true;

    public function schema(): array
    {
        $this->hook('schema');

        return $this->schema;
    }

    public function environment(): array
    {
        $this->hook('environment');

        return $this->environment;
    }

    public function enabled(array $config): bool
    {
        $this->hook('enabled', $config);

        return $this->enabled;
    }
}
