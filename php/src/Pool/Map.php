<?php

declare(strict_types=1);

namespace Coyote\Pool;

use Coyote\Exception\MisuseException;
use Coyote\Ffi\Deadline;
use Coyote\Payload;
use Coyote\Reply;

/**
 * One run of Pool::map(): jobs of its own, among whatever else the pool has to do.
 *
 * @internal
 */
final class Map
{
    /** @var array<int, mixed> job => the input's key; submitted, not given out */
    private array $keys = [];

    /** @var array<int, Reply> of these, in the order of their end */
    private array $replies = [];

    /** @var \Closure(Reply): void */
    private readonly \Closure $recipient;
    private bool $begun = false;

    public function __construct(
        private readonly Inbox $inbox,
        private readonly int $concurrency,
        private readonly bool $ordered,
    ) {
        $this->recipient = function (Reply $reply): void {
            $this->replies[$reply->job] = $reply;
        };
    }

    /**
     * @template TKey
     *
     * @param \Iterator<TKey, mixed> $input
     *
     * @return \Generator<TKey, Reply, mixed, void>
     */
    public function run(\Iterator $input): \Generator
    {
        try {
            $this->fill($input);
            while (($job = $this->wait()) !== null) {
                [$key, $reply] = [$this->keys[$job], $this->replies[$job]];
                unset($this->keys[$job], $this->replies[$job]);

                // Before the body runs, for workers to be busy meanwhile
                $failure = $this->tryToFill($input);
                yield $key => $reply;
                if ($failure !== null) {
                    throw $failure;
                }
            }
        } finally {
            // The loop was left, or something was thrown: nobody wants these
            foreach ($this->keys as $job => $key) {
                $this->inbox->abandon($job);
            }
        }
    }

    /** The job whose outcome is to be given out next; null: all were. */
    private function wait(): ?int
    {
        while ($this->keys !== []) {
            $seen = $this->inbox->arrivals();
            $job = $this->ordered ? \array_key_first($this->keys) : \array_key_first($this->replies);
            if ($job !== null && isset($this->replies[$job])) {
                return $job;
            }
            $this->inbox->pump(Deadline::SLICE, $seen);
        }

        return null;
    }

    /**
     * @param \Iterator<mixed, mixed> $input
     */
    private function tryToFill(\Iterator $input): ?\Throwable
    {
        try {
            $this->fill($input);

            return null;
        } catch (\Throwable $failure) {
            return $failure;
        }
    }

    /**
     * Pulls no more than there is room for.
     *
     * @param \Iterator<mixed, mixed> $input
     */
    private function fill(\Iterator $input): void
    {
        while (\count($this->keys) < $this->concurrency && $this->advance($input)) {
            $payload = $input->current();
            $key = $input->key();
            $job = $this->inbox->submit(self::payload($payload, $key), null, null, $this->recipient);
            $this->keys[$job] = $key;
        }
    }

    private static function payload(mixed $payload, mixed $key): Payload
    {
        return match (true) {
            $payload instanceof Payload => $payload,
            \is_string($payload) => new Payload($payload),
            default => throw new MisuseException(\sprintf(
                'map() takes strings and Payloads; at key %s there is a value of type %s.',
                \is_scalar($key) ? \var_export($key, true) : \get_debug_type($key),
                \get_debug_type($payload),
            )),
        };
    }

    /**
     * @param \Iterator<mixed, mixed> $input
     */
    private function advance(\Iterator $input): bool
    {
        if ($this->begun) {
            $input->next();
        } else {
            $this->begun = true;
            $input->rewind();
        }

        return $input->valid();
    }
}
