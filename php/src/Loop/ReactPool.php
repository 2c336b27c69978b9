<?php

declare(strict_types=1);

namespace Coyote\Loop;

use Coyote\Exception\CoyoteException;
use Coyote\Exception\JobCancelledException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\OutcomeException;
use Coyote\Outcome;
use Coyote\Payload;
use Coyote\Pool;
use Coyote\Pool\Inbox;
use Coyote\Reply;
use React\EventLoop\Loop;
use React\EventLoop\LoopInterface;
use React\Promise\Deferred;
use React\Promise\PromiseInterface;

/**
 * A pool in a ReactPHP program.
 *
 *     $react = new ReactPool($pool);
 *     $react->exec('hello')->then(fn (Reply $reply) => print $reply->body());
 *
 * The loop is kept running while jobs are out, and no longer. Needs react/event-loop and react/promise.
 *
 * @since 0.1
 */
final class ReactPool
{
    private readonly Inbox $inbox;
    private readonly LoopInterface $loop;

    /** @var resource|null of this adapter alone, as others of the pool end their watch of theirs */
    private mixed $stream = null;

    /** @var list<array{Deferred<Reply>, Reply}> outcomes whose promises are not told yet */
    private array $settled = [];

    /** Jobs whose outcome has not come. */
    private int $out = 0;
    private bool $watching = false;

    /**
     * Starts the pool if it is not: that blocks until its workers have booted.
     *
     * @throws MisuseException react/event-loop or react/promise is not installed
     * @throws CoyoteException as Pool::start()
     */
    public function __construct(private readonly Pool $pool, ?LoopInterface $loop = null)
    {
        if (!\class_exists(Loop::class) || !\class_exists(Deferred::class)) {
            throw new MisuseException('ReactPool needs ReactPHP\'s loop and promises, which are not installed or not '
                . 'autoloaded: composer require react/event-loop react/promise');
        }
        $this->loop = $loop ?? Loop::get();
        $this->inbox = $pool->inbox();
    }

    /**
     * Runs a job. Cancelling the promise takes the job back if no worker has begun it, and drops its
     * outcome else.
     *
     * @param string|null $key      see Pool::submit()
     * @param int|null    $priority see Pool::submit()
     *
     * @return PromiseInterface<Reply> rejected with an OutcomeException unless the outcome is Outcome::Ok,
     *                                 with another CoyoteException where the job could not be submitted
     */
    public function exec(string|Payload $payload, ?string $key = null, ?int $priority = null): PromiseInterface
    {
        $job = 0;
        /** @var Deferred<Reply> $deferred */
        $deferred = new Deferred(function (callable $resolve, callable $reject) use (&$job): void {
            $this->cancel($job, $reject);
        });
        try {
            $job = $this->inbox->submit(
                \is_string($payload) ? new Payload($payload) : $payload,
                $key,
                $priority,
                fn (Reply $reply) => $this->settle($deferred, $reply),
            );
            ++$this->out;
            $this->watch();
        } catch (CoyoteException $failure) {
            $deferred->reject($failure);
        }

        return $deferred->promise();
    }

    /**
     * @param Deferred<Reply> $deferred
     */
    private function settle(Deferred $deferred, Reply $reply): void
    {
        // By a call that waits somewhere in the program, maybe: promises are told from the loop alone
        $this->settled === [] && $this->loop->futureTick($this->tell(...));
        $this->settled[] = [$deferred, $reply];
        --$this->out;
    }

    /**
     * @param callable(\Throwable): void $reject
     */
    private function cancel(int $job, callable $reject): void
    {
        $fresh = $this->inbox->abandon($job);
        if ($fresh !== null) {
            --$this->out;
            $this->watch();
            $reject(new JobCancelledException(
                new Reply(Outcome::Cancelled, $job, !$fresh, 0, "the promise of job $job was cancelled"),
            ));
        }
    }

    private function tell(): void
    {
        [$settled, $this->settled] = [$this->settled, []];
        $this->watch();
        foreach ($settled as [$deferred, $reply]) {
            $reply->isOk() ? $deferred->resolve($reply) : $deferred->reject(OutcomeException::of($reply));
        }
    }

    private function watch(): void
    {
        $wanted = $this->out > 0;
        if ($wanted && !$this->watching) {
            $this->stream ??= $this->pool->ownStream();
            $this->loop->addReadStream($this->stream, fn () => $this->inbox->poll());
        } elseif (!$wanted && $this->watching && $this->stream !== null) {
            $this->loop->removeReadStream($this->stream);
        }
        $this->watching = $wanted;
    }
}
