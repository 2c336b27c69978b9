<?php

declare(strict_types=1);

namespace Coyote\Kernel;

use Coyote\Exception\KernelException;

/**
 * Where dispatchers are registered and served. Declares no return types, as in its siblings.
 *
 * @since 0.1
 */
interface KernelInterface
{
    /**
     * Adds a dispatcher behind those added before.
     *
     * @return mixed
     */
    public function addDispatcher(DispatcherInterface $dispatcher);

    /**
     * Lets the first dispatcher that can serve do so, and blocks until it ends.
     *
     * @return mixed what the dispatcher returned
     *
     * @throws KernelException when none can serve
     */
    public function serve();
}
