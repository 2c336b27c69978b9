<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Exception\ConfigException;
use Coyote\Exception\CoyoteException;
use Coyote\Exception\MisuseException;
use Coyote\Outcome;
use Coyote\Payload;
use Coyote\Reply;
use FFI\CData;

/**
 * A coy_pool of the library, and every call that needs its handle. Freed with this object.
 *
 * Where a caller has to tell statuses apart they are returned, else thrown.
 *
 * @internal
 */
final class NativePool
{
    /** By coy_outcome. */
    private const OUTCOMES = [
        Outcome::Ok,
        Outcome::Error,
        Outcome::Crashed,
        Outcome::TimedOut,
        Outcome::Rejected,
        Outcome::Cancelled,
    ];

    private readonly \FFI $library;

    /** The number of the last job: they are counted from 1 on, so the library need not be asked. */
    private int $job = 0;

    /**
     * @param CData|null $pool null: freed
     */
    private function __construct(private ?CData $pool)
    {
        $this->library = Library::bindings();
        if ($pool !== null) {
            // What this refuses start() tells as well: a pool that is no more
            $this->library->coy_pool_set_longest_wait($pool, Deadline::SLICE);
        }
        // Loaded now, and not by somebody's autoloader while a reply is out of everybody's hands
        \class_exists(Reply::class);
    }

    /**
     * @throws CoyoteException when the library is not there or the command is wrong
     */
    public static function make(string $command): self
    {
        $pool = Library::bindings()->coy_pool_new(self::text($command, 'command'));

        return new self($pool ?? throw Failure::last());
    }

    /**
     * @throws CoyoteException when the library is not there or the config is wrong
     */
    public static function fromConfig(string $file, string $section): self
    {
        $library = Library::bindings();
        $config = $library->coy_config_new() ?? throw Failure::last();
        try {
            Failure::check($library->coy_config_read_file($config, self::text($file, "file's name")));
            $pool = $library->coy_pool_new_from_config($config, self::text($section, "section's name"));

            return new self($pool ?? throw Failure::last());
        } finally {
            $library->coy_config_free($config);
        }
    }

    public function __destruct()
    {
        $pool = $this->pool;
        $this->pool = null;
        $this->library->coy_pool_free($pool);
    }

    /**
     * @throws CoyoteException
     */
    public function set(string $key, string $value): void
    {
        $status = $this->library->coy_pool_set(
            $this->handle(),
            self::text($key, 'key of a setting'),
            self::text($value, "setting $key"),
        );
        if ($status < 0) {
            // Its place is the library's call, which says nothing to those who gave an array
            $text = \preg_replace('/^coy_pool_set\(.*?\):\d+:\d+: /m', '', $this->library->coy_error_message());

            throw Failure::of($status, (string) $text);
        }
    }

    public function start(int $milliseconds): int
    {
        return $this->library->coy_pool_start($this->handle(), $milliseconds);
    }

    /**
     * @throws CoyoteException
     */
    public function submit(Payload $payload, ?string $key, ?int $priority): int
    {
        $pool = $this->pool ?? $this->handle();
        $library = $this->library;
        if ($key !== null || $priority !== null) {
            $this->describe($pool, $key, $priority);
        }
        $context = $payload->context;
        $body = $payload->body;
        $job = $library->coy_pool_submit($pool, $context, \strlen($context), $body, \strlen($body));

        return $job > 0 ? $this->job = $job : throw Failure::last();
    }

    /**
     * submit() and take() in one call, which is what makes an exec cheap.
     *
     * @return Reply|int|null the number of the job that has no outcome yet; null: the time is over, and the
     *                        job is abandoned
     *
     * @throws CoyoteException
     */
    public function exec(Payload $payload, ?string $key, ?int $priority, int $milliseconds): Reply|int|null
    {
        $pool = $this->pool ?? $this->handle();
        $library = $this->library;
        if ($key !== null || $priority !== null) {
            $this->describe($pool, $key, $priority);
        }
        $context = $payload->context;
        $body = $payload->body;
        $taken = $library->coy_pool_exec($pool, $context, \strlen($context), $body, \strlen($body), $milliseconds);
        if ($taken !== null) {
            return $this->read($taken, ++$this->job);
        }
        $status = $library->coy_error_status();
        $failure = Failure::last();
        $this->job = Failure::check($library->coy_pool_last_job($pool));

        return match ($status) {
            Status::EINTERRUPTED => $this->job,
            Status::ETIMEOUT => null,
            default => throw $failure,
        };
    }

    /**
     * Takes the outcome of a job, or of any (0).
     *
     * @return Reply|null null: none came in time, or a signal did
     *
     * @throws CoyoteException
     */
    public function take(int $job, int $milliseconds): ?Reply
    {
        $pool = $this->pool ?? $this->handle();
        $library = $this->library;
        $taken = $job === 0
            ? $library->coy_pool_next($pool, $milliseconds)
            : $library->coy_pool_wait($pool, $job, $milliseconds);
        if ($taken === null) {
            $this->expectNothing();

            return null;
        }

        return $this->read($taken, $job);
    }

    /** Of a wait that gave nothing: it is well when time or a signal has ended it. */
    private function expectNothing(): void
    {
        $status = $this->library->coy_error_status();
        if ($status !== Status::ETIMEOUT && $status !== Status::EINTERRUPTED) {
            throw Failure::last();
        }
    }

    /**
     * For the next job alone.
     *
     * @param \FFI\CData $pool
     */
    private function describe(object $pool, ?string $key, ?int $priority): void
    {
        if ($priority !== null && ($priority < 0 || $priority > 9)) { // the library's int is narrower than ours
            throw new MisuseException("A priority of $priority: it is 0 to 9, and 4 unless it is given.");
        }
        // From here on nothing is refused: what is set must not be left to another job
        if ($key !== null) {
            Failure::check($this->library->coy_pool_set_key($pool, $key, \strlen($key)));
        }
        if ($priority !== null) {
            Failure::check($this->library->coy_pool_set_priority($pool, $priority));
        }
    }

    /**
     * Copies a reply and frees it.
     *
     * @param \FFI\CData $taken
     * @param int        $job   whose it is; 0: it says so itself
     */
    private function read(object $taken, int $job): Reply
    {
        $library = $this->library;
        $size = $library->coy_reply_body_size($taken);
        // Only a good outcome has an answer, so one question is spared
        $outcome = $size > 0 ? Outcome::Ok : self::OUTCOMES[$library->coy_reply_outcome($taken)];
        $number = $job !== 0 ? $job : $library->coy_reply_job($taken);
        $pid = $library->coy_reply_pid($taken);
        if ($outcome === Outcome::Ok) {
            $body = $size === 0 ? '' : \FFI::string($library->coy_reply_body($taken), $size);
            $context = ($size = $library->coy_reply_context_size($taken)) === 0
                ? ''
                : \FFI::string($library->coy_reply_context($taken), $size);
            $reply = new Reply($outcome, $number, true, $pid, '', $body, $context);
        } else {
            $message = ($size = $library->coy_reply_message_size($taken)) === 0
                ? ''
                : \FFI::string($library->coy_reply_message($taken), $size);
            $reply = new Reply($outcome, $number, $library->coy_reply_may_have_run($taken), $pid, $message);
        }
        $library->coy_reply_free($taken);

        return $reply;
    }

    public function cancel(int $job): int
    {
        return $this->library->coy_pool_cancel($this->handle(), $job);
    }

    /**
     * @return int 1: no worker had begun it; a negative status does not matter: nobody would take its
     *             outcome then either
     */
    public function abandon(int $job): int
    {
        return $this->pool === null ? Status::EHANDLE : $this->library->coy_pool_abandon($this->pool, $job);
    }

    /**
     * @throws CoyoteException
     */
    public function reset(): void
    {
        Failure::check($this->library->coy_pool_reset($this->handle()));
    }

    /**
     * @return array<string, int>
     *
     * @throws CoyoteException
     */
    public function stats(): array
    {
        $pool = $this->handle();
        $stats = [];
        for ($i = 0; ($name = $this->library->coy_pool_stat_name($i)) !== null; ++$i) {
            $stats[$name] = Failure::check($this->library->coy_pool_stat($pool, $name));
        }

        return $stats;
    }

    /**
     * @throws CoyoteException
     */
    public function fd(): int
    {
        return Failure::check($this->library->coy_pool_fd($this->handle()));
    }

    public function stop(int $milliseconds): int
    {
        return $this->library->coy_pool_stop($this->handle(), $milliseconds);
    }

    /** The oldest log line; null: there is none. */
    public function logLine(): ?LogLine
    {
        $line = $this->pool === null ? null : $this->library->coy_pool_log_next($this->pool);

        return $line === null ? null : LogLine::read($line);
    }

    private function handle(): CData
    {
        return $this->pool ?? throw new MisuseException(
            'The pool is gone: PHP is about to end and has destroyed it before what uses it here.',
        );
    }

    /** C would read a text up to its first NUL only. */
    private static function text(string $text, string $what): string
    {
        return \str_contains($text, "\0") ? throw new ConfigException("The $what has a NUL byte in it.") : $text;
    }
}
