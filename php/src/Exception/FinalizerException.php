<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * One or more finalizers failed; all of them ran.
 *
 * @since 0.1
 */
class FinalizerException extends \RuntimeException implements CoyoteException
{
    /**
     * @param non-empty-list<\Throwable> $failures in the order in which they came
     */
    public function __construct(public readonly array $failures, int $finalizers)
    {
        $lines = \array_map(
            static fn (\Throwable $failure): string => \sprintf(
                '%s: %s in %s:%d',
                $failure::class,
                $failure->getMessage(),
                $failure->getFile(),
                $failure->getLine(),
            ),
            $failures,
        );

        parent::__construct(
            \sprintf('%d of %d finalizers failed: %s', \count($failures), $finalizers, \implode('; ', $lines)),
            0,
            $failures[0],
        );
    }
}
