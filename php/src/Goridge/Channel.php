<?php

declare(strict_types=1);

namespace Coyote\Goridge;

use Coyote\Exception\ProtocolException;
use Coyote\Payload;
use Coyote\Relay;

/**
 * Payloads over two streams, or one that goes both ways, in frames of the third format.
 *
 * The handshake and the server's control frames are answered here.
 *
 * @internal
 */
final class Channel implements Relay
{
    private readonly FrameReader $reader;
    private readonly FrameWriter $writer;

    /**
     * @param resource $input  where the server writes
     * @param resource $output where the server reads
     */
    public function __construct(mixed $input, mixed $output)
    {
        $this->reader = new FrameReader($input);
        $this->writer = new FrameWriter($output);
    }

    public function receive(): ?Payload
    {
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
}
