<?php

declare(strict_types=1);

namespace Coyote\Kernel;

use Coyote\Exception\FinalizerException;

/**
 * Resets services between events, and closes them at the end.
 *
 * @since 0.1
 */
interface FinalizerInterface
{
    /**
     * Adds a finalizer behind those added before. It is called with $terminate.
     *
     * @param callable(bool): mixed $finalizer
     *
     * @return mixed
     */
    public function addFinalizer(callable $finalizer);

    /**
     * Calls every finalizer, in order. One that throws does not keep the others from running.
     *
     * @param bool $terminate the application ends; false: it goes on to the next event
     *
     * @return mixed
     *
     * @throws FinalizerException when one or more threw, after all have run
     */
    public function finalize(bool $terminate = false);
}
