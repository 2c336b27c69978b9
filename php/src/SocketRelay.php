<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\RelayException;
use Coyote\Goridge\Channel;
use Coyote\Goridge\StreamCall;

/**
 * The way to the server over a socket that the server listens on, in goridge frames of the third
 * format.
 *
 * Reads have no time limit, whatever default_socket_timeout says. A server that goes away between
 * two frames says stop by it.
 *
 * @since 0.1
 */
final class SocketRelay implements Relay
{
    /** In seconds: the server listens before it starts a worker, so there is nothing to wait for. */
    private const CONNECT_TIMEOUT = 30.0;

    /** Linux: the server's queue of those who have connected is full. */
    private const EAGAIN = 11;

    private readonly Channel $channel;

    /**
     * @param resource $socket connected
     */
    public function __construct(mixed $socket)
    {
        // A pause between two payloads is no failure, however long
        \stream_set_timeout($socket, -1);
        $this->channel = new Channel($socket, $socket);
    }

    /** Whether RR_RELAY names a socket. */
    public static function canOpen(string $address): bool
    {
        return \preg_match('~^(unix|tcp)://~', $address) === 1;
    }

    /**
     * Connects to what RR_RELAY names: `unix:///path` or `tcp://host:port`.
     *
     * @throws RelayException when nobody listens there
     */
    public static function open(string $address): self
    {
        $deadline = \microtime(true) + self::CONNECT_TIMEOUT;
        do {
            $socket = self::connect($address, $code, $failure);
            if ($socket !== null) {
                return new self($socket);
            }
        } while ($code === self::EAGAIN && \microtime(true) < $deadline && self::pause());

        throw new RelayException(\sprintf(
            'RR_RELAY is "%s", but connecting to it failed: %s. Was the script started by the server itself, '
            . 'and does the server still run?',
            $address,
            $failure,
        ));
    }

    public function receive(): ?Payload
    {
        return $this->channel->receive();
    }

    public function send(Payload $reply): void
    {
        $this->channel->send($reply);
    }

    public function error(string $message): void
    {
        $this->channel->error($message);
    }

    public function stop(): void
    {
        $this->channel->stop();
    }

    /**
     * @param-out int    $code
     * @param-out string $failure
     *
     * @return resource|null
     */
    private static function connect(string $address, ?int &$code, ?string &$failure): mixed
    {
        $code = 0;
        $text = '';
        $socket = StreamCall::run(
            static function () use ($address, &$code, &$text): mixed {
                // Answers are whole writes: waiting for more to send would only delay them
                $context = \stream_context_create(['socket' => ['tcp_nodelay' => true]]);

                return \stream_socket_client(
                    $address,
                    $code,
                    $text,
                    self::CONNECT_TIMEOUT,
                    \STREAM_CLIENT_CONNECT,
                    $context,
                );
            },
            $complaint,
        );
        $failure = (string) ($text === '' ? $complaint : $text);

        return $socket === false ? null : $socket;
    }

    private static function pause(): bool
    {
        \usleep(10_000);

        return true;
    }
}
