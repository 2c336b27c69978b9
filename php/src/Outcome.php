<?php

declare(strict_types=1);

namespace Coyote;

/**
 * How a job ended. Every job has exactly one outcome.
 *
 * @since 0.1
 */
enum Outcome: string
{
    /** The worker answered. */
    case Ok = 'ok';

    /** The worker answered with an error, and lives on. */
    case Error = 'error';

    /** The worker died while it had the job. */
    case Crashed = 'crashed';

    /** A limit of time passed. */
    case TimedOut = 'timed_out';

    /** Not accepted: empty, too big, or the pool is stopped. */
    case Rejected = 'rejected';

    /** Taken back before a worker had begun it. */
    case Cancelled = 'cancelled';
}
