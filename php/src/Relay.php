<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\ProtocolException;
use Coyote\Exception\RelayException;

/**
 * The worker's end of the way to the server.
 *
 * A relay moves bytes and keeps no count of who owes an answer: that is the Worker's part.
 *
 * @since 0.1
 */
interface Relay
{
    /**
     * Waits, without a time limit, for the next payload.
     *
     * @return Payload|null null: the server says stop, or is gone; nothing will come any more
     *
     * @throws RelayException    when the channel breaks in the middle of a message
     * @throws ProtocolException when what came is no message
     */
    public function receive(): ?Payload;

    /**
     * Answers the payload received last. Returns once the bytes are handed over, which blocks
     * while the server does not read.
     *
     * @throws RelayException when the server is gone
     */
    public function send(Payload $reply): void;

    /**
     * Answers the payload received last with a failure. Blocks as send() does.
     *
     * @throws RelayException when the server is gone
     */
    public function error(string $message): void;

    /**
     * Asks the server to stop this worker. A payload without an answer goes back to the server.
     * Blocks as send() does.
     *
     * @throws RelayException when the server is gone
     */
    public function stop(): void;
}
