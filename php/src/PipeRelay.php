<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\ProtocolException;
use Coyote\Exception\RelayException;
use Coyote\Goridge\Frame;
use Coyote\Goridge\PipeReader;
use Coyote\Goridge\PipeWriter;
use Coyote\Goridge\StreamCall;

/**
 * The way to the server over two pipes, in goridge frames of the third format.
 *
 * The handshake and the server's control frames are answered here. Reads have no time limit.
 * A server that goes away between two frames says stop by it.
 *
 * @since 0.1
 */
final class PipeRelay implements Relay
{
    private readonly PipeReader $reader;
    private readonly PipeWriter $writer;

    /**
     * @param resource $input  where the server writes
     * @param resource $output where the server reads
     */
    public function __construct(mixed $input, mixed $output, private readonly ?OutputGuard $guard = null)
    {
        $this->reader = new PipeReader($input);
        $this->writer = new PipeWriter($output);
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
                . 'it takes "pipes" or "pipes://fd/3:fd/4" (input, then output).',
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

        while (($frame = $this->reader->read()) !== null) {
            if (($frame->flags & Frame::CONTROL) !== 0) {
                if ($this->isStop($frame)) {
                    return null;
                }
            } elseif (($frame->stream & (Frame::STREAM_STOP | Frame::STREAM_PONG)) === 0) {
                return $this->payload($frame);
            } // else: a word about a stream that has ended
        }

        return null;
    }

    public function send(Payload $reply): void
    {
        $context = \strlen($reply->context);
        $this->writer->write(
            Frame::header(0, $context + \strlen($reply->body), $context),
            $reply->context,
            $reply->body,
        );
    }

    public function error(string $message): void
    {
        $this->writer->write(Frame::header(Frame::ERROR, \strlen($message)), $message);
    }

    public function stop(): void
    {
        $this->send(new Payload('', '{"stop":true}'));
    }

    /** Answers a control frame; whether it was the order to stop. */
    private function isStop(Frame $frame): bool
    {
        $control = \json_decode($frame->payload, true);
        if (\is_array($control) && ($control['stop'] ?? null) === true) {
            return true;
        }
        if (!\is_array($control) || !\is_int($control['pid'] ?? null) || $control['pid'] <= 0) {
            throw new ProtocolException(
                'The server sent a control frame that says nothing known: ' . Frame::quote($frame->payload)
                . '. Expected {"pid":N} or {"stop":true}.',
            );
        }

        $answer = '{"pid":' . \getmypid() . '}';
        $this->writer->write(Frame::header(Frame::CONTROL, \strlen($answer)), $answer);

        return false;
    }

    private function payload(Frame $frame): Payload
    {
        if ($frame->options === []) {
            throw new ProtocolException(
                'The server sent a payload frame without options; one is needed, the length of the context.',
            );
        }

        $context = $frame->options[0];
        if ($context > \strlen($frame->payload)) {
            throw new ProtocolException(\sprintf(
                'The server sent a frame of %d bytes whose context is said to have %d.',
                \strlen($frame->payload),
                $context,
            ));
        }

        return new Payload(\substr($frame->payload, $context), \substr($frame->payload, 0, $context));
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
