<?php

declare(strict_types=1);

namespace Coyote\Goridge;

use Coyote\Exception\RelayException;

/**
 * Writes frames to a stream that may take its bytes in any pieces.
 *
 * @internal
 */
final class FrameWriter
{
    /** Up to here joining the parts is cheaper than another system call. */
    private const JOIN = 65536;

    /**
     * @param resource $stream
     */
    public function __construct(private readonly mixed $stream)
    {
        \stream_set_blocking($stream, true);
    }

    /**
     * Returns once all is handed over; blocks while the other side does not read.
     *
     * @throws RelayException when the other side is gone
     */
    public function write(string $header, string $context, string $body = ''): void
    {
        if (\strlen($context) + \strlen($body) <= self::JOIN) {
            $this->put($header . $context . $body);

            return;
        }

        $this->put($header . $context);
        $this->put($body);
    }

    private function put(string $bytes): void
    {
        while ($bytes !== '') {
            $written = StreamCall::run(fn () => \fwrite($this->stream, $bytes), $failure);

            if (\is_int($written) && $written > 0) {
                $bytes = \substr($bytes, $written);
            } elseif ($failure !== null) {
                throw new RelayException('Cannot write to the relay, the server is gone: ' . $failure);
            } else {
                StreamCall::awaitWritable($this->stream);
            }
        }
    }
}
