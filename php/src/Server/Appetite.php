<?php

declare(strict_types=1);

namespace Coyote\Server;

use Coyote\Exception\MisuseException;
use Coyote\Goridge\StreamCall;
use Coyote\Source;
use Coyote\WaitableSource;

/**
 * When a source is to be asked for an event, and what to wait for until then.
 *
 * @internal
 */
final class Appetite
{
    /** In seconds: the pause before one that is not waitable is asked again. */
    private const PAUSE = 0.001;
    private const LONGEST_PAUSE = 0.1;

    /** A stream at its end that the source still names, or a deadline that has passed: no spinning. */
    private const RAPID = 0.02;
    private const RAPID_MOST = 50;
    private const RAPID_PAUSE = 0.01;

    private bool $hungry = true;
    private int $rapid = 0;
    private float $satedAt = 0.0;
    private float $pause = self::PAUSE;

    /** As microtime(true) has it; of the last wait(). */
    private ?float $due = null;

    /** @var array<resource> of the last wait() */
    private array $streams = [];

    public function __construct(private readonly Source $source)
    {
    }

    public function isHungry(): bool
    {
        return $this->hungry;
    }

    /** There was an event. */
    public function fed(): void
    {
        $this->pause = self::PAUSE;
        $this->rapid = 0;
    }

    /** There was none. */
    public function sated(): void
    {
        $now = \microtime(true);
        $this->rapid = \abs($now - $this->satedAt) < self::RAPID ? $this->rapid + 1 : 0;
        $this->satedAt = $now;
        $this->hungry = false;
        $this->due = null;
    }

    public function wake(): void
    {
        $this->hungry = true;
    }

    /**
     * After a wait.
     *
     * @param array<resource> $readable
     */
    public function wakeFor(array $readable): void
    {
        $isReadable = $this->streams !== [] && $readable !== []
            && \array_uintersect($this->streams, $readable, static fn (mixed $a, mixed $b): int => (int) $a <=> (int) $b) !== [];
        if ($isReadable || ($this->due !== null && \microtime(true) >= $this->due)) {
            $this->hungry = true;
        }
    }

    /**
     * What to wait for.
     *
     * @throws MisuseException when the source names what can't be waited for
     */
    public function wait(): Wait
    {
        if ($this->hungry) {
            return new Wait([], 0.0);
        }
        $this->streams = [];
        if ($this->source instanceof WaitableSource && $this->rapid > self::RAPID_MOST) {
            $this->due ??= \microtime(true) + self::RAPID_PAUSE;

            return new Wait([], $this->due);
        }
        if ($this->source instanceof WaitableSource) {
            $this->streams = self::checked($this->source->streams());
            $deadline = self::checkedDeadline($this->source->deadline());
            if ($this->streams !== [] || $deadline !== null) {
                $this->due = $deadline;

                return new Wait($this->streams, $deadline);
            }
        }
        if ($this->due === null) {
            $this->due = \microtime(true) + $this->pause;
            $this->pause = \min($this->pause * 2, self::LONGEST_PAUSE);
        }

        return new Wait([], $this->due);
    }

    /** What PHP says of a stream of the last wait() that it can't wait for. */
    public function complaint(): ?string
    {
        foreach ($this->streams as $stream) {
            $read = [$stream];
            $none = null;
            try {
                StreamCall::run(static fn () => \stream_select($read, $none, $none, 0), $complaint);
            } catch (\ValueError) {
                // It was the only one, and the complaint says why it is none
            }
            if ($complaint !== null && !\str_contains($complaint, 'nterrupted')) {
                return $complaint;
            }
        }

        return null;
    }

    /**
     * @param array<mixed> $streams
     *
     * @return array<resource>
     */
    private static function checked(array $streams): array
    {
        $good = [];
        foreach ($streams as $stream) {
            if (!\is_resource($stream) || \get_resource_type($stream) !== 'stream') {
                throw new MisuseException(\sprintf(
                    'streams() returned %s, which is no open stream: leave out what is closed.',
                    \get_debug_type($stream),
                ));
            }
            $good[] = $stream;
        }

        return $good;
    }

    private static function checkedDeadline(?float $deadline): ?float
    {
        return $deadline === null || !\is_nan($deadline)
            ? $deadline
            : throw new MisuseException('deadline() returned NAN: it is a time as microtime(true) tells it, or null.');
    }
}
