<?php

declare(strict_types=1);

namespace Coyote\Kernel;

/**
 * The process's environment: getenv(), over it $_SERVER, over both the given values.
 *
 * @since 0.1
 */
final class Environment implements EnvironmentInterface
{
    /** @var array<string, mixed> */
    private array $values;

    /**
     * @param array<string, mixed> $values
     */
    public function __construct(array $values = [])
    {
        $this->values = $values + self::ofServer() + \getenv();
    }

    public function getID(): string
    {
        return \hash('sha256', \serialize($this->values));
    }

    public function set(string $name, mixed $value): static
    {
        $this->values[$name] = $value;

        return $this;
    }

    public function get(string $name, mixed $default = null): mixed
    {
        return self::meaning($this->values[$name] ?? null) ?? $default;
    }

    public function getAll(): array
    {
        return \array_map(self::meaning(...), $this->values);
    }

    /**
     * @return array<string, string> without what is no variable there: argv, argc, times
     */
    private static function ofServer(): array
    {
        $variables = [];
        foreach ($_SERVER as $name => $value) {
            if (\is_string($value)) {
                $variables[(string) $name] = $value;
            }
        }

        return $variables;
    }

    private static function meaning(mixed $value): mixed
    {
        return match (\is_string($value) ? \strtolower($value) : null) {
            'true', '(true)' => true,
            'false', '(false)' => false,
            'null', '(null)' => null,
            'empty', '(empty)' => '',
            default => $value,
        };
    }
}
