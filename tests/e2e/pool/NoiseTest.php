<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Pool;
use Coyote\Tests\E2e\Support\PoolException;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * What a worker prints: log lines of its own; where standard output is the relay, an error that quotes it.
 */
final class NoiseTest extends PoolTestCase
{
    private static function assertLogged(Pool $pool, int $pid, string $text): void
    {
        self::awaitLog($pool, $text);
        $lines = \array_filter($pool->log(), static fn (array $line): bool => $line['text'] === $text);
        self::assertContains($pid, \array_column($lines, 'pid'), $pool->logText());
    }

    #[DataProvider('lanes')]
    public function testStandardErrorIsLogged(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        self::assertOk($pool->exec('warn something is odd', 'c'), 'warned', 'c');
        self::assertLogged($pool, $pid, 'something is odd');
        self::assertSame($pid, self::pidOf($pool));
    }

    #[DataProvider('lanes')]
    public function testStandardOutput(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        $reply = $pool->exec('print a debugging aid', 'c');
        if ($lane->isOnStdout()) {
            self::assertFailure($reply, Outcome::Crashed, true, 'broke the protocol', 'a debugging aid');
            self::assertReplaced($pool, $pid);

            return;
        }
        self::assertOk($reply, 'printed', 'c');
        self::assertLogged($pool, $pid, 'a debugging aid by echo');
        self::assertLogged($pool, $pid, 'a debugging aid by STDOUT');
        self::assertSame($pid, self::pidOf($pool));
    }

    #[DataProvider('lanes')]
    public function testNoiseAtBoot(Lane $lane): void
    {
        $pool = $this->newPool($lane, ['env.BOOT' => 'print booting, please wait']);
        if ($lane->isOnStdout()) {
            try {
                $pool->start();
                self::fail('it did start');
            } catch (PoolException $refused) {
                self::assertSame(Pool::EWORKER, $refused->getCode());
                self::assertStringContainsString('booting, please', $refused->getMessage());
                self::assertStringContainsString('protocol', $refused->getMessage());
            }

            return;
        }
        $pool->start();
        self::assertLogged($pool, self::pidOf($pool), 'booting, please wait');
    }

    /** More lines than anybody takes: the jobs do not wait for the log. */
    #[DataProvider('lanes')]
    public function testAFloodOfIt(Lane $lane): void
    {
        $pool = $this->pool($lane);
        for ($i = 0; $i < 50; $i++) {
            self::assertOk($pool->exec('warn ' . \str_repeat("line $i\n", 400)), 'warned');
        }
        self::assertLessThanOrEqual(1025, \count($pool->log()));
        self::assertStringContainsString('log lines were lost', $pool->logText());
        self::assertOk($pool->exec('echo hello'), 'hello');
    }
}
