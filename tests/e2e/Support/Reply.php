<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

use FFI;
use FFI\CData;

/**
 * How a job ended: a coy_reply, read and freed.
 */
final class Reply
{
    public readonly Outcome $outcome;
    public readonly int $job;
    public readonly bool $mayHaveRun;
    public readonly int $pid;
    public readonly string $context;
    public readonly string $body;
    public readonly string $message;

    public function __construct(CData $reply)
    {
        $c = Library::ffi();
        $this->outcome = Outcome::from($c->coy_reply_outcome($reply));
        $this->job = $c->coy_reply_job($reply);
        $this->mayHaveRun = $c->coy_reply_may_have_run($reply);
        $this->pid = $c->coy_reply_pid($reply);
        $this->context = FFI::string($c->coy_reply_context($reply), $c->coy_reply_context_size($reply));
        $this->body = FFI::string($c->coy_reply_body($reply), $c->coy_reply_body_size($reply));
        $this->message = FFI::string($c->coy_reply_message($reply), $c->coy_reply_message_size($reply));
        $c->coy_reply_free($reply);
    }
}
