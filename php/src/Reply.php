<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\OutcomeException;

/**
 * How a job ended, and what the worker answered. Never changes.
 *
 * @since 0.1
 */
final class Reply
{
    /**
     * @param int    $job        the number that submit() gave
     * @param bool   $mayHaveRun whether PHP code may have seen the job: false only when it certainly has not
     * @param int    $pid        the worker's process; 0: none had the job
     * @param string $message    why the outcome is not Outcome::Ok, any bytes; '' when it is
     */
    public function __construct(
        public readonly Outcome $outcome,
        public readonly int $job,
        public readonly bool $mayHaveRun = true,
        public readonly int $pid = 0,
        public readonly string $message = '',
        private string $body = '',
        private string $context = '',
    ) {
    }

    public function isOk(): bool
    {
        return $this->outcome === Outcome::Ok;
    }

    /**
     * The body of the answer.
     *
     * @throws OutcomeException of the outcome's own class, unless it is Outcome::Ok
     */
    public function body(): string
    {
        return $this->outcome === Outcome::Ok ? $this->body : throw OutcomeException::of($this);
    }

    /**
     * The context of the answer.
     *
     * @throws OutcomeException of the outcome's own class, unless it is Outcome::Ok
     */
    public function context(): string
    {
        return $this->isOk() ? $this->context : throw OutcomeException::of($this);
    }

    /**
     * Body and context of the answer.
     *
     * @throws OutcomeException of the outcome's own class, unless it is Outcome::Ok
     */
    public function payload(): Payload
    {
        return $this->isOk() ? new Payload($this->body, $this->context) : throw OutcomeException::of($this);
    }
}
