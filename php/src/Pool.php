<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\ConfigException;
use Coyote\Exception\LibraryException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\OutcomeException;
use Coyote\Exception\SystemException;
use Coyote\Exception\TimeoutException;
use Coyote\Exception\WorkersException;
use Coyote\Ffi\Deadline;
use Coyote\Ffi\DescriptorStream;
use Coyote\Ffi\Failure;
use Coyote\Ffi\NativePool;
use Coyote\Ffi\Signals;
use Coyote\Ffi\Status;
use Coyote\Pool\Inbox;
use Coyote\Pool\Map;
use Coyote\Pool\Settings;
use Psr\Log\LoggerInterface;

/**
 * PHP worker processes that this script owns, and payloads for them.
 *
 *     $pool = new Pool('php worker.php', ['num_workers' => 4]);
 *     $reply = $pool->exec('hello', timeout: 1.0);
 *     foreach ($pool->map($payloads) as $key => $reply) { ... }
 *
 * Every job has exactly one outcome, which is given out once: by exec(), wait() or next(), or to the map
 * or the event loop's adapter that has submitted it.
 *
 * Time-outs are seconds and parts of them; 0 does not wait, null waits for ever. Handlers of
 * pcntl_signal() run within the calls that wait, at once, and the wait goes on; when one throws, the
 * call ends with that exception, and no outcome is lost by it.
 *
 * What workers print, and why they die, goes to the logger within these calls, with `service`, `pid`,
 * `time` (seconds since 1970) and more in its context. Without a logger it is dropped: the library
 * keeps up to 1024 lines, which nobody will see.
 *
 * The workers end with this object: call stop() to let them finish. In the child of a fork every
 * method throws MisuseException, and the workers stay the parent's.
 *
 * @phpstan-type Duration int|float|string
 * @phpstan-type Supervisor array{exec_ttl?: Duration, ttl?: Duration, idle_ttl?: Duration,
 *     max_worker_memory?: int, watch_tick?: Duration}
 * @phpstan-type Allocator array{max_workers?: int, spawn_rate?: int, idle_timeout?: Duration}
 * @phpstan-type PoolKeys array{num_workers?: int, max_jobs?: int, prefetch?: int, max_queue_size?: int,
 *     allocate_timeout?: Duration, destroy_timeout?: Duration, reset_timeout?: Duration, debug?: bool,
 *     fail_fast?: bool, supervisor?: Supervisor, dynamic_allocator?: Allocator}
 * @phpstan-type WorkersKeys array{env?: array<string, scalar>, user?: string,
 *     protocol?: 'auto'|'v2'|'v3', relay?: string, relay_timeout?: Duration,
 *     max_payload_size?: int|string, pool?: PoolKeys}
 *
 * @since 0.1
 */
final class Pool
{
    private NativePool $native;
    private Inbox $inbox;
    private Deadline $never;

    /** @var array<string, string> */
    private array $settings = [];
    private bool $started = false;

    /** @var resource|null */
    private mixed $stream = null;

    /**
     * Does not start the workers: start() does, or the first job.
     *
     * @param string $command  what starts a worker, such as "php worker.php": quoted as in a shell, without
     *                         a shell
     * @param array<string, mixed> $settings as in the `workers` section of a config, nested or with dotted
     *                         keys; those of `pool`, its `supervisor` and its `dynamic_allocator` may come
     *                         without these names. Durations are seconds, or text such as "250ms"
     *
     * @phpstan-param WorkersKeys|PoolKeys|Supervisor|Allocator|array<string, mixed> $settings
     *
     * @throws ConfigException  when a setting is wrong: which, and what it takes
     * @throws LibraryException when libcoyote cannot be loaded: why, and how to mend it
     */
    public function __construct(string $command, array $settings = [], ?LoggerInterface $logger = null)
    {
        $this->own(NativePool::make($command), $settings, $logger);
    }

    /**
     * A pool as the service of that section would have it: by its `workers`, the config's `env` included.
     *
     * @param string               $file     YAML or JSON
     * @param array<string, mixed> $settings win over the file's, see the constructor
     *
     * @phpstan-param WorkersKeys|PoolKeys|Supervisor|Allocator|array<string, mixed> $settings
     *
     * @throws ConfigException  when the file or a setting is wrong: every mistake of the file, and its place
     * @throws SystemException  when the file cannot be read
     * @throws LibraryException when libcoyote cannot be loaded: why, and how to mend it
     */
    public static function fromConfig(
        string $file,
        string $section,
        array $settings = [],
        ?LoggerInterface $logger = null,
    ): self {
        $pool = (new \ReflectionClass(self::class))->newInstanceWithoutConstructor();
        $pool->own(NativePool::fromConfig($file, $section), $settings, $logger);

        return $pool;
    }

    /**
     * Starts the workers and waits until they have booted. Again, it does nothing.
     *
     * @throws TimeoutException the time is over; they go on booting, and another call waits on
     * @throws WorkersException they do not boot: with what they said
     * @throws MisuseException  the pool is stopped
     */
    public function start(?float $timeout = null): void
    {
        $deadline = Deadline::after($timeout);
        $this->started
            ? Failure::check($this->native->start(0)) // which says whether it was stopped meanwhile
            : $this->startBy($deadline);
    }

    /**
     * Hands a job over and does not wait for it. The first one starts the workers, which is waited for.
     *
     * What cannot be accepted (empty, too big, the pool is stopped) has an outcome as well: rejected.
     *
     * @param string|null $key      jobs of one key run one at a time, in the order of their submission
     * @param int|null    $priority 0 to 9, 4 unless it is given: of jobs that wait the highest run first
     *
     * @return int the job's number, for wait() and cancel()
     *
     * @throws WorkersException|MisuseException
     */
    public function submit(string|Payload $payload, ?string $key = null, ?int $priority = null): int
    {
        $this->started || $this->start();

        return $this->inbox->submit(self::payload($payload), $key, $priority);
    }

    /**
     * Runs a job and waits for its outcome. The first one starts the workers, within the same time.
     *
     * When a signal's handler throws meanwhile, the job goes on, and its outcome comes by next().
     *
     * @param string|null $key      see submit()
     * @param int|null    $priority see submit()
     *
     * @return Reply whose outcome is Outcome::Ok
     *
     * @throws OutcomeException the job ended otherwise; its class tells how, and it has the Reply
     * @throws TimeoutException the time is over; the job is taken back if no worker has begun it, else it
     *                          goes on, and its outcome is dropped
     * @throws WorkersException|MisuseException
     */
    public function exec(
        string|Payload $payload,
        ?float $timeout = null,
        ?string $key = null,
        ?int $priority = null,
    ): Reply {
        $deadline = $timeout === null ? $this->never : Deadline::after($timeout);
        $this->started || $this->startBy($deadline);
        $job = $this->inbox->exec(\is_string($payload) ? new Payload($payload) : $payload, $key, $priority, $deadline);
        if ($job instanceof Reply) {
            return $job->outcome === Outcome::Ok ? $job : throw OutcomeException::of($job);
        }
        if ($job === null) {
            throw new TimeoutException(\sprintf('exec(): no outcome came within %s.', $deadline->text()));
        }

        // The ends of this method are as Inbox::give() wants them
        $reply = null;
        do {
            if ($this->inbox->await($job, $deadline) === null) {
                $this->inbox->drop($job);

                throw new TimeoutException(\sprintf('exec(): job %d has no outcome within %s.', $job, $deadline->text()));
            }
            $failure = $this->inbox->failure($job);
            if ($failure !== null) {
                if ($this->inbox->give($job) !== null) {
                    throw $failure;
                }
                continue;
            }
            $reply = $this->inbox->give($job);
        } while ($reply === null);

        return $reply;
    }

    /**
     * Takes the oldest outcome of a job that submit() was called for.
     *
     * @return Reply|null null: there is none in time
     *
     * @throws MisuseException it would wait for ever: no such job is on its way
     */
    public function next(?float $timeout = null): ?Reply
    {
        $deadline = $timeout === null ? $this->never : Deadline::after($timeout);
        $reply = $this->inbox->next($deadline);
        if ($reply instanceof Reply || ($reply === null && $deadline->isOver())) {
            return $reply;
        }
        do {
            $job = $this->inbox->await(0, $deadline);
            if ($job === null) {
                return null;
            }
            $reply = $this->inbox->give($job);
        } while ($reply === null);

        return $reply;
    }

    /**
     * Takes the outcome of a certain job that submit() was called for.
     *
     * @return Reply|null null: there is none in time
     *
     * @throws MisuseException there is no such job, or its outcome has been taken
     */
    public function wait(int $job, ?float $timeout = null): ?Reply
    {
        if ($job < 1) {
            throw new MisuseException("There is no job $job: submit() gives numbers from 1 on.");
        }
        $deadline = Deadline::after($timeout);
        do {
            if ($this->inbox->await($job, $deadline) === null) {
                return null;
            }
            $reply = $this->inbox->give($job);
        } while ($reply === null);

        return $reply;
    }

    /**
     * Takes a job back, if no worker has begun it. Does not block.
     *
     * @return bool true: its outcome, still to be taken, is Outcome::Cancelled; false: it is begun or done
     *
     * @throws MisuseException there is no such job, or its outcome has been taken
     */
    public function cancel(int $job): bool
    {
        return $this->inbox->cancel($job);
    }

    /**
     * Runs many jobs at a time, and gives each reply as soon as it is there, with its payload's key.
     *
     * Never throws for a job: look at the reply's outcome, or let body() throw. Payloads are pulled as
     * there is room for them. When the loop is left, or the input throws, what is queued is cancelled,
     * and the outcomes of what was begun are dropped. Several maps and other jobs may run side by side.
     *
     * @template TKey
     *
     * @param iterable<TKey, string|Payload> $payloads
     * @param int|null $concurrency how many jobs are out at a time, replies that wait for you included; by
     *                              default as many as the workers can hold, and one more for each
     * @param bool     $ordered     in the order of the input; one that takes long holds the others up
     *
     * @return \Generator<TKey, Reply, mixed, void>
     *
     * @throws MisuseException when the concurrency is below 1
     */
    public function map(iterable $payloads, ?int $concurrency = null, bool $ordered = false): \Generator
    {
        if ($concurrency !== null && $concurrency < 1) {
            throw new MisuseException("map() with a concurrency of $concurrency: it is how many jobs run at a time, 1 or more.");
        }

        return $this->mapNow($payloads, $concurrency, $ordered);
    }

    /**
     * Brings fresh workers, which read their code anew, one after the other; no job fails by it. Goes on
     * while outcomes are waited for. Does not block.
     *
     * @throws MisuseException the pool does not run
     */
    public function reset(): void
    {
        $this->native->reset();
    }

    /**
     * The numbers that the library keeps, by name; all 0 before the start. Does not block.
     *
     * @return array<string, int>
     */
    public function stats(): array
    {
        return $this->native->stats();
    }

    /**
     * For stream_select() and event loops: readable when next(0.0) has something to do or to give. Never
     * read from it. The same one every time.
     *
     *     while ($open > 0) {
     *         while (($reply = $pool->next(0.0)) !== null) { $open--; ... }
     *         $read = [$pool->stream(), $socket];
     *         if ($open > 0 && stream_select($read, $write, $except, null)) { ... }
     *     }
     *
     * Take what next(0.0) gives until it is null before you wait: what another call has found meanwhile
     * the stream does not tell. ReactPHP and Revolt have adapters in Coyote\Loop.
     *
     * @return resource
     *
     * @throws SystemException where PHP cannot make streams of descriptors: it can on the command line alone
     */
    public function stream(): mixed
    {
        if (!\is_resource($this->stream)) { // or closed by somebody
            $this->stream = $this->ownStream();
        }

        return $this->stream;
    }

    /**
     * As stream(), for one user alone: loops keep one watch for each stream.
     *
     * @internal
     *
     * @return resource
     *
     * @throws SystemException as stream()
     */
    public function ownStream(): mixed
    {
        return DescriptorStream::open($this->fd(), 'pool', 'next() with a time-out');
    }

    /**
     * The descriptor of stream(), the pool's own: never read or close it.
     */
    public function fd(): int
    {
        return $this->native->fd();
    }

    /**
     * Cancels what is queued, lets what was begun end, then the workers; when the time is over they are
     * killed. Outcomes can still be taken, jobs are rejected from now on. Again, it does nothing.
     */
    public function stop(?float $timeout = 30.0): void
    {
        $deadline = Deadline::after($timeout);
        do {
            Signals::dispatch();
            $status = $this->native->stop($deadline->left());
        } while ($status === Status::EINTERRUPTED);
        $failure = $status < 0 ? Failure::last() : null;
        $this->inbox->log();
        if ($failure !== null) {
            throw $failure;
        }
    }

    /**
     * Where outcomes go, for the adapters of Coyote\Loop.
     *
     * @internal
     */
    public function inbox(): Inbox
    {
        $this->started || $this->start();

        return $this->inbox;
    }

    /**
     * @throws MisuseException always: whose would the workers be?
     *
     * @return array<never>
     */
    public function __serialize(): array
    {
        throw new MisuseException('A Pool cannot be serialized: it is processes, and belongs to this one.');
    }

    /**
     * @param array<mixed> $data
     *
     * @throws MisuseException always
     */
    public function __unserialize(array $data): void
    {
        throw new MisuseException('A Pool cannot be unserialized: make a new one.');
    }

    private function __clone()
    {
    }

    /**
     * @param array<array-key, mixed> $settings
     */
    private function own(NativePool $native, array $settings, ?LoggerInterface $logger): void
    {
        $this->native = $native;
        $this->never = Deadline::after(null);
        $this->inbox = new Inbox($native, $logger);
        $this->settings = Settings::flatten($settings);
        foreach ($this->settings as $key => $value) {
            $native->set($key, $value);
        }
    }

    private function startBy(Deadline $deadline): void
    {
        if ($this->started) {
            return;
        }
        do {
            Signals::dispatch();
            $status = $this->native->start($deadline->slice());
            $failure = $status < 0 ? Failure::last() : null;
            $this->inbox->log();
        } while ($status === Status::EINTERRUPTED || ($status === Status::ETIMEOUT && !$deadline->isOver()));

        if ($status === Status::ETIMEOUT && $failure !== null) {
            // The library knows the last piece of our time only
            $text = \preg_replace('/within \S+ s/', 'within ' . $deadline->text(), $failure->getMessage(), 1);
            $failure = new TimeoutException((string) $text, $status);
        }
        if ($failure !== null) {
            throw $failure;
        }
        $this->started = true;
    }

    /**
     * @template TKey
     *
     * @param iterable<TKey, string|Payload> $payloads
     *
     * @return \Generator<TKey, Reply, mixed, void>
     */
    private function mapNow(iterable $payloads, ?int $concurrency, bool $ordered): \Generator
    {
        $this->started || $this->start();
        $input = (static fn (): \Generator => yield from $payloads)();

        yield from (new Map($this->inbox, $concurrency ?? $this->capacity(), $ordered))->run($input);
    }

    /** How many jobs keep all workers busy. */
    private function capacity(): int
    {
        $stats = $this->stats();
        $workers = 0;
        foreach (['workers_booting', 'workers_ready', 'workers_working'] as $name) {
            $workers += $stats[$name] ?? 0;
        }
        $workers = \max(1, $workers) + $this->number('max_workers');

        return $workers * ($this->number('prefetch', 1) + 1);
    }

    /** A setting that was given here, by whatever it is called in full. */
    private function number(string $name, int $else = 0): int
    {
        foreach ($this->settings as $key => $value) {
            if (\preg_match("/(^|\\.)$name$/D", $key) === 1) {
                $else = (int) $value;
            }
        }

        return $else;
    }

    private static function payload(string|Payload $payload): Payload
    {
        return \is_string($payload) ? new Payload($payload) : $payload;
    }
}
