<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * Where library and server run.
 *
 * @internal
 */
final class Platform
{
    /** The same words as in README.md and cmake/coyote_platform.cmake. */
    public const NEEDS = 'Coyote\'s library and server need Linux 5.4 or later, with glibc 2.31 or later or '
        . 'musl 1.2; elsewhere Coyote\Worker and Coyote\Kernel work, and library and server run in a container.';

    /** Null: they run here. */
    public static function obstacle(string $family): ?string
    {
        return $family === 'Linux' ? null : "This is $family. " . self::NEEDS;
    }
}
