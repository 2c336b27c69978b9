<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Support;

/** What a command has left. */
final class Finished
{
    public function __construct(
        public readonly int $status,
        public readonly string $output,
        public readonly string $errors,
    ) {
    }

    /** For messages of failed assertions. */
    public function all(): string
    {
        return "status $this->status\n$this->output\n$this->errors";
    }
}
