<?php

declare(strict_types=1);

namespace Coyote\Exception;

/**
 * The worker answered with an error, whose text is the message; the worker lives on.
 *
 * @since 0.1
 */
final class JobFailedException extends OutcomeException
{
}
