<?php

declare(strict_types=1);

namespace Coyote\Pool;

use Coyote\Exception\CoyoteException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\OutcomeException;
use Coyote\Ffi\Deadline;
use Coyote\Ffi\Failure;
use Coyote\Ffi\NativePool;
use Coyote\Ffi\Signals;
use Coyote\Ffi\Status;
use Coyote\Payload;
use Coyote\Reply;
use Psr\Log\LoggerInterface;

/**
 * Takes outcomes from the library and keeps each until its owner has it.
 *
 * An outcome is in one place at a time: in the library, here, with its recipient, or given out. Between
 * any two of them a handler of a signal may throw, or use the pool itself, and nothing is lost.
 *
 * @internal
 */
final class Inbox
{
    /** How many outcomes an event loop has to wait for while it is given them. */
    private const BATCH = 256;

    /** @var array<int, Reply> taken, not given out, of jobs without a recipient */
    private array $replies = [];

    /** @var array<int, \Closure(Reply): void> by job */
    private array $recipients = [];

    /** @var array<int, true> jobs that a wait further up the stack is for */
    private array $awaited = [];

    /** Jobs without a recipient whose outcome was not given out. */
    private int $open = 0;
    private int $arrivals = 0;
    private readonly int|false $process;
    /** Whether handlers of signals have to be thought of. */
    private readonly bool $signals;

    public function __construct(
        private readonly NativePool $native,
        private readonly ?LoggerInterface $logger,
    ) {
        $this->process = \getmypid();
        $this->signals = Signals::exist();
    }

    /**
     * @param (\Closure(Reply): void)|null $recipient who gets the outcome; it may not throw, or use the
     *                                                pool: somebody else is in the middle of a wait. When
     *                                                a handler throws here, nobody gets it, for nobody
     *                                                would know the job
     *
     * @throws CoyoteException
     */
    public function submit(Payload $payload, ?string $key, ?int $priority, ?\Closure $recipient = null): int
    {
        $job = null;
        $async = Signals::hold();
        try {
            $job = $this->native->submit($payload, $key, $priority);
            if ($recipient === null) {
                ++$this->open;
            } else {
                $this->recipients[$job] = $recipient;
            }
        } finally {
            $this->release($async, $job);
        }

        return $job;
    }

    /**
     * A job from its submission to its outcome. Most are run where no handler can come between and
     * nobody reads the log, and take no detours.
     *
     * @return Reply|int|null its outcome, or the number of the job that has none yet: then await() and give();
     *                        null: the time is over, and the job is dropped
     *
     * @throws CoyoteException
     */
    public function exec(Payload $payload, ?string $key, ?int $priority, Deadline $deadline): Reply|int|null
    {
        if ($this->logger !== null || ($this->signals && \pcntl_async_signals())) {
            return $this->submit($payload, $key, $priority);
        }
        $this->signals && \pcntl_signal_dispatch();
        $reply = $this->native->exec(
            $payload,
            $key,
            $priority,
            $deadline->seconds === null ? -1 : $deadline->left(),
        );
        $this->open += (int) \is_int($reply);

        return $reply;
    }

    /**
     * The oldest outcome, in a single wait and as straight as exec().
     *
     * @return Reply|false|null false: not while others wait as well; await() and give() sort that out
     *
     * @throws CoyoteException
     */
    public function next(Deadline $deadline): Reply|false|null
    {
        if ($this->logger !== null || ($this->signals && \pcntl_async_signals())) {
            return false;
        }
        $this->signals && \pcntl_signal_dispatch();
        if ($this->replies !== [] || $this->recipients !== [] || $this->awaited !== []
            || ($this->open === 0 && $deadline->seconds === null)) {
            return false;
        }
        $reply = $this->native->take(0, $deadline->slice());
        $this->open -= (int) ($reply !== null);

        return $reply;
    }

    /**
     * Waits until the outcome of a job without a recipient is here: of a certain one, or of any (0).
     *
     * @return int|null whose it is; null: the time is over
     *
     * @throws CoyoteException
     */
    public function await(int $job, Deadline $deadline): ?int
    {
        $this->replies === [] || $this->refuseChild();
        $async = Signals::hold();
        try {
            return $this->waitFor($job, $deadline);
        } finally {
            unset($this->awaited[$job]);
            Signals::release($async);
        }
    }

    /** The exception that goes with an outcome that is here; null: it is a good one, or not here. */
    public function failure(int $job): ?OutcomeException
    {
        $reply = $this->replies[$job] ?? null;

        return $reply === null || $reply->isOk() ? null : OutcomeException::of($reply);
    }

    /**
     * Gives an outcome out.
     *
     * PHP runs handlers where a function begins and where code jumps. From the first line here to the
     * caller's own assignment it does neither, so that nothing is given twice or to nobody: keep it,
     * and the last lines of those who call it, like that.
     *
     * @return Reply|null null: it is not here, or a handler was faster
     */
    public function give(int $job): ?Reply
    {
        /** @var Reply|null $reply */
        $reply = &$this->replies[$job]; // null where there is none
        unset($this->replies[$job]);
        $this->open -= (int) ($reply !== null);

        return $reply;
    }

    /** Changes whenever an outcome comes. */
    public function arrivals(): int
    {
        $this->refuseChild();

        return $this->arrivals;
    }

    /**
     * Waits once, for up to so many milliseconds, and tells recipients of what came. Does not wait when
     * something has come since arrivals() was $seen.
     */
    public function pump(int $milliseconds, int $seen): void
    {
        $async = Signals::hold();
        try {
            $this->take(0, $milliseconds, $seen);
        } finally {
            Signals::release($async);
        }
    }

    /** Does what there is to do, without waiting; for event loops. */
    public function poll(): void
    {
        $async = Signals::hold();
        try {
            for ($i = 0; $i < self::BATCH && $this->take(0, 0, $this->arrivals); ++$i);
        } finally {
            Signals::release($async);
        }
    }

    /** Takes the job back if no worker has begun it; then its outcome says so. */
    public function cancel(int $job): bool
    {
        return !isset($this->replies[$job]) && Failure::check($this->native->cancel($job)) === 1;
    }

    /**
     * For a recipient: the job's outcome is dropped, wherever it is. Never throws.
     *
     * @return bool|null whether no worker had begun the job, and none ever will; null: the recipient has
     *                   had its outcome
     */
    public function abandon(int $job): ?bool
    {
        if (!isset($this->recipients[$job])) {
            return null;
        }
        unset($this->recipients[$job]);

        return $this->native->abandon($job) === 1;
    }

    /** The same for a job without a recipient. */
    public function drop(int $job): void
    {
        if ($this->give($job) === null) {
            --$this->open;
            $this->native->abandon($job);
        }
    }

    /** Gives the log lines that have come to the logger. */
    public function log(): void
    {
        if ($this->logger !== null) {
            while (($line = $this->native->logLine()) !== null) {
                $line->writeTo($this->logger);
            }
        }
    }

    private function waitFor(int $job, Deadline $deadline): ?int
    {
        if ($job !== 0) {
            $this->awaited[$job] = true;
        }
        for ($over = false; ($found = $this->find($job)) === null && !$over; $over = $deadline->isOver()) {
            if ($job === 0 && $deadline->seconds === null && $this->open <= \count($this->awaited)) {
                throw new MisuseException(
                    'No job is on its way whose outcome is yours to take: waiting for it would never end.',
                );
            }
            $this->take($job, $deadline->slice(), $this->arrivals);
        }

        return $found;
    }

    /**
     * While signals are held: their handlers run here, where they may throw, or use the pool.
     *
     * @return bool whether an outcome came
     *
     * @throws CoyoteException
     */
    private function take(int $job, int $milliseconds, int $seen): bool
    {
        // Else a handler has taken what there was to wait for
        if ($seen === $this->arrivals) {
            $reply = $this->native->take($job, $milliseconds);
            if ($reply !== null) {
                $this->keep($reply);
            }
        }
        $this->log();
        Signals::dispatch();

        return $seen !== $this->arrivals;
    }

    /** What is here at a fork is the parent's to give out; where nothing is, the library refuses. */
    private function refuseChild(): void
    {
        if (\getmypid() !== $this->process) {
            throw new MisuseException('The pool belongs to the parent process: make a new one here.', Status::EFORKED);
        }
    }

    private function release(bool $async, ?int $job): void
    {
        try {
            Signals::release($async);
        } catch (\Throwable $thrown) {
            $job === null || $this->abandon($job);

            throw $thrown;
        }
    }

    private function keep(Reply $reply): void
    {
        ++$this->arrivals;
        $recipient = $this->recipients[$reply->job] ?? null;
        if ($recipient === null) {
            $this->replies[$reply->job] = $reply;
        } else {
            unset($this->recipients[$reply->job]);
            $recipient($reply);
        }
    }

    /** Whose outcome is here: of a certain job, or the oldest that nobody awaits (0). */
    private function find(int $job): ?int
    {
        if ($job !== 0) {
            return isset($this->replies[$job]) ? $job : null;
        }
        foreach ($this->replies as $number => $reply) {
            if (!isset($this->awaited[$number])) {
                return $number;
            }
        }

        return null;
    }
}
