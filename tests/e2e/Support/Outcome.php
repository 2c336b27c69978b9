<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

/** Those of coy_outcome. */
enum Outcome: int
{
    case Ok = 0;
    case Error = 1;
    case Crashed = 2;
    case TimedOut = 3;
    case Rejected = 4;
    case Cancelled = 5;
}
