<?php

declare(strict_types=1);

namespace Coyote\Compat\Psr\Container;

/**
 * PSR-11 for a clone without psr/container.
 *
 * @since 0.1
 */
interface ContainerInterface
{
    /**
     * @return mixed
     *
     * @throws NotFoundExceptionInterface  when there is no entry for the id
     * @throws ContainerExceptionInterface when the entry cannot be made
     */
    public function get(string $id);

    public function has(string $id): bool;
}
