<?php

declare(strict_types=1);

namespace Coyote\Tests\Pool;

use Coyote\Pool;
use Coyote\Tests\Support\LogBook;
use Coyote\Tests\Support\Script;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\TestCase;
use Psr\Log\AbstractLogger;
use Psr\Log\LogLevel;

/**
 * A pool amid whatever else its program does: logs, forks, ends.
 */
final class HostTest extends TestCase
{
    /** @param list<string> $options of php */
    private static function script(string $code, array $options = []): Script
    {
        $command = \var_export(Workers::command(), true);

        return Script::run("require COMPOSER; use Coyote\\Pool; \$command = $command; $code", options: $options);
    }

    public function testLinesOfWorkersReachTheLogger(): void
    {
        $log = new LogBook();
        $pool = Workers::pool(1, [], $log);
        $reply = $pool->exec('print something', Workers::LONG);
        $pool->wait($pool->submit('exit 3'), Workers::LONG);

        $line = $log->find('something');
        self::assertSame(LogLevel::INFO, $line['level'] ?? null);
        self::assertSame($reply->pid, $line['context']['pid']);
        self::assertEqualsWithDelta(\time(), $line['context']['time'], 60);
        self::assertArrayHasKey('service', $line['context']);

        $death = $log->find('exited with status 3');
        self::assertSame(LogLevel::ERROR, $death['level'] ?? null);
        self::assertSame('worker_died', $death['context']['event'] ?? null);
        self::assertSame(3, $death['context']['exit_status'] ?? null);
    }

    public function testLinesComeWhileACallWaits(): void
    {
        $log = new class () extends AbstractLogger {
            public float $at = 0.0;

            public function log($level, string|\Stringable $message, array $context = []): void
            {
                if ((string) $message === 'asleep') {
                    $this->at = \microtime(true);
                }
            }
        };
        $pool = Workers::pool(1, [], $log);
        $pool->exec('doze 2500', Workers::LONG);
        self::assertGreaterThan(1.0, \microtime(true) - $log->at);
    }

    public function testALoggerThatThrowsLosesNoOutcome(): void
    {
        $log = new class () extends AbstractLogger {
            public bool $broken = false;

            public function log($level, string|\Stringable $message, array $context = []): void
            {
                $this->broken && throw new \DomainException('the disk is full');
            }
        };
        $pool = Workers::pool(1, [], $log);
        $job = $pool->submit('print something');
        $log->broken = true;
        $deadline = \microtime(true) + Workers::LONG;
        $reply = null;
        $thrown = 0;
        while ($reply === null && \microtime(true) < $deadline) {
            try {
                $reply = $pool->next(0.1);
            } catch (\DomainException) {
                ++$thrown;
            }
        }
        self::assertSame($job, $reply?->job);
        self::assertSame('printed', $reply->body());
        self::assertGreaterThan(0, $thrown);
    }

    public function testTheNumbersOfAPool(): void
    {
        $pool = new Pool(Workers::command(), ['num_workers' => 2]);
        self::assertSame([0], \array_values(\array_unique($pool->stats())));
        $pool->exec('x', Workers::LONG);
        $stats = $pool->stats();
        self::assertSame(1, $stats['submitted']);
        self::assertSame(2, $stats['workers_ready'] + $stats['workers_booting'] + $stats['workers_working']);
        self::assertSame(0, $stats['queued']);
    }

    public function testAChildOfAForkIsToldAndDoesNoHarm(): void
    {
        $run = self::script(<<<'PHP'
            $pool = new Pool($command, ['num_workers' => 1]);
            $job = $pool->submit('sleep 200');
            $map = $pool->map(["a", "sleep 300"], 2);
            $map->valid();
            $child = pcntl_fork();
            if ($child === 0) {
                $refused = [];
                $calls = [
                    fn () => $pool->next(1.0), fn () => $pool->wait($job), fn () => $pool->exec('x'), fn () => $pool->submit('x'),
                    fn () => $pool->cancel($job), fn () => $pool->reset(), fn () => $pool->stats(), fn () => $pool->fd(),
                    fn () => $pool->stop(), fn () => $map->next(), fn () => $map->valid(),
                ];
                foreach ($calls as $call) {
                    try { $refused[] = $call() === false; }
                    catch (Coyote\Exception\MisuseException $e) { $refused[] = str_contains($e->getMessage(), 'parent'); }
                }
                unset($map, $pool);
                $own = new Pool($command, ['num_workers' => 1]);
                $good = $own->exec('own', 20.0)->body() === 'own';
                unset($own);
                exit($good && !in_array(false, $refused, true) ? 0 : 1);
            }
            pcntl_waitpid($child, $status);
            echo pcntl_wexitstatus($status), $pool->wait($job, 20.0)->body();
            foreach ($map as $key => $reply) { echo $key, $reply->body(); }
            PHP);
        self::assertSame('0slept0a1slept', $run->stdout, $run->stderr);
    }

    public function testAScriptMayEndAnyWay(): void
    {
        $ends = [
            'return;',
            'exit(0);',
            '$pool->submit("sleep 60000"); exit(0);',
            '$map = $pool->map(["sleep 60000", "x"], 2); $map->valid(); exit(0);',
            '$map = $pool->map(["x", "sleep 60000", "x"], 3); $map->current(); $GLOBALS["pool"] = null; exit(0);',
            'class Cycle { public $self; public $pool; } $c = new Cycle; $c->self = $c; $c->pool = $pool; exit(0);',
            'pcntl_signal(SIGCHLD, SIG_IGN); echo $pool->exec("x")->body() === "x" ? "" : "wrong";',
            'register_shutdown_function(function () use ($pool) { $pool->exec("x", 20.0); }); exit(0);',
        ];
        foreach ($ends as $end) {
            $begin = \microtime(true);
            $run = self::script('$pool = new Pool($command, ["num_workers" => 2]); $pool->start(20.0); ' . $end);
            self::assertSame([0, '', ''], [$run->status, $run->stdout, $run->stderr], $end);
            self::assertLessThan(20.0, \microtime(true) - $begin, $end);
        }
    }

    public function testAnExceptionWhileJobsArePendingIsTheOnlyOne(): void
    {
        $run = self::script('$pool = new Pool($command); $pool->submit("sleep 60000"); throw new DomainException("mine");');
        self::assertSame(255, $run->status);
        self::assertStringContainsString('DomainException: mine', $run->stderr);
        self::assertSame(1, \substr_count($run->stderr, 'Stack trace'), $run->stderr);
    }

    public function testADestructorAtTheEndUsesThePoolOrIsTold(): void
    {
        $run = self::script(<<<'PHP'
            class Farewell {
                public $self;
                public function __construct(private Pool $pool) { $this->self = $this; }
                public function __destruct() {
                    try { echo $this->pool->exec('bye', 20.0)->body(); }
                    catch (Coyote\Exception\MisuseException $e) { echo str_contains($e->getMessage(), 'about to end') ? 'bye' : $e; }
                }
            }
            $pool = new Pool($command, ['num_workers' => 1]);
            $pool->start(20.0);
            new Farewell($pool); // found by the garbage collector at the end alone
            PHP);
        self::assertSame([0, 'bye', ''], [$run->status, $run->stdout, $run->stderr]);
    }

    public function testAHostThatIgnoresOrReapsItsChildren(): void
    {
        $reap = 'pcntl_async_signals(true); pcntl_signal(SIGCHLD, function () { while (pcntl_waitpid(-1, $s, WNOHANG) > 0); });';
        foreach (['pcntl_signal(SIGCHLD, SIG_IGN);', $reap] as $habit) {
            $run = self::script($habit . ' $pool = new Pool($command, ["num_workers" => 2]);
                foreach ($pool->map(["exit 1", "x", "kill", "y"]) as $key => $reply) { $seen[$key] = $reply->outcome->value; }
                ksort($seen); echo implode(" ", $seen); $pool->stop(20.0);');
            self::assertSame('crashed ok crashed ok', $run->stdout, $run->stderr);
        }
    }

    public function testAPhpWithoutSignalsDoesWithout(): void
    {
        $run = self::script(
            '$pool = new Pool($command); echo $pool->exec("x", 20.0)->body(); foreach ($pool->map(["y"]) as $reply) { echo $reply->body(); }',
            ['disable_functions=pcntl_async_signals,pcntl_signal_dispatch'],
        );
        self::assertSame([0, 'xy', ''], [$run->status, $run->stdout, $run->stderr]);
    }
}
