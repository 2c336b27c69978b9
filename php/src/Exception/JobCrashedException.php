<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The worker died while it had the job: the message tells how.
 *
 * @since 0.1
 */
final class JobCrashedException extends OutcomeException
{
}
