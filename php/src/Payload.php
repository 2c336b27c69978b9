<?php

declare(strict_types=1);

namespace Coyote;

/**
 * What an event brings and what an answer carries: a body, and a context about it.
 *
 * Both are bytes, of any value and length, and either may be empty. Never changes.
 *
 * @since 0.1
 */
final class Payload
{
    public function __construct(
        public readonly string $body = '',
        public readonly string $context = '',
    ) {
    }
}
