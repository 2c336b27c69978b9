<?php

declare(strict_types=1);

namespace Coyote\Compat\Psr\Log;

/**
 * PSR-3 for a clone without psr/log.
 *
 * @since 0.1
 */
interface LoggerInterface
{
    /** @param array<mixed> $context */
    public function emergency(string|\Stringable $message, array $context = []): void;

    /** @param array<mixed> $context */
    public function alert(string|\Stringable $message, array $context = []): void;

    /** @param array<mixed> $context */
    public function critical(string|\Stringable $message, array $context = []): void;

    /** @param array<mixed> $context */
    public function error(string|\Stringable $message, array $context = []): void;

    /** @param array<mixed> $context */
    public function warning(string|\Stringable $message, array $context = []): void;

    /** @param array<mixed> $context */
    public function notice(string|\Stringable $message, array $context = []): void;

    /** @param array<mixed> $context */
    public function info(string|\Stringable $message, array $context = []): void;

    /** @param array<mixed> $context */
    public function debug(string|\Stringable $message, array $context = []): void;

    /**
     * @param mixed        $level
     * @param array<mixed> $context
     */
    public function log($level, string|\Stringable $message, array $context = []): void;
}
