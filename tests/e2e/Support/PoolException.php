<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

/** What the library refused, in its words; the code is a coy_status. */
final class PoolException extends \RuntimeException
{
}
