<?php

declare(strict_types=1);

namespace Coyote\Compat\RoadRunner;

use Coyote\Exception\MisuseException;
use Coyote\Exception\RelayException;

/**
 * The Worker of RoadRunner 1 in form: receive() with the context by reference, send(), error(),
 * stop(). One difference: an empty body is `''` here, so a loop that tests for null serves it.
 *
 * Every method throws RelayException when the way to the server breaks, and MisuseException when
 * it is called out of turn, as Coyote\Worker says.
 *
 * @since 0.1
 */
final class Worker
{
    private readonly \Coyote\Worker $worker;

    /**
     * Without arguments, so that every container can make it; all share the process's worker.
     *
     * @throws RelayException when the environment names no way to a server
     */
    public function __construct()
    {
        $this->worker = \Coyote\Worker::create();
    }

    /**
     * Waits, without a time limit, for the next payload.
     *
     * @param mixed $header set to the payload's context, or to null at the end
     *
     * @param-out string|null $header
     *
     * @return string|null the payload's body; null: stop
     *
     * @throws MisuseException while the payload before it has no answer
     */
    public function receive(mixed &$header = null): ?string
    {
        $payload = $this->worker->next();
        $header = $payload?->context;

        return $payload?->body;
    }

    /**
     * Answers the payload received last.
     *
     * @throws MisuseException when there is no payload to answer
     */
    public function send(?string $payload = null, ?string $header = null): void
    {
        $this->worker->send($payload ?? '', $header ?? '');
    }

    /**
     * Answers the payload received last with a failure.
     *
     * @throws MisuseException when there is no payload to answer
     */
    public function error(string $message): void
    {
        $this->worker->error($message);
    }

    /** Asks the server to stop this worker. */
    public function stop(): void
    {
        $this->worker->stop();
    }
}
