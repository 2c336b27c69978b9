<?php

declare(strict_types=1);

namespace Coyote\Tests\Compat;

use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Processes;

/**
 * The rows of tests/e2e/pool that do not need a worker's own misdeeds on the wire.
 */
final class Rows
{
    /** @return array<string, callable(Rig): void> by name */
    public static function all(): array
    {
        $rows = [];
        foreach ((new \ReflectionClass(self::class))->getMethods() as $method) {
            if (\str_starts_with($method->getName(), 'row')) {
                $name = \strtolower((string) \preg_replace('/(?<!^)[A-Z]/', ' $0', \substr($method->getName(), 3)));
                $rows[$name] = $method->getClosure();
            }
        }

        return $rows;
    }

    public static function rowEcho(Rig $rig): void
    {
        $pool = $rig->pool();
        $rig->ok($pool->exec('hello'), 'hello');
        $rig->ok($pool->exec('hello', 'world'), 'hello', 'world');
        $rig->ok($pool->exec('hello'), 'hello');
        $rig->ok($pool->exec('0', '0'), '0', '0');
        $rig->ok($pool->exec('empty'), '');
        foreach (['{"stop":true}', '{"pid":1}', 'null'] as $words) {
            $rig->ok($pool->exec($words, $words), $words, $words);
        }
    }

    public static function rowEmptyPayload(Rig $rig): void
    {
        $pool = $rig->pool();
        $pid = $rig->pid($pool);
        $rig->failed($pool->exec(''), Outcome::Rejected, false, 'the payload is empty');
        $reply = $pool->exec('', 'a context alone');
        $rig->lane->isV2()
            ? $rig->failed($reply, Outcome::Rejected, false, 'empty body')
            : $rig->ok($reply, '', 'a context alone');
        $rig->same($pid, $rig->pid($pool), 'the process');
    }

    public static function rowAnyBytes(Rig $rig): void
    {
        $pool = $rig->pool();
        $all = \implode('', \array_map(\chr(...), \range(0, 255)));
        $rig->ok($pool->exec($all, \strrev($all)), $all, \strrev($all));
        foreach ([1, 4079, 4080, 4084, 4096, 8192, 65_519, 65_536, 1_000_000, 5_000_000] as $size) {
            $body = \random_bytes($size);
            $rig->ok($pool->exec($body, 'context'), $body, 'context');
        }
    }

    public static function rowManyAtOnce(Rig $rig): void
    {
        $pool = $rig->pool(['prefetch' => 8, 'num_workers' => 2]);
        $jobs = [];
        for ($i = 0; $i < 200; $i++) {
            $body = "echo $i " . \str_repeat('x', $i * 100);
            $jobs[$pool->submit($body, "c$i")] = [\substr($body, 5), "c$i"];
        }
        foreach ($jobs as $job => [$body, $context]) {
            $rig->ok($pool->wait($job), $body, $context);
        }
    }

    public static function rowJobError(Rig $rig): void
    {
        $pool = $rig->pool();
        $pid = $rig->pid($pool);
        foreach (['it hurts', "any\0bytes\xff", \str_repeat('long ', 20_000)] as $text) {
            $rig->same($text, $rig->failed($pool->exec("error $text"), Outcome::Error, true)->message, 'the text');
        }
        $rig->same($pid, $rig->pid($pool), 'the process');
    }

    public static function rowBrokenScript(Rig $rig): void
    {
        $pool = $rig->pool();
        foreach (['throw all is lost' => 'all is lost', 'exit 3' => 'exited with status 3', 'exit 0' => 'exited with status 0', 'kill' => 'signal 9'] as $act => $why) {
            $pid = $rig->pid($pool);
            $rig->failed($pool->exec($act), Outcome::Crashed, true, $why);
            $rig->replaced($pool, $pid);
        }
    }

    public static function rowKilledFromOutside(Rig $rig): void
    {
        $pool = $rig->pool();
        $pid = $rig->pid($pool);
        \posix_kill($pid, \SIGKILL);
        $rig->until($pool, static fn (): bool => \str_contains($pool->logText(), 'signal 9'), 'its death is logged');
        $rig->replaced($pool, $pid);
        $job = $pool->submit("gate $rig->folder/g");
        $rig->until($pool, static fn (): bool => \file_exists("$rig->folder/g.begun"), 'it is at work');
        \posix_kill(Processes::childrenOf((int) \getmypid())[0], \SIGKILL);
        $pid = $rig->failed($pool->wait($job), Outcome::Crashed, true, 'signal 9')->pid;
        $rig->replaced($pool, $pid);
    }

    public static function rowMaxJobs(Rig $rig): void
    {
        $pool = $rig->pool(['max_jobs' => 1]);
        $pids = [$rig->pid($pool), $rig->pid($pool), $rig->pid($pool)];
        $rig->same(3, \count(\array_unique($pids)), 'how many processes have served');
    }

    public static function rowWorkerStop(Rig $rig): void
    {
        $pool = $rig->pool();
        $pid = $rig->pid($pool);
        $reply = $rig->ok($pool->exec("stop $rig->folder/flag", 'context'), 'ran elsewhere', 'context');
        $rig->true($reply->pid !== $pid, 'it ran elsewhere');
        $warnings = \array_filter($pool->log(), static fn (array $line): bool => $line['level'] >= 2);
        $rig->same([], \array_column($warnings, 'text'), 'warnings');
    }

    public static function rowAllocateTimeout(Rig $rig): void
    {
        $pool = $rig->pool(['allocate_timeout' => '1500ms']);
        $job = $pool->submit("gate $rig->folder/g");
        $rig->until($pool, static fn (): bool => \file_exists("$rig->folder/g.begun"), 'it is at work');
        $rig->failed($pool->exec('echo late'), Outcome::TimedOut, false, 'allocate_timeout');
        \touch("$rig->folder/g.open");
        $rig->ok($pool->wait($job), 'through');
    }

    public static function rowQueueLimit(Rig $rig): void
    {
        $pool = $rig->pool(['max_queue_size' => 1]);
        $jobs = [$pool->submit("gate $rig->folder/g")];
        $rig->until($pool, static fn (): bool => \file_exists("$rig->folder/g.begun"), 'it is at work');
        $jobs[] = $pool->submit('echo queued');
        $rig->failed($pool->exec('echo above'), Outcome::Rejected, false, 'max_queue_size');
        \touch("$rig->folder/g.open");
        $rig->ok($pool->wait($jobs[0]), 'through');
        $rig->ok($pool->wait($jobs[1]), 'queued');
    }

    public static function rowReset(Rig $rig): void
    {
        $pool = $rig->pool(['num_workers' => 2]);
        $old = Processes::childrenOf((int) \getmypid());
        $held = $pool->submit("gate $rig->folder/g");
        $rig->until($pool, static fn (): bool => \file_exists("$rig->folder/g.begun"), 'it is at work');
        $pool->reset();
        $rig->until($pool, static fn (): bool => \str_contains($pool->logText(), 'the reset is done'), 'a hung worker does not hold it');
        $rig->true(!\in_array($rig->pid($pool), $old, true), 'a fresh one serves');
        \touch("$rig->folder/g.open");
        $rig->ok($pool->wait($held), 'through');
        $rig->until(
            $pool,
            static fn (): bool => \array_intersect($old, Processes::childrenOf((int) \getmypid())) === [],
            'the old ones have gone',
        );
    }

    public static function rowStop(Rig $rig): void
    {
        $pool = $rig->pool(['num_workers' => 2]);
        $rig->pid($pool);
        $pool->stop();
        $rig->same([], Processes::childrenOf((int) \getmypid()), 'the workers that are left');
        $warnings = \array_filter($pool->log(), static fn (array $line): bool => $line['level'] >= 2);
        $rig->same([], \array_column($warnings, 'text'), 'warnings');
        $rig->failed($pool->exec('echo hello'), Outcome::Rejected, false, 'stopped');
    }

    public static function rowSlowDestroy(Rig $rig): void
    {
        $pool = $rig->pool(['destroy_timeout' => '1s']);
        $job = $pool->submit('sleep 20000');
        $rig->same(null, $pool->poll(20), 'an outcome before its time');
        $begun = \microtime(true);
        $pool->stop(-1);
        $rig->true(\microtime(true) - $begun < 10, 'it returns in time');
        $rig->failed($pool->wait($job), Outcome::Crashed, true, 'destroy_timeout');
    }

    public static function rowExecTtl(Rig $rig): void
    {
        $pool = $rig->pool(['exec_ttl' => '500ms']);
        $pid = $rig->pid($pool);
        $rig->ok($pool->exec('sleep 10'), 'slept');
        $rig->same($pid, $rig->pid($pool), 'the process');
        $rig->failed($pool->exec('spin'), Outcome::TimedOut, true, 'exec_ttl');
        $rig->replaced($pool, $pid);
    }

    /** Half a payload, then no more: these packages spin then until they are killed. */
    public static function rowACutPayload(Rig $rig): void
    {
        $pool = $rig->pool(['exec_ttl' => '500ms']);
        $pid = $rig->pid($pool);
        \posix_kill($pid, \SIGSTOP);
        $rig->failed($pool->exec(\str_repeat('x', 8_000_000)), Outcome::TimedOut, false, 'exec_ttl');
        $rig->replaced($pool, $pid);
    }

    public static function rowTtlAndIdleTtl(Rig $rig): void
    {
        foreach (['ttl' => 'ttl allows', 'idle_ttl' => 'idle_ttl'] as $key => $words) {
            $pool = $rig->pool([$key => '200ms', 'watch_tick' => '20ms']);
            $pid = $rig->pid($pool);
            $rig->until($pool, static fn (): bool => \str_contains($pool->logText(), $words), "$key is told");
            $rig->replaced($pool, $pid);
        }
    }

    public static function rowMemory(Rig $rig): void
    {
        $pool = $rig->pool(['max_worker_memory' => 150, 'watch_tick' => '20ms']);
        $pid = $rig->ok($pool->exec('grow 200', 'context'), 'grown', 'context')->pid;
        $rig->until($pool, static fn (): bool => \str_contains($pool->logText(), 'max_worker_memory'), 'it is told');
        $rig->replaced($pool, $pid);
    }

    public static function rowNoise(Rig $rig): void
    {
        $pool = $rig->pool();
        $pid = $rig->pid($pool);
        $rig->ok($pool->exec('warn something is odd'), 'warned');
        $rig->until($pool, static fn (): bool => \str_contains($pool->logText(), 'something is odd'), 'it is logged');
        $reply = $pool->exec('print a debugging aid');
        if ($rig->lane->isOnStdout()) {
            $rig->failed($reply, Outcome::Crashed, true, 'a debugging aid');
            $rig->replaced($pool, $pid);

            return;
        }
        $rig->ok($reply, 'printed');
        $rig->until($pool, static fn (): bool => \str_contains($pool->logText(), 'a debugging aid by STDOUT'), 'it is logged');
        $rig->same($pid, $rig->pid($pool), 'the process');
    }
}
