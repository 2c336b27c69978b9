<?php

declare(strict_types=1);

namespace Coyote\Kernel;

/**
 * Serves one kind of events inside an application kernel.
 *
 * serve() declares no return type, so that dispatchers written for other kernels fit as they are.
 *
 * @since 0.1
 */
interface DispatcherInterface
{
    /** Whether the process was started for this dispatcher, mostly told by an RR_* variable. */
    public function canServe(): bool;

    /**
     * Takes and answers events until the server says stop.
     *
     * @return mixed what the kernel's serve() is to return
     */
    public function serve();
}
