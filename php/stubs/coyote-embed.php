<?php

/**
 * The functions that coyote-embed builds into PHP, for editors and analysers. Never loaded.
 */

declare(strict_types=1);

namespace Coyote\Embed;

/**
 * Settles what came before and waits for the next event.
 *
 * @param string|null $context set to the event's context
 *
 * @param-out string|null $context
 *
 * @return string|null the event's body; null: stop
 *
 * @since 0.1
 */
function receive(?string &$context = null): ?string
{
}

/**
 * Answers the event received last.
 *
 * @since 0.1
 */
function send(string $body = '', string $context = ''): void
{
}

/**
 * Answers the event received last with a failure.
 *
 * @since 0.1
 */
function error(string $message): void
{
}

/**
 * Asks the server to stop this script. An event without an answer goes back to the server.
 *
 * @since 0.1
 */
function stop(): void
{
}
