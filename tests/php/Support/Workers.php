<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

use Coyote\Pool;
use Psr\Log\LoggerInterface;

/**
 * Pools of real workers, which do what a body tells them: see tests/fixtures/workers/obedient.php.
 */
final class Workers
{
    /** In seconds: longer than any test means to wait, so that one that hangs fails. */
    public const LONG = 30.0;

    public static function command(string $script = 'obedient.php'): string
    {
        return \sprintf('"%s" "%s/fixtures/workers/%s"', \PHP_BINARY, \dirname(__DIR__, 2), $script);
    }

    /**
     * @param array<string, mixed> $settings
     */
    public static function pool(int $workers = 1, array $settings = [], ?LoggerInterface $logger = null): Pool
    {
        $pool = new Pool(self::command(), ['num_workers' => $workers] + $settings, $logger);
        $pool->start(self::LONG);

        return $pool;
    }
}
