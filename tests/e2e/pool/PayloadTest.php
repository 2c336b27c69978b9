<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * What goes there and back, and what is not taken.
 */
final class PayloadTest extends PoolTestCase
{
    #[DataProvider('lanes')]
    public function testABodyComesBackWithAndWithoutAContext(Lane $lane): void
    {
        $pool = $this->pool($lane);
        self::assertOk($pool->exec('hello'), 'hello');
        self::assertOk($pool->exec('hello', 'world'), 'hello', 'world');
        self::assertOk($pool->exec('hello'), 'hello');
        self::assertOk($pool->exec('context other'), 'body', 'other');
        self::assertOk($pool->exec('empty'), '');
        self::assertOk($pool->exec('0'), '0');
        self::assertOk($pool->exec('0', '0'), '0', '0');
    }

    #[DataProvider('lanes')]
    public function testWhatIsEmptyIsRejectedAndTheWorkerKept(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        self::assertFailure($pool->exec('', ''), Outcome::Rejected, false, 'the payload is empty');
        $reply = $pool->exec('', 'a context alone');
        if ($lane->isV2()) {
            self::assertFailure($reply, Outcome::Rejected, false, 'v2', 'empty body');
        } else {
            self::assertOk($reply, '', 'a context alone');
        }
        self::assertSame($pid, self::pidOf($pool));
    }

    /** Words of the protocols in a payload are a payload. */
    #[DataProvider('lanes')]
    public function testControlWordsAreBytesLikeOthers(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        foreach (['{"stop":true}', '{"pid":1}', 'null', 'false'] as $words) {
            self::assertOk($pool->exec($words), $words);
            self::assertOk($pool->exec('body', $words), 'body', $words);
            self::assertOk($pool->exec($words, $words), $words, $words);
        }
        self::assertSame($pid, self::pidOf($pool));
    }

    #[DataProvider('lanes')]
    public function testEveryByteAtEveryPlace(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $all = \implode('', \array_map(\chr(...), \range(0, 255)));
        self::assertOk($pool->exec($all . \strrev($all), $all), $all . \strrev($all), $all);
        for ($byte = 0; $byte < 256; $byte++) {
            self::assertOk($pool->exec(\chr($byte), \chr($byte)), \chr($byte), \chr($byte));
        }
    }

    /** PIPE_BUF and what a pipe or a socket's buffers hold are where a write is cut in two. */
    #[DataProvider('lanes')]
    public function testSizesAroundWhatOneWriteHolds(Lane $lane): void
    {
        $pool = $this->pool($lane);
        foreach ([4096, 8192, 65536] as $size) {
            foreach ([-49, -35, -34, -33, -18, -17, -16, -12, -1, 0, 1, 17] as $near) {
                $body = \random_bytes($size + $near);
                self::assertOk($pool->exec($body, 'context'), $body, 'context');
                self::assertOk($pool->exec('b', $body), 'b', $body);
            }
        }
        $large = \random_bytes(6 * 1024 * 1024);
        self::assertOk($pool->exec($large, $large), $large, $large);
    }

    #[DataProvider('lanes')]
    public function testTheLimitHoldsBothWays(Lane $lane): void
    {
        $pool = $this->pool($lane, ['max_payload_size' => 100_000]);
        $pid = self::pidOf($pool);
        $body = \random_bytes(99_000);
        $context = \random_bytes(1_000);
        self::assertOk($pool->exec($body, $context), $body, $context);
        self::assertFailure($pool->exec($body . 'x', $context), Outcome::Rejected, false, 'max_payload_size');
        self::assertSame($pid, self::pidOf($pool));
        self::assertOk($pool->exec('bytes 100000'), \str_repeat('x', 100_000));
        self::assertSame($pid, self::pidOf($pool));
        self::assertFailure($pool->exec('bytes 100001'), Outcome::Crashed, true, 'max_payload_size', '100000');
        self::assertReplaced($pool, $pid);
    }

    /** More than one at a time, and more than the pipes hold. */
    #[DataProvider('lanes')]
    public function testAQueueOfLargeOnes(Lane $lane): void
    {
        $pool = $this->pool($lane, ['num_workers' => 2]);
        $sent = [];
        for ($i = 0; $i < 20; $i++) {
            $body = \random_bytes(1 + $i * 30_000);
            $sent[$pool->submit($body, "job $i")] = [$body, "job $i"];
        }
        while ($sent !== []) {
            $reply = $pool->next();
            self::assertArrayHasKey($reply->job, $sent, 'an outcome twice');
            self::assertOk($reply, ...$sent[$reply->job]);
            unset($sent[$reply->job]);
        }
        self::assertNull($pool->poll());
    }
}
