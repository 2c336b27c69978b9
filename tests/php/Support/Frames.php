<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

/**
 * Frames by hand, on purpose without the package's own code: one can't vouch for the other.
 */
final class Frames
{
    public static function exec(string $body, string $context = ''): string
    {
        return self::frame("\x14\x00", $context . $body, \pack('V', \strlen($context)));
    }

    /** What a worker answers: the same form as an exec. */
    public static function reply(string $body, string $context = ''): string
    {
        return self::exec($body, $context);
    }

    public static function error(string $message): string
    {
        return self::frame("\x13\x40", $message);
    }

    public static function control(string $json): string
    {
        return self::frame("\x13\x09", $json);
    }

    public static function stop(): string
    {
        return self::control('{"stop":true}');
    }

    public static function pidReply(int $pid): string
    {
        return self::frame("\x13\x01", '{"pid":' . $pid . '}');
    }

    public static function workerStop(): string
    {
        return self::reply('', '{"stop":true}');
    }

    /**
     * @return list<string> the frames that lie one behind the other
     */
    public static function split(string $bytes): array
    {
        $frames = [];
        while ($bytes !== '') {
            $header = \unpack('Csize/Cflags/Vlength', $bytes);
            $size = 4 * ($header['size'] & 0x0f) + $header['length'];
            $frames[] = \substr($bytes, 0, $size);
            $bytes = \substr($bytes, $size);
        }

        return $frames;
    }

    /** @param string $start version with size, and flags: two bytes */
    public static function frame(string $start, string $payload, string $options = '', int $stream = 0): string
    {
        $start .= \pack('V', \strlen($payload));

        return $start . \pack('V', \crc32($start)) . \chr($stream) . "\0" . $options . $payload;
    }
}
