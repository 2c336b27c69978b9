<?php

declare(strict_types=1);

namespace Coyote\Server;

use Coyote\Ffi\LogLine;
use Coyote\Goridge\StreamCall;

/**
 * Standard error, with lines in the form of `coyote serve`.
 *
 * @internal
 */
final class Console
{
    private const COLOURS = ['debug' => "\e[2m", 'info' => "\e[32m", 'warning' => "\e[33m", 'error' => "\e[1;31m"];

    /** @var resource|null */
    private readonly mixed $stream;

    private readonly bool $colour;

    public function __construct(private readonly bool $json)
    {
        $stream = StreamCall::run(static fn () => \fopen('php://stderr', 'wb'), $failure);
        $this->stream = $stream === false ? null : $stream;
        $this->colour = $stream !== false && \stream_isatty($stream) && (string) \getenv('NO_COLOR') === '';
    }

    public function write(LogLine $line): void
    {
        $stream = $this->stream;
        if ($stream !== null) {
            $text = ($this->json ? self::json($line) : $this->text($line)) . "\n";
            // A log whose reader has gone is no reason to fail
            StreamCall::run(static fn () => \fwrite($stream, $text), $failure);
        }
    }

    private function text(LogLine $line): string
    {
        [$service, $pid, $time, $fields] = self::parts($line);
        $clock = self::clock('H:i:s', $time);
        $level = \sprintf('%-7s', $line->level);
        $head = $this->colour ? "\e[2m$clock \e[0m" . (self::COLOURS[$line->level] ?? '') . "$level\e[0m " : "$clock $level ";
        $whom = match (true) {
            $service === '' => '',
            $pid > 0 => "{$service}[$pid]: ",
            default => "$service: ",
        };
        // Of a death the text says it all
        $said = $fields === [] || (($fields['event'] ?? null) === 'worker_died' && isset($fields['cause']));

        return $head . $whom . self::readable($line->text) . ($said ? '' : ' ' . self::encode($fields));
    }

    private static function json(LogLine $line): string
    {
        [$service, $pid, $time, $fields] = self::parts($line);
        $members = ['time' => self::clock('Y-m-d\TH:i:s', $time), 'level' => $line->level];
        $members += $service === '' ? [] : ['service' => $service];
        $members += $pid === 0 ? [] : ['pid' => $pid];

        return self::encode($members + ['text' => $line->text] + $fields);
    }

    /**
     * @return array{string, int, float, array<array-key, mixed>} service, pid, time, fields
     */
    private static function parts(LogLine $line): array
    {
        $fields = $line->context;
        $service = \is_string($fields['service'] ?? null) ? $fields['service'] : '';
        $pid = \is_int($fields['pid'] ?? null) ? $fields['pid'] : 0;
        $time = \is_float($fields['time'] ?? null) ? $fields['time'] : \microtime(true);
        // Its words are in the text
        unset($fields['service'], $fields['pid'], $fields['time'], $fields['exception']);

        return [$service, $pid, $time, $fields];
    }

    private static function clock(string $format, float $time): string
    {
        $milliseconds = (int) \floor($time * 1000);

        return \gmdate($format, \intdiv($milliseconds, 1000)) . \sprintf('.%03dZ', $milliseconds % 1000);
    }

    /**
     * @param array<mixed> $members
     */
    private static function encode(array $members): string
    {
        return (string) \json_encode(
            (object) $members,
            \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE | \JSON_INVALID_UTF8_SUBSTITUTE
                | \JSON_PRESERVE_ZERO_FRACTION | \JSON_PARTIAL_OUTPUT_ON_ERROR,
        );
    }

    /** A worker's bytes may be terminal escapes and broken UTF-8; neither reaches the reader. */
    private static function readable(string $text): string
    {
        $valid = \json_decode((string) \json_encode($text, \JSON_INVALID_UTF8_SUBSTITUTE));
        $harmless = \preg_replace_callback(
            '/[\x00-\x08\x0a-\x1f\x7f]/',
            static fn (array $found): string => $found[0] === "\n" ? "\n    " : \sprintf('\x%02x', \ord($found[0])),
            \is_string($valid) ? $valid : '',
        );

        return (string) $harmless;
    }
}
