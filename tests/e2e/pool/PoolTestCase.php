<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Pool;
use Coyote\Tests\E2e\Support\PoolException;
use Coyote\Tests\E2e\Support\Processes;
use Coyote\Tests\E2e\Support\Reply;
use PHPUnit\Framework\AssertionFailedError;
use PHPUnit\Framework\TestCase;

/**
 * Pools on lanes. Whatever is waited for, the wait gives up after SECONDS; after each test no worker is
 * left.
 */
abstract class PoolTestCase extends TestCase
{
    private const SECONDS = 30;

    protected string $folder;
    /** @var list<Pool> */
    private array $pools = [];
    private int $gates = 0;

    protected function setUp(): void
    {
        $this->folder = \sys_get_temp_dir() . '/coyote-pool-' . \bin2hex(\random_bytes(6));
        \mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        foreach ($this->pools as $pool) {
            $pool->free();
        }
        $left = Processes::childrenOf((int) \getmypid());
        \array_map(\unlink(...), \glob("$this->folder/*") ?: []);
        $removed = \rmdir($this->folder);
        self::assertSame([], $left, 'workers outlive their pool');
        self::assertTrue($removed);
    }

    /** @return iterable<string, array{Lane}> */
    public static function lanes(): iterable
    {
        foreach (Lane::all() as $name => $lane) {
            yield $name => [$lane];
        }
    }

    /**
     * Runs what takes its time on all lanes, so that they wait together: where it would wait it yields.
     *
     * @param callable(Lane): \Generator $body
     */
    protected function onAllLanes(callable $body): void
    {
        $runs = \array_map($body, Lane::all());
        for ($first = true; $runs !== []; $first = false) {
            foreach ($runs as $name => $run) {
                try {
                    $first ? $run->current() : $run->next();
                } catch (AssertionFailedError | PoolException $failure) {
                    throw new AssertionFailedError("$name: {$failure->getMessage()}", 0, $failure);
                }
            }
            $runs = \array_filter($runs, static fn (\Generator $run): bool => $run->valid());
        }
    }

    /**
     * One worker, unless it is said otherwise; not started.
     *
     * @param array<string, string|int> $settings
     */
    protected function newPool(Lane $lane, array $settings = [], ?string $command = null): Pool
    {
        $pool = new Pool(
            $command ?? $lane->command(),
            $settings + ['num_workers' => 1, 'destroy_timeout' => '20s'] + $lane->settings($this->folder),
        );
        $this->pools[] = $pool;

        return $pool;
    }

    /** @param array<string, string|int> $settings */
    protected function pool(Lane $lane, array $settings = []): Pool
    {
        return $this->newPool($lane, $settings)->start();
    }

    protected static function assertOk(Reply $reply, string $body, string $context = ''): void
    {
        self::assertSame([Outcome::Ok, ''], [$reply->outcome, $reply->message]);
        self::assertTrue($reply->mayHaveRun);
        self::assertSame(\strlen($body), \strlen($reply->body));
        self::assertTrue($body === $reply->body, 'the body came back changed');
        self::assertTrue($context === $reply->context, 'the context came back changed');
    }

    protected static function assertFailure(Reply $reply, Outcome $outcome, bool $mayHaveRun, string ...$words): void
    {
        self::assertSame([$outcome, $mayHaveRun], [$reply->outcome, $reply->mayHaveRun], $reply->message);
        self::assertSame(['', ''], [$reply->context, $reply->body]);
        foreach ($words as $text) {
            self::assertStringContainsString($text, $reply->message);
        }
    }

    protected static function pidOf(Pool $pool): int
    {
        $reply = $pool->exec('pid');
        self::assertSame(Outcome::Ok, $reply->outcome, $reply->message);
        self::assertSame($reply->pid, (int) $reply->body);

        return $reply->pid;
    }

    /** Another process serves now, and well. */
    protected static function assertReplaced(Pool $pool, int $pid): void
    {
        self::assertNotSame($pid, self::pidOf($pool));
        self::assertOk($pool->exec('echo hello', 'world'), 'hello', 'world');
    }

    /** A job that waits for the test: its body; gateBegun and openGate go on. */
    protected function gate(): string
    {
        return "gate $this->folder/gate" . ++$this->gates;
    }

    protected function awaitGate(Pool $pool, string $gate): void
    {
        $file = \substr($gate, \strlen('gate ')) . '.begun';
        self::until($pool, static fn (): bool => \file_exists($file), "a worker begins $gate");
    }

    protected static function openGate(string $gate): void
    {
        \touch(\substr($gate, \strlen('gate ')) . '.open');
    }

    /** Lets the pool work on meanwhile; no outcome may come. */
    protected static function until(Pool $pool, callable $reached, string $what): void
    {
        $deadline = \microtime(true) + self::SECONDS;
        while (!$reached()) {
            self::assertLessThan($deadline, \microtime(true), "waited in vain until $what; the log:\n" . $pool->logText());
            self::assertNull($pool->poll(2), "no outcome is due before $what");
            \clearstatcache();
        }
    }

    /** Without a step of any pool. */
    protected static function awaitFile(string $file): void
    {
        $deadline = \microtime(true) + self::SECONDS;
        while (!\file_exists($file)) {
            self::assertLessThan($deadline, \microtime(true), "waited in vain for $file");
            \usleep(1000);
            \clearstatcache();
        }
    }

    protected static function awaitLog(Pool $pool, string $words): void
    {
        self::until($pool, static fn (): bool => \str_contains($pool->logText(), $words), "the log says \"$words\"");
    }

    protected static function awaitDeath(Pool $pool, int $pid): void
    {
        self::until($pool, static fn (): bool => !Processes::isAlive($pid), "worker $pid has ended");
    }
}
