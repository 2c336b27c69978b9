<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Processes;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * Workers that are built to break their pool. None of them holds it, none gets another's job wrong.
 */
final class EvilTest extends PoolTestCase
{
    private const TTL = ['exec_ttl' => '400ms'];

    public function testAFrozenWorker(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane, self::TTL);
            $pid = self::pidOf($pool);
            $job = $pool->submit('freeze');
            yield;
            self::assertFailure($pool->wait($job), Outcome::TimedOut, true, 'exec_ttl');
            self::assertReplaced($pool, $pid);
            self::awaitDeath($pool, $pid);
        });
    }

    /** Stopped from outside before the job came. */
    public function testAWorkerThatWasFrozenWhileIdle(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane, self::TTL);
            $pid = self::pidOf($pool);
            \posix_kill($pid, \SIGSTOP);
            $job = $pool->submit('echo hello');
            yield;
            self::assertSame(Outcome::TimedOut, $pool->wait($job)->outcome);
            $pid = self::pidOf($pool);
            \posix_kill($pid, \SIGSTOP);
            // more than the pipes hold: what has not wholly left was not begun
            $job = $pool->submit(\str_repeat('x', 8_000_000));
            yield;
            self::assertFailure($pool->wait($job), Outcome::TimedOut, false, 'exec_ttl');
            self::assertReplaced($pool, $pid);
        });
    }

    public function testHalfAFrameAndSleep(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane, self::TTL);
            foreach (['half', 'head'] as $act) {
                $pid = self::pidOf($pool);
                $job = $pool->submit($act);
                yield;
                self::assertFailure($pool->wait($job), Outcome::TimedOut, true, 'exec_ttl');
                self::assertReplaced($pool, $pid);
            }
        });
    }

    #[DataProvider('lanes')]
    public function testGarbage(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        $reply = $pool->exec('garbage this is no frame at all');
        self::assertFailure($reply, Outcome::Crashed, true, 'broke the protocol', 'this is no');
        self::assertReplaced($pool, $pid);
    }

    #[DataProvider('lanes')]
    public function testTwoAnswers(Lane $lane): void
    {
        $pool = $this->pool($lane);
        foreach (['twice', 'tardy'] as $act) {
            $pid = self::pidOf($pool);
            self::assertOk($pool->exec($act, 'context'), 'one', 'context');
            self::awaitDeath($pool, $pid);
            self::awaitLog($pool, 'answered without having been asked');
            $pool->forgetLog();
            self::assertReplaced($pool, $pid);
        }
    }

    /** The second answer, there with the first one, must not become that of the next job. */
    #[DataProvider('lanes')]
    public function testTwoAnswersWithTheNextJobWaiting(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $first = $pool->submit("twice $this->folder/both");
        $second = $pool->submit('echo mine', 'own');
        self::awaitFile("$this->folder/both");
        $reply = $pool->wait($first);
        self::assertOk($reply, 'one');
        self::assertOk($pool->wait($second), 'mine', 'own');
        self::assertReplaced($pool, $reply->pid);
        self::assertStringContainsString('answered without having been asked', $pool->logText());
    }

    #[DataProvider('lanes')]
    public function testAnAnswerBeforeTheHandshake(Lane $lane): void
    {
        // over tcp whoever does not say its pid first is a stranger, and there is nobody else
        $pool = $this->newPool($lane, ['env.BOOT' => 'answer', 'relay_timeout' => '1s']);
        try {
            $pool->start();
            self::fail('it did start');
        } catch (\Coyote\Tests\E2e\Support\PoolException $refused) {
            self::assertSame($pool::EWORKER, $refused->getCode());
            self::assertStringContainsString($lane->relay === 'tcp' ? 'did not answer the handshake' : 'before it answered the handshake', $refused->getMessage());
        }
    }

    public function testAClosedRelay(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane);
            $pid = self::pidOf($pool);
            $job = $pool->submit('hangup');
            self::assertNull($pool->poll(100));
            yield;
            self::assertFailure($pool->wait($job), Outcome::Crashed, true, 'closed its relay');
            self::assertReplaced($pool, $pid);
            self::awaitDeath($pool, $pid);
        });
    }

    #[DataProvider('lanes')]
    public function testAClosedStdout(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $pid = self::pidOf($pool);
        if ($lane->isOnStdout()) {
            self::assertSame(Outcome::Crashed, $pool->exec('closeStdout')->outcome);
            self::assertReplaced($pool, $pid);
        } else {
            self::assertOk($pool->exec('closeStdout'), 'closed');
            self::assertSame($pid, self::pidOf($pool));
        }
    }

    #[DataProvider('lanes')]
    public function testAGrandchildThatHoldsThePipes(Lane $lane): void
    {
        $pool = $this->pool($lane);
        $reply = $pool->exec('grandchild 60000');
        $grandchild = (int) $reply->body;
        $pid = $reply->pid;
        self::assertTrue(Processes::isAlive($grandchild));
        try {
            \posix_kill($pid, \SIGKILL);
            self::awaitLog($pool, 'was ended by signal 9');
            self::assertReplaced($pool, $pid);
            // at work, and the grandchild still holds what its parent had
            $reply = $pool->exec('grandchild 60000');
            $second = (int) $reply->body;
            self::assertFailure($pool->exec('kill'), Outcome::Crashed, true, 'signal 9');
            self::assertReplaced($pool, $reply->pid);
        } finally {
            \posix_kill($grandchild, \SIGKILL);
            isset($second) && \posix_kill($second, \SIGKILL);
        }
    }

    /** One that is ended by the pool takes its group along. */
    public function testAGrandchildOfAStuckWorkerGoesWithIt(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane, self::TTL);
            $grandchild = (int) $pool->exec('grandchild 60000')->body;
            $job = $pool->submit('spin');
            yield;
            self::assertSame(Outcome::TimedOut, $pool->wait($job)->outcome);
            self::awaitDeath($pool, $grandchild);
        });
    }

    /** It reads no more, as those that spin at a payload that was cut off. */
    public function testAWorkerThatSpinsAndReadsNoMore(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->pool($lane, self::TTL);
            $pid = self::pidOf($pool);
            self::assertOk($pool->exec('deaf answer'), 'deaf');
            $job = $pool->submit(\str_repeat('x', 8_000_000));
            yield;
            self::assertFailure($pool->wait($job), Outcome::TimedOut, false, 'exec_ttl');
            self::assertReplaced($pool, $pid);
            self::awaitDeath($pool, $pid);
            self::assertOk($pool->exec('deaf answer'), 'deaf');
            $job = $pool->submit(\str_repeat('x', 8_000_000));
            $pool->stop(300);
            self::assertSame($job, $pool->next()->job);
        });
    }

    /** The host is killed amid a large payload: the worker gets the half of it, then the end. */
    #[DataProvider('lanes')]
    public function testTheHostIsKilledAmidAPayload(Lane $lane): void
    {
        $host = \proc_open(
            [\PHP_BINARY, __DIR__ . '/half_written.php', $lane->name, $this->folder],
            [1 => ['pipe', 'w']],
            $pipes,
        );
        self::assertIsResource($host);
        $pid = (int) \fgets($pipes[1]);
        self::assertGreaterThan(0, $pid);
        self::assertSame("written\n", \fgets($pipes[1]));
        \proc_terminate($host, \SIGKILL);
        \proc_close($host);
        $deadline = \microtime(true) + 20;
        while (Processes::isAlive($pid)) {
            self::assertLessThan($deadline, \microtime(true), "worker $pid outlives its host");
            \usleep(2000);
        }
    }
}
