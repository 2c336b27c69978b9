<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * A tool or library that the build needs and does not find.
 *
 * @internal
 */
final class Requirement
{
    /** @param array{apt: string, apk: string, dnf: string} $packages their names, with spaces between */
    public function __construct(
        public readonly string $name,
        public readonly string $why,
        public readonly array $packages,
    ) {
    }
}
