<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\ConfigException;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\LibraryException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\SourceException;
use Coyote\Exception\WorkersException;
use Coyote\Ffi\NativeConfig;
use Coyote\Ffi\Signals;
use Coyote\Server\Engine;
use Psr\Log\LoggerInterface;

/**
 * The services of a config, with sources of your own, in this process; their workers are processes
 * of their own.
 *
 *     $server = new Server('.rr.yaml');
 *     $server->register('orders', new OrdersSource());
 *     $server->serve();
 *
 * The section `orders`, or the one whose `source` is `orders`, is served by that source, beside those
 * of the built-in kinds: with the same workers, order of keys, limits and settling.
 *
 * Without a logger its lines go to standard error in the form that `coyote serve` has, for it is a
 * server; the config's `log` section holds for them. A logger gets them with the parts of a line as
 * context, and what it throws comes out of serve() or step().
 *
 * In the child of a fork it is dead, and harmless. It can be neither cloned nor serialized. When it
 * goes away while it serves, workers are killed, events settled and sources closed.
 *
 * @since 0.1
 */
final class Server
{
    private readonly Engine $engine;
    private bool $serving = false;

    /**
     * Reads the config; relative paths in it are from the working directory.
     *
     * @param string|array<string, mixed> $config a file of YAML or JSON, or the tree itself
     *
     * @throws ConfigException  every mistake of form and its place
     * @throws LibraryException when libcoyote can't be loaded
     */
    public function __construct(string|array $config, ?LoggerInterface $logger = null)
    {
        $this->engine = new Engine(new NativeConfig($config), $logger);
    }

    /**
     * Brings a kind of source. Where no section of the config is of it, the source is left alone.
     *
     * @param string $kind letters, digits, _ and -
     *
     * @throws MisuseException when the kind is registered already or can't be one, the source is
     *                         registered already, or the server has begun
     */
    public function register(string $kind, Source $source): static
    {
        $this->engine->register($kind, $source);

        return $this;
    }

    /**
     * A setting that wins over the config's own: `set('orders.workers.pool.num_workers', '4')`.
     *
     * @param string $value read as YAML
     *
     * @throws ConfigException when key or value can't be read
     * @throws MisuseException when the server has begun
     */
    public function set(string $key, string $value): static
    {
        $this->engine->set($key, $value);

        return $this;
    }

    /**
     * Checks the whole config, that of the sources included, and starts nothing; serve() and step()
     * do it where you don't.
     *
     * @throws ConfigException every mistake and its place
     * @throws MisuseException when a source's schema or environment, or its kind, is none
     * @throws SourceException when a source's schema() or environment() has thrown
     */
    public function check(): void
    {
        $this->engine->check();
    }

    /**
     * Serves until all services have ended; blocks so long. Once.
     *
     * Handlers of pcntl_signal() run meanwhile, whether asynchronous or not, and may call stop() or
     * reset(). One that throws ends this call, and nothing is lost: serve() again goes on.
     *
     * @param bool $signals INT and TERM stop the server, a second one at once, and HUP resets it; the
     *                      handlers that were there come back at the end. false: signals are yours
     *
     * @throws ConfigException  as check()
     * @throws SourceException  when a source can't go on; what it threw is the previous exception
     * @throws WorkersException when a service's workers can't be started
     * @throws CoyoteException  what else ended a service
     * @throws MisuseException  within a Fiber, within serve(), in the child of a fork, or when it has ended
     */
    public function serve(bool $signals = true): void
    {
        if (\Fiber::getCurrent() !== null) {
            throw new MisuseException(
                'serve() within a Fiber would block all others: call step(0) whenever stream() is readable instead.',
            );
        }
        self::undisturbed(function () use ($signals): void {
            $this->engine->mustNotHaveEnded();
            $this->enter();
            try {
                $this->engine->start();
                if ($signals) {
                    $this->engine->takeSignals();
                }
                do {
                    Signals::dispatch();
                } while ($this->engine->round(null));
                $this->engine->endIsTold();
            } finally {
                $this->serving = false;
                $this->engine->releaseSignals();
            }
        });
    }

    /**
     * For those with a loop of their own: does what is to be done, and where that is nothing waits.
     * The first call starts the services and opens the sources. Takes no signals.
     *
     *     while ($server->step(1.0)) { ... }
     *
     * @param float|null $timeout in seconds, at most; 0 does not wait, null until something is to be done.
     *                            A signal ends the wait too, and so does a second
     *
     * @return bool whether it serves on; false: all services have ended well
     *
     * @throws CoyoteException as serve()
     */
    public function step(?float $timeout = 0.0): bool
    {
        if ($timeout !== null && !($timeout >= 0)) {
            throw new MisuseException("A time-out of $timeout seconds: give 0 to not wait, or null to wait for something.");
        }

        return self::undisturbed(function () use ($timeout): bool {
            $this->enter();
            try {
                $this->engine->start();
                Signals::dispatch();

                return $this->engine->round($timeout);
            } finally {
                $this->serving = false;
            }
        });
    }

    /**
     * The server's own stream, never to be read: readable when step(0) has something to do. Sources
     * have theirs, see streams().
     *
     * @return resource
     *
     * @throws MisuseException  outside the command line, where PHP has no such streams: use fd()
     * @throws CoyoteException  as check()
     */
    public function stream(): mixed
    {
        return $this->engine->stream();
    }

    /**
     * The descriptor under stream(), never to be read or closed.
     *
     * @throws CoyoteException as check()
     */
    public function fd(): int
    {
        return $this->engine->fd();
    }

    /**
     * All that a loop waits for before it calls step(0): stream(), and what the sources wait for now.
     * Ask again after each step().
     *
     * @return non-empty-list<resource>
     *
     * @throws CoyoteException as stream()
     */
    public function streams(): array
    {
        return [$this->engine->stream(), ...\array_values($this->engine->wait()->streams)];
    }

    /**
     * When step(0) is to be called though no stream is readable; as microtime(true) tells it. Ask
     * again after each step().
     *
     * @return float|null null: there is no such time
     */
    public function deadline(): ?float
    {
        return $this->engine->wait()->deadline;
    }

    /**
     * Begins to bring fresh workers to every service, which read their code anew; sources go on.
     *
     * @throws MisuseException when it does not serve
     */
    public function reset(): void
    {
        $this->engine->reset();
    }

    /**
     * Begins to stop: no source is asked for events any more, what was begun may end, and serve()
     * returns then. From within a source's methods and handlers of signals too; again: nothing.
     */
    public function stop(): void
    {
        $this->engine->stop(false);
    }

    /** The same without waiting for anybody: workers are killed. */
    public function stopNow(): void
    {
        $this->engine->stop(true);
    }

    /** How many events' settle() has thrown: nobody knows at their origin how they ended. */
    public function unsettled(): int
    {
        return $this->engine->unsettled();
    }

    /**
     * @throws MisuseException always: whose would the workers be?
     *
     * @return array<never>
     */
    public function __serialize(): array
    {
        throw new MisuseException('A Server cannot be serialized: it is processes, and belongs to this one.');
    }

    /**
     * @param array<mixed> $data
     *
     * @throws MisuseException always
     */
    public function __unserialize(array $data): void
    {
        throw new MisuseException('A Server cannot be unserialized: make a new one.');
    }

    private function enter(): void
    {
        if ($this->serving) {
            throw new MisuseException('The server serves already: a source or a logger can call stop() and reset(), not serve() or step().');
        }
        $this->serving = true;
    }

    /**
     * Handlers of signals run before and after the call, and where it lets them: anywhere else one that
     * throws would skip what follows, even a `finally`.
     *
     * @template T
     *
     * @param \Closure(): T $call
     *
     * @return T
     */
    private static function undisturbed(\Closure $call): mixed
    {
        $async = Signals::hold();
        try {
            return $call();
        } finally {
            Signals::release($async);
        }
    }

    private function __clone()
    {
    }
}
