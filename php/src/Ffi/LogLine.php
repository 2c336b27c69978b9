<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use FFI\CData;
use Psr\Log\LoggerInterface;
use Psr\Log\LogLevel;

/**
 * A log line of a pool or a server, read in whole: the library's own is stale when the next is taken.
 *
 * @internal
 */
final class LogLine
{
    private const LEVELS = [LogLevel::DEBUG, LogLevel::INFO, LogLevel::WARNING, LogLevel::ERROR];

    /**
     * @param array<array-key, mixed> $context service, pid (0: none), time in seconds since 1970, and the
     *                                         line's fields
     */
    public function __construct(
        public readonly string $level,
        public readonly string $text,
        public readonly array $context,
    ) {
    }

    /**
     * @param CData $line a coy_log_line *
     */
    public static function read(CData $line): self
    {
        $library = Library::bindings();
        $size = $library->coy_log_line_text_size($line);
        $text = $library->coy_log_line_text($line);
        $fields = \json_decode($library->coy_log_line_fields($line) ?? '', true);

        return new self(
            self::LEVELS[$library->coy_log_line_level($line)] ?? LogLevel::INFO,
            $size === 0 ? '' : \FFI::string($text, $size),
            [
                'service' => $library->coy_log_line_service($line),
                'pid' => $library->coy_log_line_pid($line),
                'time' => $library->coy_log_line_time($line),
            ] + (\is_array($fields) ? $fields : []),
        );
    }

    public function writeTo(LoggerInterface $logger): void
    {
        $logger->log($this->level, $this->text, $this->context);
    }
}
