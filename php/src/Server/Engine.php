<?php

declare(strict_types=1);

namespace Coyote\Server;

use Coyote\Exception\ConfigException;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\SourceException;
use Coyote\Exception\SystemException;
use Coyote\Ffi\Deadline;
use Coyote\Ffi\DescriptorStream;
use Coyote\Ffi\Failure;
use Coyote\Ffi\NativeConfig;
use Coyote\Ffi\NativeServer;
use Coyote\Ffi\Status;
use Coyote\Goridge\StreamCall;
use Coyote\Source;
use Psr\Log\LoggerInterface;

/**
 * The library's server and the sources, brought together: rounds of settling, asking, waiting.
 *
 * @internal
 */
final class Engine
{
    private readonly ServerLog $log;
    private readonly int $owner;

    /** @var array<string, Feed> */
    private array $feeds = [];

    private ?NativeServer $native = null;
    private bool $checked = false;
    private bool $started = false;
    private bool $ended = false;
    private bool $endTold = false;
    private bool $signals = false;

    /** A stop that came before there was anything to stop. */
    private bool $stopped = false;

    private ?CoyoteException $mistake = null;
    private ?CoyoteException $failure = null;

    /** @var resource|null */
    private mixed $stream = null;

    public function __construct(private readonly NativeConfig $config, ?LoggerInterface $logger)
    {
        $this->log = new ServerLog($logger);
        $this->owner = (int) \getmypid();
    }

    public function __destruct()
    {
        if ($this->owner !== \getmypid() || !$this->started || $this->ended) {
            return;
        }
        try {
            $this->stop(true);
            for ($rounds = 0; !$this->ended && $rounds < 1000; ++$rounds) {
                $this->round(0.1);
            }
        } catch (\Throwable) {
            // A destructor is no place for it
        } finally {
            $this->close();
        }
    }

    public function register(string $kind, Source $source): void
    {
        $this->mustBeginLater('register()');
        if (\preg_match('/^[A-Za-z0-9_-]+$/D', $kind) !== 1) {
            throw new MisuseException(\sprintf('"%s" is no name for a kind: give letters, digits, _ and -.', $kind));
        }
        foreach ($this->feeds as $feed) {
            if ($feed->kind === $kind || $feed->isOf($source)) {
                throw new MisuseException(\sprintf(
                    $feed->kind === $kind ? 'There is a source for "%s" already.' : 'This source is registered already, as "%s": make one for each kind.',
                    $feed->kind,
                ));
            }
        }
        $this->feeds[$kind] = new Feed($kind, $source, $this->log);
    }

    public function set(string $key, string $value): void
    {
        $this->mustBeginLater('set()');
        if (\str_contains($key . $value, "\0")) {
            throw new MisuseException('A setting holds a NUL byte.');
        }
        try {
            $this->config->set($key, $value);
        } catch (ConfigException $mistake) {
            throw self::inOurWords($mistake);
        }
    }

    public function check(): void
    {
        if ($this->mistake !== null) {
            throw $this->mistake;
        }
        if ($this->checked) {
            return;
        }
        try {
            $this->log->configure($this->config->get('log.level'), $this->config->get('log.format'));
            $this->native = new NativeServer($this->config);
            foreach ($this->feeds as $feed) {
                $feed->join($this->native);
            }
            $this->native->check();
            $this->checked = true;
        } catch (CoyoteException $mistake) {
            throw $this->mistake = $mistake instanceof ConfigException ? self::inOurWords($mistake) : $mistake;
        }
    }

    /** Checks and opens, once. */
    public function start(): void
    {
        if ($this->started) {
            return;
        }
        $this->check();
        $this->started = true;
        if ($this->stopped) {
            $this->native()->stop();

            return;
        }
        try {
            foreach ($this->feeds as $feed) {
                $feed->open();
            }
        } catch (CoyoteException $failure) {
            // Its end: else it would serve on without those that come after
            $this->ended = true;
            $this->failure = $failure;
            $this->native()->stopNow();
            $this->close();

            throw $failure;
        }
    }

    /** Does what is to be done, or waits for it and does it; whether it serves on. */
    public function round(?float $timeout): bool
    {
        if (!$this->ended) {
            $busy = $this->settle();
            $this->fill();
            $this->await($busy ? 0.0 : $timeout);
            $this->settle();
            $this->fill();
            if ($this->ended) {
                $this->close();
            }
        }
        $this->log->pass($this->native());

        if ($this->failure !== null) {
            $this->endTold = true;

            throw $this->failure;
        }

        return !$this->ended;
    }

    /** Somebody knows that it has ended well. */
    public function endIsTold(): void
    {
        $this->endTold = true;
    }

    /** What the sources wait for now. */
    public function wait(): Wait
    {
        $wait = new Wait();
        foreach ($this->ended || !$this->started ? [] : $this->feeds as $feed) {
            $wait = $wait->and($feed->wait() ?? new Wait());
        }

        return $wait;
    }

    public function takeSignals(): void
    {
        if ($this->ended) {
            return;
        }
        try {
            $this->native()->takeSignals();
            $this->signals = true;
        } catch (MisuseException $refused) {
            // It has ended already, or it is to be told that another server has them
            if ($this->native()->step(0) > 0) {
                throw $refused;
            }
        }
    }

    public function releaseSignals(): void
    {
        if ($this->signals) {
            $this->signals = false;
            $this->native()->releaseSignals();
        }
    }

    public function reset(): void
    {
        $this->native === null
            ? throw new MisuseException('The server does not serve: there is nothing to reset.')
            : $this->native->reset();
    }

    public function stop(bool $now): void
    {
        $this->stopped = true;
        if ($this->native !== null && $this->started && !$this->ended) {
            $now ? $this->native->stopNow() : $this->native->stop();
        }
    }

    public function fd(): int
    {
        $this->check();

        return $this->native()->fd();
    }

    /**
     * @return resource
     */
    public function stream(): mixed
    {
        if (!\is_resource($this->stream)) { // or closed by somebody
            $this->stream = DescriptorStream::open($this->fd(), 'server', 'step() with a time-out');
        }

        return $this->stream;
    }

    public function unsettled(): int
    {
        return \array_sum(\array_map(static fn (Feed $feed): int => $feed->unsettled(), $this->feeds));
    }

    public function mustNotHaveEnded(): void
    {
        if ($this->endTold) {
            throw new MisuseException('The server has served, and ended: make a new one.');
        }
    }

    private function mustBeginLater(string $method): void
    {
        if ($this->native !== null) {
            throw new MisuseException("$method comes too late: the server has been checked, or has begun.");
        }
    }

    /** The place of a setting is the library's call there, and set() here. */
    private static function inOurWords(ConfigException $mistake): ConfigException
    {
        $text = \str_replace('coy_config_set(', 'set(', $mistake->getMessage());
        if (\preg_match('/unknown (section|kind of source)/', $text) === 1) {
            $text .= "\nA kind of your own is known once register() was called with its name.";
        }

        return new ConfigException($text, $mistake->getCode());
    }

    private function native(): NativeServer
    {
        return $this->native ?? throw new MisuseException('The server has not been checked yet.');
    }

    private function settle(): bool
    {
        $any = false;
        foreach ($this->feeds as $feed) {
            $any = $feed->settleWhatHasEnded() || $any;
        }

        return $any;
    }

    private function fill(): void
    {
        foreach ($this->ended ? [] : $this->feeds as $feed) {
            $feed->fill();
        }
    }

    /** Waits until something is to be done, and lets the library do it. */
    private function await(?float $timeout): void
    {
        $wait = $timeout === null ? $this->wait() : $this->wait()->and(new Wait([], \microtime(true) + $timeout));
        $milliseconds = $wait->milliseconds(Deadline::SLICE);
        $readable = [];
        if ($wait->streams !== []) {
            $readable = $this->select($wait->streams, $milliseconds);
            $milliseconds = 0;
        }
        $status = $this->native()->step($milliseconds);
        if ($status <= 0 && $status !== Status::EINTERRUPTED) {
            $this->ended = true;
            $this->failure = $status === 0 ? null : $this->failureOf($status);
        }
        foreach ($this->feeds as $feed) {
            $feed->wake($readable);
        }
    }

    /**
     * @param array<resource> $streams
     *
     * @return array<resource>
     */
    private function select(array $streams, int $milliseconds): array
    {
        $read = [$this->stream(), ...$streams];
        $none = null;
        $ready = StreamCall::run(
            static function () use (&$read, &$none, $milliseconds): int|false {
                return \stream_select($read, $none, $none, \intdiv($milliseconds, 1000), $milliseconds % 1000 * 1000);
            },
            $failure,
        );
        // A signal ends the wait with a complaint too, and is no failure
        if ($failure !== null && !\str_contains($failure, 'nterrupted')) {
            $this->blame($failure);
        }

        return $ready === false ? [] : $read;
    }

    /** Ends the source whose stream can't be waited for. */
    private function blame(string $failure): void
    {
        $blamed = false;
        foreach ($this->feeds as $feed) {
            $blamed = $feed->refuseStreams() || $blamed;
        }
        if (!$blamed) {
            throw new SystemException("Cannot wait for the streams of the sources: $failure");
        }
    }

    private function failureOf(int $status): CoyoteException
    {
        $failure = Failure::last();
        if ($status !== Status::ESOURCE) {
            return $failure;
        }
        $thrown = \array_filter(\array_map(static fn (Feed $feed): ?\Throwable => $feed->failure(), $this->feeds));
        $own = \array_filter(
            $thrown,
            static fn (\Throwable $one): bool => \str_contains($failure->getMessage(), Thrown::describe($one)),
        );

        return new SourceException($failure->getMessage(), $status, \current($own ?: $thrown) ?: null);
    }

    private function close(): void
    {
        foreach ($this->feeds as $feed) {
            $feed->close();
        }
    }
}
