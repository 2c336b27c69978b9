<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\MisuseException;

/**
 * What a source gives: bytes for PHP code, and what the server has to know of them. Never changes.
 *
 *     new Event($json, id: 'order-17', key: 'customer-3')
 *
 * @since 0.1
 */
final class Event
{
    /**
     * @param string $body    any bytes; body or context has to have some, or the event is rejected
     * @param string $context what else the workers get, often JSON
     * @param string $id      what the log calls it; '': its number
     * @param string $key     events of one key run in their order, one at a time; '': in any
     * @param int    $attempt how often it has been tried, this time counted
     *
     * @throws MisuseException when attempt is below 1
     */
    public function __construct(
        public readonly string $body,
        public readonly string $context = '',
        public readonly string $id = '',
        public readonly string $key = '',
        public readonly int $attempt = 1,
    ) {
        if ($attempt < 1) {
            throw new MisuseException("An event's attempt is $attempt: the first is 1.");
        }
    }
}
