<?php

declare(strict_types=1);

namespace Coyote\Server;

/**
 * @internal
 */
final class Thrown
{
    /** Class, words and place: DomainException: no such queue in /app/Orders.php:17. */
    public static function describe(\Throwable $thrown): string
    {
        return \sprintf('%s: %s in %s:%d', $thrown::class, $thrown->getMessage(), $thrown->getFile(), $thrown->getLine());
    }
}
