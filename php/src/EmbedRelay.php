<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\RelayException;

/**
 * The way to the server when PHP runs inside it: functions of coyote-embed, no bytes on a wire.
 *
 * @since 0.1
 */
final class EmbedRelay implements Relay
{
    /**
     * @throws RelayException outside coyote-embed
     */
    public function __construct()
    {
        if (!self::isAvailable()) {
            throw new RelayException(
                'EmbedRelay works inside coyote-embed alone: run this script with `coyote-embed serve`, '
                . 'or let Worker::create() choose the relay.',
            );
        }
    }

    /** Whether this PHP runs inside coyote-embed. */
    public static function isAvailable(): bool
    {
        return \function_exists('Coyote\Embed\receive');
    }

    public function receive(): ?Payload
    {
        $context = null;
        $body = Embed\receive($context);

        return $body === null ? null : new Payload($body, $context ?? '');
    }

    public function send(Payload $reply): void
    {
        Embed\send($reply->body, $reply->context);
    }

    public function error(string $message): void
    {
        Embed\error($message);
    }

    public function stop(): void
    {
        Embed\stop();
    }
}
