<?php

declare(strict_types=1);

namespace Coyote\Server;

use Coyote\Ffi\LogLine;
use Coyote\Ffi\NativeServer;
use Psr\Log\LoggerInterface;
use Psr\Log\LogLevel;

/**
 * Where a server's lines go: to the host's logger, or to standard error as those of `coyote serve`.
 *
 * @internal
 */
final class ServerLog
{
    private const LEVELS = [LogLevel::DEBUG, LogLevel::INFO, LogLevel::WARNING, LogLevel::ERROR];

    private ?Console $console = null;
    private int $minimum = 1;

    /** @var list<LogLine> our own, until they can be written */
    private array $own = [];

    public function __construct(private readonly ?LoggerInterface $logger)
    {
    }

    /** As the config's log section has it. */
    public function configure(mixed $level, mixed $format): void
    {
        $minimum = \array_search($level, self::LEVELS, true);
        $this->minimum = $minimum === false ? $this->minimum : $minimum;
        $this->console = $this->logger === null ? new Console($format === 'json') : null;
    }

    /** A line of this side of the library. */
    public function say(string $level, string $text, ?string $service = null, ?\Throwable $exception = null): void
    {
        if (\array_search($level, self::LEVELS, true) >= $this->minimum) {
            $context = ['service' => $service, 'pid' => 0, 'time' => \microtime(true)];
            $this->own[] = new LogLine($level, $text, $exception === null ? $context : $context + ['exception' => $exception]);
        }
    }

    /** Writes what waits. What the host's logger throws comes through; that line is gone then. */
    public function pass(NativeServer $server): void
    {
        while (($line = $server->nextLogLine() ?? \array_shift($this->own)) !== null) {
            $this->logger === null ? $this->console?->write($line) : $line->writeTo($this->logger);
        }
    }
}
