<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The job was taken back before a worker had begun it.
 *
 * @since 0.1
 */
final class JobCancelledException extends OutcomeException
{
}
