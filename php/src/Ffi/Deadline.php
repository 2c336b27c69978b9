<?php

declare(strict_types=1);

namespace Coyote\Ffi;

use Coyote\Exception\MisuseException;

/**
 * A time-out in seconds as milliseconds for the library, however often a signal interrupts the wait.
 *
 * @internal
 */
final class Deadline
{
    /**
     * In milliseconds; no single wait is longer. A signal that comes just before the library listens for
     * signals, and log lines, wait no longer than this.
     */
    public const SLICE = 40;

    /** Above it a time-out is for ever: three centuries, and nothing overflows. */
    private const FOREVER = 1e10;

    private static ?self $never = null;

    /**
     * @param float|null $seconds as it was given; null: for ever
     * @param float      $end     in nanoseconds of hrtime()
     */
    private function __construct(public readonly ?float $seconds, private readonly float $end)
    {
    }

    /**
     * @param float|null $seconds null and INF: for ever
     *
     * @throws MisuseException when it is negative or no number
     */
    public static function after(?float $seconds): self
    {
        if ($seconds === null || $seconds > self::FOREVER) {
            return self::$never ??= new self(null, \INF);
        }
        if ($seconds < 0 || \is_nan($seconds)) {
            throw new MisuseException(\sprintf(
                'A time-out of %s seconds: give 0 to not wait, null to wait for ever, or the seconds to wait.',
                $seconds,
            ));
        }

        return new self($seconds, $seconds === 0.0 ? -\INF : \hrtime(true) + $seconds * 1e9);
    }

    /** What is left, for a call that must have the whole: -1 for ever, 0 when it is over. */
    public function left(): int
    {
        if ($this->seconds === null) {
            return -1;
        }

        return $this->seconds === 0.0 ? 0 : \max(0, (int) \ceil(($this->end - \hrtime(true)) / 1e6));
    }

    /** The next piece of it, for a wait that is called again until isOver(). */
    public function slice(): int
    {
        return $this->seconds === null ? self::SLICE : \min($this->left(), self::SLICE);
    }

    public function isOver(): bool
    {
        return $this->seconds !== null && $this->left() === 0;
    }

    /** For messages. */
    public function text(): string
    {
        return $this->seconds === null ? 'for ever' : \sprintf('%g s', $this->seconds);
    }
}
