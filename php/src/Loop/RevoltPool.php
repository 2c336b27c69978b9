<?php

declare(strict_types=1);

namespace Coyote\Loop;

use Amp\Cancellation;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\OutcomeException;
use Coyote\Exception\TimeoutException;
use Coyote\Payload;
use Coyote\Pool;
use Coyote\Pool\Inbox;
use Coyote\Reply;
use Revolt\EventLoop;

/**
 * A pool in the fibers of a program on Revolt's loop, amphp's among them.
 *
 *     $revolt = new RevoltPool($pool);
 *     $futures = array_map(fn (string $body) => Amp\async(fn () => $revolt->exec($body)), $bodies);
 *
 * The loop is kept running while jobs are out, and no longer. Needs revolt/event-loop.
 *
 * @since 0.1
 */
final class RevoltPool
{
    private readonly Inbox $inbox;
    private readonly string $watcher;

    /** Calls of exec() that wait. */
    private int $waiting = 0;

    /**
     * Starts the pool if it is not: that blocks until its workers have booted.
     *
     * @throws MisuseException revolt/event-loop is not installed
     * @throws CoyoteException as Pool::start()
     */
    public function __construct(Pool $pool)
    {
        if (!\class_exists(EventLoop::class)) {
            throw new MisuseException('RevoltPool needs Revolt\'s loop, which is not installed or not autoloaded: '
                . 'composer require revolt/event-loop');
        }
        $inbox = $this->inbox = $pool->inbox();
        $this->watcher = EventLoop::disable(
            EventLoop::onReadable($pool->stream(), static fn () => $inbox->poll()),
        );
    }

    public function __destruct()
    {
        EventLoop::cancel($this->watcher);
    }

    /**
     * Runs a job; this fiber waits for its outcome, others run meanwhile.
     *
     * When it is not waited for any more (the time is over, or somebody cancels), the job is taken back if
     * no worker has begun it, else it goes on and its outcome is dropped.
     *
     * @param float|null  $timeout  in seconds; null: for ever
     * @param string|null $key      see Pool::submit()
     * @param int|null    $priority see Pool::submit()
     *
     * @return Reply whose outcome is Outcome::Ok
     *
     * @throws OutcomeException the job ended otherwise; its class tells how, and it has the Reply
     * @throws TimeoutException the time is over
     * @throws CoyoteException  the job could not be submitted
     */
    public function exec(
        string|Payload $payload,
        ?float $timeout = null,
        ?string $key = null,
        ?int $priority = null,
        ?Cancellation $cancellation = null,
    ): Reply {
        $cancellation?->throwIfRequested();
        $suspension = EventLoop::getSuspension();
        /** @var bool $suspended */
        $suspended = true;
        $end = null;
        $wake = static function (Reply|\Throwable $with) use (&$end, &$suspended, $suspension): void {
            // The first of outcome, time-out and cancellation counts
            if ($end === null) {
                $end = $with;
                // From the loop, where it is suspended, if it still is
                EventLoop::queue(static function () use (&$suspended, $suspension): void {
                    if ($suspended) {
                        $suspension->resume();
                    }
                });
            }
        };

        $job = $this->inbox->submit(\is_string($payload) ? new Payload($payload) : $payload, $key, $priority, $wake);
        $timer = $timeout === null ? null : EventLoop::delay($timeout, static fn () => $wake(
            new TimeoutException(\sprintf('exec(): job %d has no outcome within %g s.', $job, $timeout)),
        ));
        $subscription = $cancellation?->subscribe($wake);
        $this->waiting++ === 0 && EventLoop::enable($this->watcher);
        try {
            $suspension->suspend();
        } finally {
            $suspended = false;
            --$this->waiting === 0 && EventLoop::disable($this->watcher);
            $this->inbox->abandon($job);
            $timer === null || EventLoop::cancel($timer);
            if ($cancellation !== null && $subscription !== null) {
                $cancellation->unsubscribe($subscription);
            }
        }

        if ($end instanceof Reply) {
            return $end->isOk() ? $end : throw OutcomeException::of($end);
        }

        throw $end ?? new TimeoutException("exec(): job $job was not waited for.");
    }
}
