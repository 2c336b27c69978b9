<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * Why nothing was built, and how to mend it.
 *
 * @internal
 */
final class BuildException extends \RuntimeException
{
}
