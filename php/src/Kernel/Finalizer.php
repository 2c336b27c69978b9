<?php

declare(strict_types=1);

namespace Coyote\Kernel;

use Coyote\Exception\FinalizerException;

/**
 * @since 0.1
 */
final class Finalizer implements FinalizerInterface
{
    /** @var list<callable(bool): mixed> */
    private array $finalizers = [];

    public function addFinalizer(callable $finalizer): static
    {
        $this->finalizers[] = $finalizer;

        return $this;
    }

    public function finalize(bool $terminate = false): void
    {
        $failures = [];
        foreach ($this->finalizers as $finalizer) {
            try {
                $finalizer($terminate);
            } catch (\Throwable $failure) {
                $failures[] = $failure;
            }
        }

        if ($failures !== []) {
            throw new FinalizerException($failures, \count($this->finalizers));
        }
    }
}
