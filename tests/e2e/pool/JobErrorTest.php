<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * A worker that answers with an error is a good worker.
 */
final class JobErrorTest extends PoolTestCase
{
    #[DataProvider('lanes')]
    public function testTheSameProcessServesTheNext(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        foreach (['it hurts', "any\0bytes\xff\n", \str_repeat('long ', 40_000)] as $text) {
            $reply = $pool->exec("error $text");
            self::assertFailure($reply, Outcome::Error, true);
            self::assertTrue($reply->message === $text, 'the text came back changed');
            self::assertSame($pid, $reply->pid);
        }
        self::assertFailure($pool->exec('error'), Outcome::Error, true);
        self::assertOk($pool->exec('hello', 'world'), 'hello', 'world');
        self::assertSame($pid, self::pidOf($pool));
        self::assertSame([], \array_filter($pool->log(), static fn (array $line): bool => $line['level'] >= 2));
    }

    #[DataProvider('lanes')]
    public function testItCountsAsAJob(Lane $lane): void
    {
        $pool = $this->pool($lane, ['max_jobs' => 2]);
        $pid = self::pidOf($pool);
        self::assertSame($pid, $pool->exec('error once')->pid);
        self::assertReplaced($pool, $pid);
    }
}
