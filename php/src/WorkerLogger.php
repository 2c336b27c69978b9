<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\LogLevelException;
use Coyote\Goridge\StreamCall;
use Coyote\Log\Description;
use Coyote\Log\Record;
use Psr\Log\AbstractLogger;

/**
 * PSR-3 for workers: lines reach the server's log with their level and their context.
 *
 *     $logger = new WorkerLogger();
 *     $logger->warning('order {id} is late', ['id' => 17, 'days' => 3]);
 *
 *     warning orders[4711]: order 17 is late {"id":17,"days":3}
 *
 * With `--log-format json` the members of the context are members of the line; those called time,
 * level, service, pid or text become context_time and so on. Of PSR-3's eight levels emergency, alert
 * and critical are errors there, and notice is info; `psr_level` then tells which.
 *
 * Exceptions in the context are told by class, message, place and trace, those before them too. What
 * can't be told in JSON is described; nothing but an unknown level is ever thrown. A line has at most
 * 64 KiB: of a larger one the long texts are cut, then the context.
 *
 * A line is one write to standard error (inside coyote-embed one call), which blocks while the server
 * does not read. Where no server has started the script, or standard error is a terminal, it is plain
 * text: `warning: order 17 is late {"id":17,"days":3}`.
 *
 * @since 0.1
 */
final class WorkerLogger extends AbstractLogger
{
    private const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

    /** Of error_log(): hands the message to the server that PHP is in. */
    private const TO_THE_SAPI = 4;

    /** @var resource|null null: inside coyote-embed */
    private readonly mixed $stream;

    private readonly bool $plain;

    public function __construct()
    {
        $inside = EmbedRelay::isAvailable();
        $this->stream = $inside ? null : self::standardError();
        $this->plain = !$inside
            && (\in_array(\getenv('RR'), [false, ''], true) || ($this->stream !== null && \stream_isatty($this->stream)));
    }

    /**
     * The parameters have no types, so that every version of psr/log from 1.1 on takes the method.
     *
     * @param mixed              $level   one of Psr\Log\LogLevel's
     * @param string|\Stringable $message {name} stands for the context's member of that name
     * @param array<mixed>       $context
     *
     * @throws LogLevelException when there is no such level
     */
    public function log($level, $message, array $context = []): void
    {
        $name = $level instanceof \Stringable ? (string) $level : $level;
        if (!\is_string($name) || !\in_array($name, self::LEVELS, true)) {
            throw new LogLevelException(\sprintf(
                'There is no log level %s; PSR-3 has %s.',
                Description::of($level),
                \implode(', ', self::LEVELS),
            ));
        }

        $record = new Record($name, $message, $context);
        $line = $this->plain ? $record->plain() : $record->line();
        if ($this->stream === null) {
            \error_log($line, self::TO_THE_SAPI);
        } else {
            // A log whose reader has gone is no reason to fail
            StreamCall::run(fn () => \fwrite($this->stream, $line . "\n"), $failure);
        }
    }

    /**
     * @return resource|null null: it can't be opened
     */
    private static function standardError(): mixed
    {
        if (\defined('STDERR') && \is_resource(\STDERR)) {
            return \STDERR;
        }
        $stream = StreamCall::run(static fn () => \fopen('php://stderr', 'wb'), $failure);

        return $stream === false ? null : $stream;
    }
}
