<?php

declare(strict_types=1);

namespace Coyote\Tests\Abi;

use FFI;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * A server and its sources through nothing but bindings.h, with real workers.
 */
final class ServerTest extends TestCase
{
    private const WORKER = __DIR__ . '/../../fixtures/workers/obedient.php';
    private const IDLE = 0;
    private const SERVING = 1;
    private const ENDED = 2;
    private const ABSENT = 3;

    private static FFI $coyote;

    private FFI\CData $server;
    private FFI\CData $source;

    public static function setUpBeforeClass(): void
    {
        $header = (string) file_get_contents(__DIR__ . '/../../../bindings.h');
        self::$coyote = FFI::cdef($header, getenv('COYOTE_BUILD') . '/libcoyote.so');
    }

    protected function tearDown(): void
    {
        if (isset($this->server)) {
            self::$coyote->coy_server_free($this->server);
        }
    }

    /** @param array<string, mixed> $section on top of workers: one, that is never sent a second event */
    private function open(array $section = [], string $name = 'orders', string $more = ''): void
    {
        $c = self::$coyote;
        $section += ['workers' => [
            'command' => sprintf('"%s" "%s"', PHP_BINARY, self::WORKER),
            'pool' => ['num_workers' => 1, 'prefetch' => 1],
        ]];
        $text = json_encode([$name => $section], JSON_THROW_ON_ERROR);
        $config = $c->coy_config_new();
        self::assertSame(0, $c->coy_config_read_text($config, 'my.yaml', $text, strlen($text)));
        if ($more !== '') {
            self::assertSame(0, $c->coy_config_read_text($config, 'more.yaml', $more, strlen($more)), $c->coy_error_message());
        }
        $server = $c->coy_server_new($config);
        self::assertNotNull($server, $c->coy_error_message());
        $this->server = $server;
        $source = $c->coy_server_register($server, 'orders');
        self::assertNotNull($source, $c->coy_error_message());
        $this->source = $source;
    }

    private function stepUntil(int $state): void
    {
        while (self::$coyote->coy_source_state($this->source) !== $state) {
            self::assertGreaterThanOrEqual(0, self::$coyote->coy_server_step($this->server, 20000), self::$coyote->coy_error_message());
        }
    }

    private function runToItsEnd(): int
    {
        do {
            $status = self::$coyote->coy_server_step($this->server, 20000);
        } while ($status === 1);
        return $status;
    }

    private function push(string $body): int
    {
        return self::$coyote->coy_source_push($this->source, null, 0, $body, strlen($body));
    }

    /** @return array{int, int, string, bool, int} event, outcome, body or message, may have run, pid */
    private function settled(int $timeout = 20000): array
    {
        $c = self::$coyote;
        $reply = $c->coy_source_next_settled($this->source, $timeout);
        self::assertNotNull($reply, $c->coy_error_message());
        $outcome = $c->coy_reply_outcome($reply);
        $settled = [
            $c->coy_reply_job($reply),
            $outcome,
            $outcome === 0
                ? FFI::string($c->coy_reply_body($reply), $c->coy_reply_body_size($reply))
                : FFI::string($c->coy_reply_message($reply), $c->coy_reply_message_size($reply)),
            $c->coy_reply_may_have_run($reply),
            $c->coy_reply_pid($reply),
        ];
        $c->coy_reply_free($reply);
        return $settled;
    }

    /** @return list<array{int, ?string, int, string}> level, service, pid, text */
    private function lines(): array
    {
        $c = self::$coyote;
        $lines = [];
        while (($line = $c->coy_server_log_next($this->server)) !== null) {
            $text = $c->coy_log_line_text($line);
            $lines[] = [
                $c->coy_log_line_level($line),
                $c->coy_log_line_service($line),
                $c->coy_log_line_pid($line),
                $text === null ? '' : FFI::string($text, $c->coy_log_line_text_size($line)),
            ];
        }
        return $lines;
    }

    /** Until the worker says that it is at its job. */
    private function stepUntilAsleep(): void
    {
        while (!in_array('asleep', array_column($this->lines(), 3), true)) {
            self::assertSame(1, self::$coyote->coy_server_step($this->server, 20000), self::$coyote->coy_error_message());
        }
    }

    public function testAWholeLife(): void
    {
        $c = self::$coyote;
        $this->open(['batch' => 3, 'wait' => '1m30s']);
        $schema = '{"properties": {"batch": {"type": "integer", "minimum": 1}, "wait": {"type": "string", "format": "duration"},'
            . ' "buffer": {"type": "string", "format": "size", "default": "2KiB"}}, "required": ["batch"]}';
        self::assertSame(0, $c->coy_source_set_schema($this->source, $schema), $c->coy_error_message());
        self::assertSame(0, $c->coy_source_set_environment($this->source, 'broker', 'here:1'));
        self::assertSame(0, $c->coy_server_check($this->server), $c->coy_error_message());
        self::assertSame('{"batch":3,"wait":90000,"buffer":2048}', $c->coy_source_section($this->source));
        self::assertSame(self::IDLE, $c->coy_source_state($this->source));
        self::assertSame(0, $c->coy_source_room($this->source));
        $this->stepUntil(self::SERVING);
        self::assertSame(1, $c->coy_source_room($this->source));
        self::assertSame(1, $this->push('env BROKER'));
        self::assertSame(2, $this->push('error it hurts'));
        self::assertSame([1, 0, 'here:1'], array_slice($this->settled(), 0, 3));
        self::assertSame([2, 1, 'it hurts'], array_slice($this->settled(), 0, 3));
        self::assertNull($c->coy_source_next_settled($this->source, -1), 'a wait that would never end is refused');
        self::assertSame(-7, $c->coy_error_status());
        self::assertSame(3, $this->push('last'));
        self::assertSame(0, $c->coy_source_end($this->source));
        self::assertSame(-7, $this->push('too late'));
        self::assertSame(0, $this->runToItsEnd());
        self::assertSame(self::ENDED, $c->coy_source_state($this->source));
        self::assertSame([3, 0, 'last'], array_slice($this->settled(0), 0, 3));
        self::assertSame(0, $c->coy_server_step($this->server, -1));
        self::assertContains([1, 'orders', 0, 'ended: its source has no more events'], $this->lines());
    }

    public function testAMillisecondOfPatienceIsNoFailure(): void
    {
        $this->open();
        $this->stepUntil(self::SERVING);
        self::assertSame(1, self::$coyote->coy_server_step($this->server, 0));
        self::assertSame(1, self::$coyote->coy_server_step($this->server, 1));
        self::assertNull(self::$coyote->coy_source_next_settled($this->source, 1));
        self::assertSame(-6, self::$coyote->coy_error_status());
    }

    public function testEventsOfAKeyRunInOrderOneAtATime(): void
    {
        $c = self::$coyote;
        $this->open(['workers' => [
            'command' => sprintf('"%s" "%s"', PHP_BINARY, self::WORKER),
            'pool' => ['num_workers' => 3],
        ]]);
        for ($i = 1; $i <= 12; $i++) {
            $key = $i % 2 === 0 ? "even\0" : 'odd';
            self::assertSame(0, $c->coy_source_set_key($this->source, $key, strlen($key)));
            self::assertSame($i, $this->push('clock 5'));
        }
        $busy = ['even' => 0, 'odd' => 0];
        $last = ['even' => 0, 'odd' => 0];
        for ($i = 1; $i <= 12; $i++) {
            [$event, , $clock] = $this->settled();
            $key = $event % 2 === 0 ? 'even' : 'odd';
            [$begun, $ended] = array_map(intval(...), explode(' ', $clock));
            self::assertGreaterThan($last[$key], $event);
            self::assertGreaterThanOrEqual($busy[$key], $begun);
            $last[$key] = $event;
            $busy[$key] = $ended;
        }
    }

    public function testWhatWaitsIsBoundedAndRoomIsToldExactly(): void
    {
        $c = self::$coyote;
        $this->open();
        self::assertSame(0, $c->coy_source_set_capacity($this->source, 2));
        $this->stepUntil(self::SERVING);
        self::assertSame(1, $c->coy_source_room($this->source));
        self::assertSame(1, $this->push('sleep 200'));
        self::assertSame(0, $c->coy_source_room($this->source));
        self::assertSame(1, $c->coy_server_step($this->server, 0));
        self::assertSame(0, $c->coy_source_room($this->source));
        self::assertSame(2, $this->push('b'));
        self::assertSame(3, $this->push('c'));
        self::assertSame(0, $c->coy_source_set_id($this->source, 'kept', 4));
        self::assertSame(-11, $this->push('d'));
        self::assertStringContainsString('push again when one is settled', $c->coy_error_message());
        self::assertSame('slept', $this->settled()[2]);
        self::assertGreaterThan(0, $this->push('error of d'), $c->coy_error_message());
        self::assertSame(['b', 'c', 'of d'], [$this->settled()[2], $this->settled()[2], $this->settled()[2]]);
        self::assertSame(1, $c->coy_source_room($this->source));
        self::assertContains('event kept: error: of d', array_column($this->lines(), 3));
    }

    public function testAStopCancelsWhatWaitsAndLetsTheRestEnd(): void
    {
        $c = self::$coyote;
        $this->open();
        $this->push('doze 100');
        $this->push('b');
        $this->stepUntilAsleep();
        self::assertSame(0, $c->coy_server_stop($this->server));
        self::assertSame(0, $c->coy_server_stop($this->server));
        [$event, $outcome, , $mayHaveRun, $pid] = $this->settled(0);
        self::assertSame([2, 5, false, 0], [$event, $outcome, $mayHaveRun, $pid]);
        self::assertSame([1, 0, 'slept'], array_slice($this->settled(), 0, 3));
        self::assertSame(0, $this->runToItsEnd());
    }

    public function testAKilledWorkerIsAnOutcomeAndReplaced(): void
    {
        $this->open();
        $this->push('pid');
        $pid = (int) $this->settled()[2];
        $this->push('doze 60000');
        $this->stepUntilAsleep();
        posix_kill($pid, SIGKILL);
        [$event, $outcome, $message, $mayHaveRun, $of] = $this->settled();
        self::assertSame([2, 2, true, $pid], [$event, $outcome, $mayHaveRun, $of]);
        self::assertStringContainsString('signal 9', $message);
        $this->push('pid');
        self::assertNotSame($pid, (int) $this->settled()[2]);
    }

    public function testAFailureOfTheSourceIsThatOfTheServer(): void
    {
        $c = self::$coyote;
        $this->open();
        $this->push('a');
        self::assertSame('a', $this->settled()[2]);
        self::assertSame(0, $c->coy_source_fail($this->source, 'the broker is away'));
        self::assertSame(-14, $this->runToItsEnd());
        self::assertSame('orders: the broker is away', $c->coy_error_message());
        self::assertSame(-14, $c->coy_server_step($this->server, 0), 'and says it again');
        self::assertContains([3, 'orders', 0, 'the broker is away'], $this->lines());
    }

    public function testADisabledSourceStartsNothing(): void
    {
        $c = self::$coyote;
        $this->open(['enabled' => false]);
        $this->push('early');
        self::assertSame(0, $c->coy_server_check($this->server), $c->coy_error_message());
        self::assertSame('{"enabled":false}', $c->coy_source_section($this->source));
        self::assertSame(0, $c->coy_source_disable($this->source));
        self::assertSame(self::ABSENT, $c->coy_source_state($this->source));
        self::assertSame(0, $c->coy_server_serve($this->server, 20000), $c->coy_error_message());
        self::assertSame([1, 5], array_slice($this->settled(), 0, 2));
        self::assertSame([], $this->lines());
    }

    /** @return iterable<string, array{array<string, mixed>, string, string}> */
    public static function mistakes(): iterable
    {
        $workers = ['command' => 'php a.php'];
        yield 'of the section' => [['batch' => 0, 'workers' => $workers], '', 'my.yaml:1:20: orders.batch: '];
        yield 'missing' => [['workers' => $workers], '', 'orders.batch'];
        yield 'unknown' => [['batsch' => 1, 'batch' => 1, 'workers' => $workers], '', 'did you mean "batch"?'];
        yield 'no workers' => [['batch' => 1, 'workers' => null], '', 'orders.workers'];
        yield 'of the workers' => [['batch' => 1, 'workers' => $workers + ['comand' => 1]], '', 'did you mean "command"?'];
        yield 'twice' => [
            ['batch' => 1, 'workers' => $workers],
            "\nmore: {source: orders, batch: 1, workers: {command: php b.php}}",
            'more.yaml:2:1: more: a second section of the source "orders"',
        ];
        yield 'elsewhere' => [['batch' => 1, 'workers' => $workers], 'log: {level: loud}', 'more.yaml:1:14: log.level: '];
    }

    /** @param array<string, mixed> $section */
    #[DataProvider('mistakes')]
    public function testMistakesSayWhere(array $section, string $more, string $words): void
    {
        $c = self::$coyote;
        $this->open($section, more: $more);
        $schema = '{"properties": {"batch": {"type": "integer", "minimum": 1}}, "required": ["batch"]}';
        self::assertSame(0, $c->coy_source_set_schema($this->source, $schema));
        self::assertSame(-13, $c->coy_server_check($this->server));
        self::assertStringContainsString($words, $c->coy_error_message());
        self::assertNull($c->coy_source_section($this->source));
        self::assertSame(-13, $c->coy_server_step($this->server, 0));
        self::assertStringContainsString($words, $c->coy_error_message());
    }

    /** Defaults that are wrong themselves are found when the section is checked, and harm nobody. */
    public function testSchemasThatContradictThemselves(): void
    {
        $c = self::$coyote;
        $properties = [
            '{"type": "integer", "default": "many"}',
            '{"type": "string", "format": "duration", "default": -5}',
            '{"type": "string", "format": "size", "default": [1]}',
            '{"type": "array", "items": {"type": "object"}, "default": {"a": 1}}',
            '{"type": "integer", "minimum": 5, "maximum": 1, "default": 3}',
            '{"enum": [1, 2], "default": 3}',
        ];
        foreach ($properties as $property) {
            $this->open();
            self::assertSame(0, $c->coy_source_set_schema($this->source, "{\"properties\": {\"a\": $property}}"), $c->coy_error_message());
            self::assertSame(-13, $c->coy_server_check($this->server), $property);
            self::assertStringContainsString('orders.a', $c->coy_error_message());
            $c->coy_server_free($this->server);
        }
    }

    public function testASignalStopsTheServerThatTookThem(): void
    {
        $c = self::$coyote;
        $seen = 0;
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, function () use (&$seen): void {
            $seen++;
        });
        $this->open();
        $this->stepUntil(self::SERVING);
        self::assertSame(0, $c->coy_server_take_signals($this->server), $c->coy_error_message());
        $child = pcntl_fork();
        if ($child === 0) {
            posix_kill(posix_getppid(), SIGTERM);
            posix_kill(posix_getpid(), SIGKILL);
        }
        self::assertSame(0, $this->runToItsEnd());
        pcntl_waitpid($child, $status);
        self::assertSame(0, $seen);
        self::assertContains([1, null, 0, 'stopping: what has begun may end; send the signal again to stop at once'], $this->lines());
        self::assertSame(0, $c->coy_server_release_signals($this->server));
        posix_kill(posix_getpid(), SIGTERM);
        self::assertSame(1, $seen, 'its own handler is back');
        pcntl_signal(SIGTERM, SIG_DFL);
        pcntl_async_signals(false);
    }

    public function testASignalOfTheHostsOwnInterruptsAtOnceAndNothingIsLost(): void
    {
        $c = self::$coyote;
        $seen = 0;
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, function () use (&$seen): void {
            $seen++;
        });
        $this->open();
        $this->push('doze 3000');
        $this->stepUntilAsleep();
        pcntl_alarm(1);
        $before = hrtime(true);
        self::assertSame(-5, $c->coy_server_serve($this->server, 60000));
        self::assertSame(1, $seen);
        self::assertLessThan(2.5e9, hrtime(true) - $before);
        self::assertSame('slept', $this->settled()[2]);
        pcntl_signal(SIGALRM, SIG_DFL);
        pcntl_async_signals(false);
        self::assertSame(0, $c->coy_server_release_signals($this->server));
    }

    public function testTheDescriptorIsReadableWhenThereIsSomethingToDo(): void
    {
        $c = self::$coyote;
        $this->open();
        $stream = fopen('php://fd/' . $c->coy_server_fd($this->server), 'r');
        self::assertIsResource($stream);
        $none = null;
        $wait = function (int $seconds, int $microseconds = 0) use ($stream, &$none): bool {
            $read = [$stream];
            return stream_select($read, $none, $none, $seconds, $microseconds) === 1;
        };
        $this->push('hello');
        $reply = null;
        while ($reply === null) {
            self::assertTrue($wait(20));
            self::assertSame(1, $c->coy_server_step($this->server, 0), $c->coy_error_message());
            $reply = $c->coy_source_next_settled($this->source, 0);
        }
        $c->coy_reply_free($reply);
        while ($wait(0, 20000)) {
            self::assertSame(1, $c->coy_server_step($this->server, 0));
        }
        self::assertSame(0, $c->coy_source_end($this->source));
        do {
            self::assertTrue($wait(20));
        } while ($c->coy_server_step($this->server, 0) === 1);
        self::assertFalse($wait(0));
        fclose($stream);
    }

    public function testAServiceThatCannotStartEndsAllAndSettlesWhatWaits(): void
    {
        $c = self::$coyote;
        $this->open(['workers' => ['command' => sprintf('"%s" nowhere.php', PHP_BINARY)]]);
        $this->push('a');
        self::assertSame(-10, $this->runToItsEnd());
        self::assertStringStartsWith('orders: ', $c->coy_error_message());
        self::assertStringContainsString('nowhere.php', $c->coy_error_message());
        self::assertSame([1, 5], array_slice($this->settled(), 0, 2));
        self::assertNull($c->coy_source_next_settled($this->source, 0));
        self::assertSame(-10, $c->coy_error_status());
    }

    public function testBuiltInKindsServeBesideIt(): void
    {
        $c = self::$coyote;
        $worker = sprintf("'%s' '%s'", PHP_BINARY, self::WORKER);
        $this->open(more: "log: {level: debug}\nticker: {interval: 10ms, count: 3, workers: {command: \"$worker\", pool: {num_workers: 1}}}");
        $this->push('x');
        $c->coy_source_end($this->source);
        self::assertSame(0, $c->coy_server_serve($this->server, 20000), $c->coy_error_message());
        $ticks = array_filter(
            $this->lines(),
            fn (array $line): bool => $line[1] === 'ticker' && preg_match('/^event \d+: ok$/', $line[3]) === 1,
        );
        self::assertCount(3, $ticks);
    }

    /** PHP unloads the library with the last FFI object; a server that was forgotten goes with it. */
    public function testAForgottenServerLeavesNoWorkersBehind(): void
    {
        $script = '(function () use ($argv, &$pid) {
            $c = FFI::cdef(file_get_contents($argv[1]), $argv[2]);
            $config = $c->coy_config_new();
            $c->coy_config_set($config, "orders.workers.command", json_encode(sprintf("\"%s\" \"%s\"", PHP_BINARY, $argv[3])));
            $server = $c->coy_server_new($config);
            $source = $c->coy_server_register($server, "orders");
            $c->coy_source_push($source, null, 0, "pid", 3);
            $reply = $c->coy_source_next_settled($source, 20000);
            $pid = (int) FFI::string($c->coy_reply_body($reply), $c->coy_reply_body_size($reply));
            $c->coy_server_take_signals($server);
        })();
        gc_collect_cycles();
        var_dump($pid > 0, str_contains(file_get_contents("/proc/self/maps"), "libcoyote"), posix_kill($pid, 0));
        posix_kill(getmypid(), SIGTERM);';
        $header = __DIR__ . '/../../../bindings.h';
        $library = getenv('COYOTE_BUILD') . '/libcoyote.so';
        $command = [PHP_BINARY, '-r', $script, '--', $header, $library, self::WORKER];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        self::assertIsResource($process);
        $said = stream_get_contents($pipes[1]);
        self::assertSame("bool(true)\nbool(false)\nbool(false)\n", $said, (string) stream_get_contents($pipes[2]));
        while (($status = proc_get_status($process))['running']) {
            usleep(1000);
        }
        self::assertSame(SIGTERM, $status['termsig'], 'the signal is as it was');
        proc_close($process);
    }
}
