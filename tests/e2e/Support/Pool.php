<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

use FFI;
use FFI\CData;

/**
 * A coy_pool. What the library refuses is thrown, with its status as the code.
 */
final class Pool
{
    public const ETIMEOUT = -6;
    public const EWORKER = -10;

    private ?CData $handle;
    /** @var list<array{level: int, pid: int, text: string}> */
    private array $lines = [];

    /** @param array<string, string|int> $settings */
    public function __construct(string $command, array $settings = [])
    {
        $this->handle = Library::ffi()->coy_pool_new($command) ?? $this->refuse(Library::ffi()->coy_error_status());
        foreach ($settings as $key => $value) {
            $this->check(Library::ffi()->coy_pool_set($this->handle, $key, (string) $value));
        }
    }

    public function __destruct()
    {
        $this->free();
    }

    /** @return $this */
    public function start(int $timeout = 30_000): self
    {
        $this->check(Library::ffi()->coy_pool_start($this->handle, $timeout));

        return $this;
    }

    public function submit(string $body, string $context = ''): int
    {
        $c = Library::ffi();

        return $this->check($c->coy_pool_submit($this->handle, $context, \strlen($context), $body, \strlen($body)));
    }

    public function exec(string $body, string $context = '', int $timeout = 30_000): Reply
    {
        $c = Library::ffi();

        return $this->reply(
            $c->coy_pool_exec($this->handle, $context, \strlen($context), $body, \strlen($body), $timeout),
        );
    }

    public function next(int $timeout = 30_000): Reply
    {
        return $this->reply(Library::ffi()->coy_pool_next($this->handle, $timeout));
    }

    /** As next(); null when none came in time. */
    public function poll(int $timeout = 0): ?Reply
    {
        try {
            return $this->next($timeout);
        } catch (PoolException $refused) {
            return $refused->getCode() === self::ETIMEOUT ? null : throw $refused;
        }
    }

    public function wait(int $job, int $timeout = 30_000): Reply
    {
        return $this->reply(Library::ffi()->coy_pool_wait($this->handle, $job, $timeout));
    }

    public function reset(): void
    {
        $this->check(Library::ffi()->coy_pool_reset($this->handle));
    }

    public function stop(int $timeout = 30_000): void
    {
        $this->check(Library::ffi()->coy_pool_stop($this->handle, $timeout));
    }

    public function free(): void
    {
        Library::ffi()->coy_pool_free($this->handle);
        $this->handle = null;
    }

    /**
     * All log lines so far.
     *
     * @return list<array{level: int, pid: int, text: string}>
     */
    public function log(): array
    {
        $c = Library::ffi();
        while ($this->handle !== null && ($line = $c->coy_pool_log_next($this->handle)) !== null) {
            $this->lines[] = [
                'level' => $c->coy_log_line_level($line),
                'pid' => $c->coy_log_line_pid($line),
                'text' => FFI::string($c->coy_log_line_text($line), $c->coy_log_line_text_size($line)),
            ];
        }

        return $this->lines;
    }

    public function logText(): string
    {
        return \implode("\n", \array_column($this->log(), 'text'));
    }

    public function forgetLog(): void
    {
        $this->log();
        $this->lines = [];
    }

    private function reply(?CData $reply): Reply
    {
        return new Reply($reply ?? $this->refuse(Library::ffi()->coy_error_status()));
    }

    private function check(int $result): int
    {
        return $result < 0 ? $this->refuse($result) : $result;
    }

    private function refuse(int $status): never
    {
        throw new PoolException(Library::ffi()->coy_error_message(), $status);
    }
}
