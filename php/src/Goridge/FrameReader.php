<?php

declare(strict_types=1);

namespace Coyote\Goridge;

use Coyote\Exception\ProtocolException;
use Coyote\Exception\RelayException;

/**
 * Reads frames from a stream that may give its bytes in any pieces.
 *
 * @internal
 */
final class FrameReader
{
    /** A pipe of Linux holds as much, so one read takes all that lies in it. */
    private const CHUNK = 65536;

    /**
     * @param resource $stream
     */
    public function __construct(private readonly mixed $stream)
    {
        \stream_set_blocking($stream, true);
        \stream_set_chunk_size($stream, self::CHUNK);
    }

    /**
     * Waits for the next frame, without a time limit.
     *
     * @return Frame|null null: the stream ended where a frame could have begun
     *
     * @throws RelayException    when the stream fails, or ends inside a frame
     * @throws ProtocolException when the bytes are no frame
     */
    public function read(): ?Frame
    {
        // A read goes on after a signal, so the application's handler would wait with it
        StreamCall::awaitReadable($this->stream);

        $start = $this->take(Frame::HEADER_SIZE);
        if ($start === '') {
            return null;
        }
        $this->requireWhole('header', $start, Frame::HEADER_SIZE);
        $header = Frame::parseHeader($start);

        $options = $this->take(4 * $header['options']);
        $this->requireWhole('options', $options, 4 * $header['options']);

        $payload = $this->take($header['length']);
        $this->requireWhole('payload', $payload, $header['length']);

        return new Frame($header['flags'], $header['stream'], Frame::parseOptions($options), $payload);
    }

    /** Takes that many bytes, or fewer if the stream ends before. */
    private function take(int $size): string
    {
        $bytes = '';
        while (($missing = $size - \strlen($bytes)) > 0) {
            $piece = StreamCall::run(fn () => \fread($this->stream, \min($missing, self::CHUNK)), $failure);

            if (\is_string($piece) && $piece !== '') {
                $bytes .= $piece;
            } elseif (\feof($this->stream)) {
                break;
            } elseif ($failure !== null) {
                throw new RelayException('Cannot read from the relay: ' . $failure);
            } else {
                // Interrupted; or a socket's time-out, which PHP gives to descriptors that are one
                StreamCall::awaitReadable($this->stream);
            }
        }

        return $bytes;
    }

    private function requireWhole(string $part, string $bytes, int $size): void
    {
        if (\strlen($bytes) < $size) {
            throw new RelayException(\sprintf(
                'The relay ended inside a frame: %d of %d bytes of its %s came (%s). Was the server killed?',
                \strlen($bytes),
                $size,
                $part,
                Frame::quote($bytes),
            ));
        }
    }
}
