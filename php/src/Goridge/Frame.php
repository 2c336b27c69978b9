<?php

declare(strict_types=1);

namespace Coyote\Goridge;

use Coyote\Exception\ProtocolException;

/**
 * One goridge frame of the third format, and its header in bytes.
 *
 * Header: version and size, flags, payload length (u32 LE), CRC32 of those six (u32 LE), stream
 * bits, a reserved byte, then up to 10 options (u32 LE). The length counts the payload alone.
 *
 * @internal
 */
final class Frame
{
    public const CONTROL = 0x01;
    public const ERROR = 0x40;

    /** Bits of the stream byte: test them, never compare the byte. */
    public const STREAM_STOP = 0x02;
    public const STREAM_PONG = 0x08;

    /** The header without options, in bytes. */
    public const HEADER_SIZE = 12;

    private const VERSION = 1;
    private const MAX_OPTIONS = 10;
    private const MAX_PAYLOAD = 0xffffffff;
    private const QUOTED_BYTES = 48;

    /**
     * @param list<int> $options
     */
    public function __construct(
        public readonly int $flags,
        public readonly int $stream,
        public readonly array $options,
        public readonly string $payload,
    ) {
    }

    /**
     * The bytes that go before a payload of $length bytes.
     *
     * @throws ProtocolException when the length does not fit
     */
    public static function header(int $flags, int $length, int ...$options): string
    {
        if ($length > self::MAX_PAYLOAD) {
            throw new ProtocolException(\sprintf(
                'A payload of %d bytes does not fit a frame, which holds %d at most.',
                $length,
                self::MAX_PAYLOAD,
            ));
        }

        $words = self::HEADER_SIZE / 4 + \count($options);
        $start = \pack('CCV', self::VERSION << 4 | $words, $flags, $length);

        return $start . \pack('VCCV*', \crc32($start), 0, 0, ...$options);
    }

    /**
     * Reads the first 12 bytes of a frame.
     *
     * @return array{flags: int, stream: int, length: int, options: int} options: their number
     *
     * @throws ProtocolException when they are no header
     */
    public static function parseHeader(string $header): array
    {
        [$size, $flags, $length, $crc, $stream] = self::unsigned('C2byte/V2word/Cstream', $header);
        $version = $size >> 4;
        $options = ($size & 0x0f) - self::HEADER_SIZE / 4;

        if ($version !== self::VERSION) {
            throw self::notAFrame(\sprintf('expected version %d, got %d', self::VERSION, $version), $header);
        }
        if ($options < 0 || $options > self::MAX_OPTIONS) {
            throw self::notAFrame(
                \sprintf('expected a header of 3 to 13 words, got %d', $size & 0x0f),
                $header,
            );
        }

        $expected = \crc32(\substr($header, 0, 6));
        if ($crc !== $expected) {
            throw self::notAFrame(\sprintf('expected CRC %08x, got %08x', $expected, $crc), $header);
        }

        return ['flags' => $flags, 'stream' => $stream, 'length' => $length, 'options' => $options];
    }

    /**
     * @return list<int>
     */
    public static function parseOptions(string $bytes): array
    {
        return $bytes === '' ? [] : self::unsigned('V*', $bytes);
    }

    /** Bytes as a message may show them: printable, and not too many. */
    public static function quote(string $bytes): string
    {
        $more = \strlen($bytes) > self::QUOTED_BYTES ? '...' : '';

        return '"' . \addcslashes(\substr($bytes, 0, self::QUOTED_BYTES), "\0..\37\"\\\177..\377") . '"' . $more;
    }

    private static function notAFrame(string $reason, string $header): ProtocolException
    {
        return new ProtocolException(\sprintf(
            'What came on the relay is no goridge frame: %s. The bytes: %s (hex %s). '
            . 'Does anything else write to the channel?',
            $reason,
            self::quote($header),
            \bin2hex($header),
        ));
    }

    /**
     * @return list<int>
     */
    private static function unsigned(string $format, string $bytes): array
    {
        $numbers = [];
        foreach (\unpack($format, $bytes) ?: [] as $number) {
            \assert(\is_int($number));
            $numbers[] = $number;
        }

        return $numbers;
    }
}
