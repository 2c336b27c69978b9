<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\RelayException;

/**
 * Chooses the relay by the environment: inside coyote-embed its functions, else what RR_RELAY
 * names, else standard input and output.
 *
 * @since 0.1
 */
final class RelayFactory
{
    /**
     * @throws RelayException when the environment names no relay that can be opened
     */
    public static function fromEnvironment(): Relay
    {
        if (EmbedRelay::isAvailable()) {
            return new EmbedRelay();
        }

        $address = \getenv('RR_RELAY');
        if ($address !== false && $address !== '') {
            return SocketRelay::canOpen($address) ? SocketRelay::open($address) : PipeRelay::open($address);
        }
        if (\defined('STDIN') && \stream_isatty(\STDIN)) {
            throw new RelayException(
                'This script is a worker, and no server has started it: RR_RELAY is not set and standard '
                . 'input is a terminal. Start the server instead: coyote serve.',
            );
        }

        return PipeRelay::open('pipes');
    }
}
