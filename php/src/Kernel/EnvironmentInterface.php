<?php

declare(strict_types=1);

namespace Coyote\Kernel;

/**
 * The variables that the application was started with.
 *
 * @since 0.1
 */
interface EnvironmentInterface
{
    /** The same for equal variables, another when one differs. */
    public function getID(): string;

    /**
     * Sets a variable for the readers of this object; the process's own stays as it was.
     *
     * @return mixed
     */
    public function set(string $name, mixed $value);

    /**
     * The words true, false, null and empty, in any case, come as PHP's values of that name.
     *
     * @return mixed the default when the variable is not set, or is null
     */
    public function get(string $name, mixed $default = null);

    /**
     * @return array<string, mixed>
     */
    public function getAll(): array;
}
