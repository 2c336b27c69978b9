<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Chaos;

/**
 * One job of a round: what it tells the worker, and how it may end.
 */
final class Job
{
    public function __construct(
        public readonly int $id,
        public readonly string $act,
        public readonly string $body,
        /** what an OK answer says; null: it never ends so */
        public readonly ?string $answer = null,
        /** the context that comes back with it */
        public readonly string $answerContext = '',
        /** what an error says; null: it never ends so */
        public readonly ?string $error = null,
        /** it ends its worker by itself, or has it ended */
        public readonly bool $guilty = false,
        /** why it is rejected wherever it comes; '': it is not */
        public readonly string $rejected = '',
    ) {
    }

    public function describe(): string
    {
        return \sprintf('%s (%d bytes)', $this->act, \strlen($this->body));
    }
}
