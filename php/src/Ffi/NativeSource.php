<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Event;
use Coyote\Exception\CoyoteException;
use Coyote\Outcome;
use Coyote\Reply;

/**
 * A coy_source: events go in, outcomes come out.
 *
 * @internal
 */
final class NativeSource
{
    /** coy_service_state of bindings.h. */
    public const IDLE = 0;
    public const SERVING = 1;
    public const ENDED = 2;
    public const ABSENT = 3;

    /** coy_outcome of bindings.h. */
    private const OUTCOMES = [
        Outcome::Ok,
        Outcome::Error,
        Outcome::Crashed,
        Outcome::TimedOut,
        Outcome::Rejected,
        Outcome::Cancelled,
    ];

    /**
     * @param \FFI\CData $source borrowed from its server: stale when that is freed
     */
    public function __construct(private readonly object $source)
    {
    }

    public function setSchema(string $schema): void
    {
        Failure::check(Library::bindings()->coy_source_set_schema($this->source, $schema));
    }

    public function setVariable(string $name, string $value): void
    {
        Failure::check(Library::bindings()->coy_source_set_environment($this->source, $name, $value));
    }

    /**
     * @return array<string, mixed>|null null: no section is of its kind
     */
    public function section(): ?array
    {
        $text = Library::bindings()->coy_source_section($this->source);
        if ($text === null) {
            return null;
        }
        /** @var array<string, mixed> $section */
        $section = \json_decode($text, true, 512, \JSON_THROW_ON_ERROR);

        return $section;
    }

    public function disable(): void
    {
        Failure::check(Library::bindings()->coy_source_disable($this->source));
    }

    public function state(): int
    {
        return Failure::check(Library::bindings()->coy_source_state($this->source));
    }

    public function room(): int
    {
        return Failure::check(Library::bindings()->coy_source_room($this->source));
    }

    /** Returns the event's number. */
    public function push(Event $event): int
    {
        $library = Library::bindings();
        try {
            $this->describe($event);

            return Failure::check($library->coy_source_push(
                $this->source,
                $event->context,
                \strlen($event->context),
                $event->body,
                \strlen($event->body),
            ));
        } catch (CoyoteException $failure) {
            // What was said of this one must not be of the next
            $this->describe(new Event(''), true);

            throw $failure;
        }
    }

    private function describe(Event $event, bool $all = false): void
    {
        $library = Library::bindings();
        if ($all || $event->id !== '') {
            Failure::check($library->coy_source_set_id($this->source, $event->id, \strlen($event->id)));
        }
        if ($all || $event->key !== '') {
            Failure::check($library->coy_source_set_key($this->source, $event->key, \strlen($event->key)));
        }
        if ($all || $event->attempt !== 1) {
            Failure::check($library->coy_source_set_attempt($this->source, $event->attempt));
        }
    }

    /**
     * The oldest outcome that waits. Does not block.
     *
     * @param bool $whole with what the worker answered; else without message, body and context
     */
    public function nextSettled(bool $whole): ?Reply
    {
        $library = Library::bindings();
        $reply = $library->coy_source_next_settled($this->source, 0);
        if ($reply === null) {
            return null;
        }
        try {
            return new Reply(
                self::OUTCOMES[$library->coy_reply_outcome($reply)],
                $library->coy_reply_job($reply),
                $library->coy_reply_may_have_run($reply),
                $library->coy_reply_pid($reply),
                $whole ? self::bytes($library->coy_reply_message($reply), $library->coy_reply_message_size($reply)) : '',
                $whole ? self::bytes($library->coy_reply_body($reply), $library->coy_reply_body_size($reply)) : '',
                $whole ? self::bytes($library->coy_reply_context($reply), $library->coy_reply_context_size($reply)) : '',
            );
        } finally {
            $library->coy_reply_free($reply);
        }
    }

    public function end(): void
    {
        Failure::check(Library::bindings()->coy_source_end($this->source));
    }

    public function fail(string $reason): void
    {
        // Text for C ends at a NUL
        Failure::check(Library::bindings()->coy_source_fail($this->source, \str_replace("\0", '\0', $reason)));
    }

    /**
     * @param \FFI\CData $bytes
     * @param int<0, max> $size
     */
    private static function bytes(object $bytes, int $size): string
    {
        return $size === 0 ? '' : \FFI::string($bytes, $size);
    }
}
