<?php

declare(strict_types=1);

namespace Coyote\Ffi;

/**
 * A coy_server.
 *
 * @internal
 */
final class NativeServer
{
    /** @var \FFI\CData */
    private readonly object $server;

    public function __construct(NativeConfig $config)
    {
        $this->server = Library::bindings()->coy_server_new($config->handle()) ?? throw Failure::last();
        $config->givenAway();
    }

    /** Kills what still runs; in the child of a fork it only frees memory. */
    public function __destruct()
    {
        Library::bindings()->coy_server_free($this->server);
    }

    public function register(string $kind): NativeSource
    {
        $source = Library::bindings()->coy_server_register($this->server, $kind) ?? throw Failure::last();

        return new NativeSource($source);
    }

    public function check(): void
    {
        Failure::check(Library::bindings()->coy_server_check($this->server));
    }

    public function takeSignals(): void
    {
        Failure::check(Library::bindings()->coy_server_take_signals($this->server));
    }

    public function releaseSignals(): void
    {
        Library::bindings()->coy_server_release_signals($this->server);
    }

    /** 1: it serves; 0: all has ended well; Status::EINTERRUPTED; else another negative status. */
    public function step(int $milliseconds): int
    {
        return Library::bindings()->coy_server_step($this->server, $milliseconds);
    }

    public function fd(): int
    {
        return Failure::check(Library::bindings()->coy_server_fd($this->server));
    }

    public function reset(): void
    {
        Failure::check(Library::bindings()->coy_server_reset($this->server));
    }

    public function stop(): void
    {
        Failure::check(Library::bindings()->coy_server_stop($this->server));
    }

    public function stopNow(): void
    {
        Failure::check(Library::bindings()->coy_server_stop_now($this->server));
    }

    public function nextLogLine(): ?LogLine
    {
        $line = Library::bindings()->coy_server_log_next($this->server);

        return $line === null ? null : LogLine::read($line);
    }
}
