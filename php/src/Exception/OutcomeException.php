<?php

declare(strict_types=1);

namespace Coyote\Exception;

use Coyote\Outcome;
use Coyote\Reply;

/**
 * A job ended otherwise than well; how, its subclass says, and the reply that it carries.
 *
 * @since 0.1
 */
abstract class OutcomeException extends \RuntimeException implements CoyoteException
{
    final public function __construct(public readonly Reply $reply)
    {
        parent::__construct($reply->message === '' ? 'the job ended as ' . $reply->outcome->value : $reply->message);
    }

    /**
     * Of the class that goes with the reply's outcome.
     *
     * @throws MisuseException when the outcome is Outcome::Ok, which is no failure
     */
    final public static function of(Reply $reply): self
    {
        return match ($reply->outcome) {
            Outcome::Error => new JobFailedException($reply),
            Outcome::Crashed => new JobCrashedException($reply),
            Outcome::TimedOut => new JobTimedOutException($reply),
            Outcome::Rejected => new JobRejectedException($reply),
            Outcome::Cancelled => new JobCancelledException($reply),
            Outcome::Ok => throw new MisuseException('The job ended well: there is no failure to throw.'),
        };
    }
}
