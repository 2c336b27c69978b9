<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\RelayException;
use Coyote\Goridge\Channel;
use Coyote\Goridge\StreamCall;

/**
 * The way to the server over two pipes, in goridge frames of the third format.
 *
 * Reads have no time limit. A server that goes away between two frames says stop by it.
 *
 * @since 0.1
 */
final class PipeRelay implements Relay
{
    private readonly Channel $channel;

    /**
     * @param resource $input  where the server writes
     * @param resource $output where the server reads
     */
    public function __construct(mixed $input, mixed $output, private readonly ?OutputGuard $guard = null)
    {
        $this->channel = new Channel($input, $output);
        $this->guard?->arm();
    }

    /**
     * Opens what RR_RELAY names: `pipes` for standard input and output, or `pipes://fd/3:fd/4`
     * for descriptors of their own, input first.
     *
     * On standard output the channel is guarded: what the application prints goes to standard
     * error instead.
     *
     * @throws RelayException when the address is another, or the descriptors are not open
     */
    public static function open(string $address): self
    {
        if ($address === 'pipes') {
            $address = 'pipes://stdin:stdout';
        }
        if (\preg_match('~^pipes://(stdin|fd/\d+):(stdout|fd/\d+)$~D', $address, $ends) !== 1) {
            throw new RelayException(\sprintf(
                'RR_RELAY is "%s", which this worker cannot use: '
                . 'it takes "pipes", "pipes://fd/3:fd/4" (input, then output), "unix://path" or "tcp://host:port".',
                $address,
            ));
        }

        $guarded = $ends[2] === 'stdout' || $ends[2] === 'fd/1';

        return new self(
            self::stream($ends[1], 'rb', $address),
            self::stream($ends[2], 'wb', $address),
            $guarded ? new OutputGuard() : null,
        );
    }

    public function receive(): ?Payload
    {
        $this->guard?->arm();

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
     * @return resource
     */
    private static function stream(string $end, string $mode, string $address): mixed
    {
        // Standard input may have bytes in its stream's buffer already: never open it twice
        if ($end === 'stdin' && \defined('STDIN')) {
            return \STDIN;
        }
        if ($end === 'stdout' && \defined('STDOUT')) {
            return \STDOUT;
        }

        $stream = StreamCall::run(static fn () => \fopen('php://' . $end, $mode), $failure);
        if ($stream === false) {
            throw new RelayException(\sprintf(
                'RR_RELAY is "%s", but %s is not open: %s. Was the script started by the server itself?',
                $address,
                $end,
                $failure ?? 'no reason given',
            ));
        }

        return $stream;
    }
}
