<?php

declare(strict_types=1);

namespace Coyote\Tests\Abi;

use FFI;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * The library through nothing but bindings.h, as somebody would use it from a bare PHP script.
 */
final class LibraryTest extends TestCase
{
    private const WORKER = __DIR__ . '/../../fixtures/workers/obedient.php';

    private static FFI $coyote;

    public static function setUpBeforeClass(): void
    {
        $header = (string) file_get_contents(__DIR__ . '/../../../bindings.h');
        self::$coyote = FFI::cdef($header, getenv('COYOTE_BUILD') . '/libcoyote.so');
    }

    /** @return FFI\CData a started pool */
    private function pool(int $workers = 1): FFI\CData
    {
        $pool = self::$coyote->coy_pool_new(sprintf('"%s" "%s"', PHP_BINARY, self::WORKER));
        self::assertNotNull($pool, self::$coyote->coy_error_message());
        self::assertSame(0, self::$coyote->coy_pool_set($pool, 'num_workers', (string) $workers));
        self::assertSame(0, self::$coyote->coy_pool_start($pool, 20000), self::$coyote->coy_error_message());
        return $pool;
    }

    /** @return array{int, string, string, string} outcome, context, body, message */
    private function read(?FFI\CData $reply): array
    {
        self::assertNotNull($reply, self::$coyote->coy_error_message());
        $c = self::$coyote;
        $read = [
            $c->coy_reply_outcome($reply),
            FFI::string($c->coy_reply_context($reply), $c->coy_reply_context_size($reply)),
            FFI::string($c->coy_reply_body($reply), $c->coy_reply_body_size($reply)),
            FFI::string($c->coy_reply_message($reply), $c->coy_reply_message_size($reply)),
        ];
        $c->coy_reply_free($reply);
        return $read;
    }

    public function testPayloadsComeBackWhateverTheirBytes(): void
    {
        $pool = $this->pool();
        $body = random_bytes(100_000) . "\0";
        $reply = self::$coyote->coy_pool_exec($pool, "a\0b", 3, $body, strlen($body), 20000);
        self::assertSame([0, "a\0b", $body, ''], $this->read($reply));
        self::$coyote->coy_pool_free($pool);
    }

    public function testAStartThatFailsAtOnceCanBeTriedAgain(): void
    {
        $c = self::$coyote;
        $pool = $c->coy_pool_new('no-such-program');
        for ($i = 0; $i < 2; $i++) {
            self::assertSame(-10, $c->coy_pool_start($pool, 20000));
            self::assertStringContainsString('no-such-program', $c->coy_error_message());
        }
        self::assertSame(0, $c->coy_pool_set($pool, 'command', sprintf('"%s" "%s"', PHP_BINARY, self::WORKER)));
        self::assertSame(0, $c->coy_pool_start($pool, 20000), $c->coy_error_message());
        self::assertSame(-7, $c->coy_pool_set($pool, 'num_workers', '3'));
        self::assertSame([0, '', 'x', ''], $this->read($c->coy_pool_exec($pool, null, 0, 'x', 1, 20000)));
        $c->coy_pool_free($pool);
    }

    public function testEveryRelayCarriesPayloads(): void
    {
        $c = self::$coyote;
        $socket = sys_get_temp_dir() . '/coyote-abi-' . getmypid() . '.sock';
        foreach (['pipes', "unix://$socket", 'tcp://127.0.0.1:0'] as $relay) {
            $pool = $c->coy_pool_new(sprintf('"%s" "%s"', PHP_BINARY, self::WORKER));
            self::assertSame(0, $c->coy_pool_set($pool, 'relay', $relay), $c->coy_error_message());
            self::assertSame(0, $c->coy_pool_set($pool, 'relayTimeout', '20s'), $c->coy_error_message());
            self::assertSame(0, $c->coy_pool_start($pool, 20000), $c->coy_error_message());
            self::assertSame([0, 'a', $relay, ''], $this->read($c->coy_pool_exec($pool, 'a', 1, $relay, strlen($relay), 20000)));
            self::assertSame(str_starts_with($relay, 'unix'), file_exists($socket));
            $c->coy_pool_free($pool);
            self::assertFileDoesNotExist($socket);
        }
    }

    public function testWorkersOfAnotherUser(): void
    {
        $c = self::$coyote;
        $folder = sys_get_temp_dir() . '/coyote-abi-' . getmypid();
        mkdir($folder, 0755);
        foreach (['obedient.php', 'wire.php'] as $file) { // the clone may be closed to nobody
            copy(\dirname(self::WORKER) . '/' . $file, "$folder/$file");
            chmod("$folder/$file", 0644);
        }
        $pool = $c->coy_pool_new(sprintf('"%s" "%s"', PHP_BINARY, "$folder/obedient.php"));
        self::assertSame(0, $c->coy_pool_set($pool, 'user', 'nobody'), $c->coy_error_message());
        self::assertSame(0, $c->coy_pool_set($pool, 'num_workers', '1'));
        $status = $c->coy_pool_start($pool, 20000);
        if (posix_geteuid() === 0) {
            self::assertSame(0, $status, $c->coy_error_message());
            $reply = $c->coy_pool_exec($pool, null, 0, 'x', 1, 20000);
            self::assertNotNull($reply, $c->coy_error_message());
            self::assertSame(posix_getpwnam('nobody')['uid'] ?? -1, fileowner('/proc/' . $c->coy_reply_pid($reply)));
            $c->coy_reply_free($reply);
        } else {
            self::assertSame(-13, $status);
            self::assertStringContainsString('to run workers as nobody needs root', $c->coy_error_message());
        }
        $c->coy_pool_free($pool);
        array_map(unlink(...), glob("$folder/*") ?: []);
        rmdir($folder);
    }

    public function testSubmittedJobsAreAnsweredOnceEach(): void
    {
        $pool = $this->pool(2);
        $left = [];
        for ($i = 0; $i < 50; $i++) {
            $left[self::$coyote->coy_pool_submit($pool, null, 0, "job $i", strlen("job $i"))] = "job $i";
        }
        $last = array_key_last($left);
        self::assertSame("job 49", $this->read(self::$coyote->coy_pool_wait($pool, $last, 20000))[2]);
        unset($left[$last]);
        while ($left !== []) {
            $reply = self::$coyote->coy_pool_next($pool, 20000);
            self::assertNotNull($reply, self::$coyote->coy_error_message());
            $job = self::$coyote->coy_reply_job($reply);
            self::assertSame($left[$job], $this->read($reply)[2]);
            unset($left[$job]);
        }
        self::assertNull(self::$coyote->coy_pool_next($pool, 0));
        self::assertSame(-6, self::$coyote->coy_error_status());
        self::assertNull(self::$coyote->coy_pool_next($pool, -1), 'a wait that would never end is refused');
        self::assertSame(-7, self::$coyote->coy_error_status());
        self::$coyote->coy_pool_free($pool);
    }

    public function testOutcomesAndLogLinesTellWhatHappened(): void
    {
        $pool = $this->pool();
        $exec = fn (string $body): array => $this->read(
            self::$coyote->coy_pool_exec($pool, null, 0, $body, strlen($body), 20000)
        );
        self::assertSame([1, '', '', 'it hurts'], $exec('error it hurts'));
        self::assertSame(4, $exec('')[0]);
        [$outcome, , , $message] = $exec('exit 3');
        self::assertSame(2, $outcome);
        self::assertStringContainsString('exited with status 3', $message);
        $exec('print something');
        $lines = [];
        while (($line = self::$coyote->coy_pool_log_next($pool)) !== null) {
            $lines[] = FFI::string(
                self::$coyote->coy_log_line_text($line),
                self::$coyote->coy_log_line_text_size($line),
            );
            self::assertGreaterThan(0, self::$coyote->coy_log_line_pid($line));
            self::assertEqualsWithDelta(time(), self::$coyote->coy_log_line_time($line), 60);
        }
        self::assertContains('something', $lines);
        self::assertNull(self::$coyote->coy_pool_log_next($pool));
        self::$coyote->coy_pool_free($pool);
    }

    public function testTheDescriptorBecomesReadable(): void
    {
        $pool = $this->pool();
        $stream = fopen('php://fd/' . self::$coyote->coy_pool_fd($pool), 'r');
        self::assertIsResource($stream);
        self::$coyote->coy_pool_submit($pool, null, 0, 'hello', 5);
        $reply = null;
        for ($tries = 0; $reply === null && $tries < 100; $tries++) {
            $read = [$stream];
            $none = null;
            self::assertSame(1, stream_select($read, $none, $none, 20));
            $reply = self::$coyote->coy_pool_next($pool, 0);
        }
        self::assertSame('hello', $this->read($reply)[2]);
        fclose($stream);
        self::$coyote->coy_pool_free($pool);
    }

    public function testASignalInterruptsAtOnceAndNothingIsLost(): void
    {
        $pool = $this->pool();
        $seen = 0;
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, function () use (&$seen): void {
            $seen++;
        });
        $job = self::$coyote->coy_pool_submit($pool, null, 0, 'sleep 3000', 10);
        pcntl_alarm(1);
        $before = hrtime(true);
        self::assertNull(self::$coyote->coy_pool_next($pool, 60000));
        self::assertSame(-5, self::$coyote->coy_error_status());
        self::assertLessThan(2.5e9, hrtime(true) - $before);
        self::assertSame(1, $seen);
        self::assertSame('slept', $this->read(self::$coyote->coy_pool_wait($pool, $job, 60000))[2]);
        pcntl_async_signals(false);
        pcntl_signal(SIGALRM, SIG_DFL);
        self::$coyote->coy_pool_free($pool);
    }

    public function testHandlesThatAreNoneAreRefused(): void
    {
        $c = self::$coyote;
        $pool = $this->pool();
        $reply = $c->coy_pool_exec($pool, null, 0, 'x', 1, 20000);
        $c->coy_reply_free($reply);
        $c->coy_reply_free($reply);
        self::assertSame(-3, $c->coy_reply_outcome($reply));
        self::assertNull($c->coy_reply_message($reply));
        self::assertSame(0, $c->coy_reply_body_size($reply));
        self::assertSame(-3, $c->coy_pool_stop($c->cast('coy_pool *', $reply), 0));
        self::assertSame(-3, $c->coy_pool_stop($c->cast('coy_pool *', 12345), 0));
        self::assertSame(-3, $c->coy_pool_stop(null, 0));
        self::assertStringContainsString('NULL', $c->coy_error_message());
        $c->coy_pool_free($pool);
        $c->coy_pool_free($pool);
        $c->coy_pool_free(null);
        self::assertNull($c->coy_pool_exec($pool, null, 0, 'x', 1, 0));
        self::assertSame(-3, $c->coy_error_status());
    }

    public function testImpossibleArgumentsAreRefused(): void
    {
        $c = self::$coyote;
        $pool = $this->pool();
        self::assertSame(-1, $c->coy_pool_submit($pool, null, 0, 'x', -1));
        self::assertSame(-1, $c->coy_pool_submit($pool, null, 5, 'x', 1));
        self::assertSame(-7, $c->coy_pool_set($pool, 'num_workers', '2'));
        self::assertNull($c->coy_pool_wait($pool, -5, 0));
        self::assertSame(-1, $c->coy_error_status());
        self::assertNull($c->coy_pool_wait($pool, 99, -1));
        self::assertSame(-1, $c->coy_error_status());
        $c->coy_pool_free($pool);
    }

    /** @return iterable<string, array{string, string, string}> */
    public static function mistakes(): iterable
    {
        yield 'no number' => ['num_workers', 'two', 'found the text "two"; expected an integer from 1 to 500'];
        yield 'out of range' => ['pool.num_workers', '0', 'from 1 to 500'];
        yield 'misspelt' => ['num_worker', '1', 'did you mean "num_workers"?'];
        yield 'of the supervisor' => ['exec_ttls', '1', 'workers.pool.supervisor.exec_ttls'];
        yield 'of the allocator' => ['max_workers', '0', 'workers.pool.dynamic_allocator.max_workers'];
        yield 'misspelt of the allocator' => ['spawn_rates', '1', 'did you mean "spawn_rate"?'];
        yield 'of the allocator in full' => ['dynamic_allocator.idle_timeout', '0', 'must be above zero'];
        yield 'no unit' => ['destroy_timeout', '5 parsecs', 'there is no unit'];
        yield 'no relay' => ['relay', 'tcp://', 'must be tcp://host:port'];
        yield 'relay timeout' => ['relay_timeout', '0', 'must be above zero'];
        yield 'no such user' => ['user', 'wwwdata', 'there is no user "wwwdata"'];
        yield 'no user' => ['user', ':', 'names no user'];
        yield 'empty command' => ['command', '', 'the command is empty'];
        yield 'not UTF-8' => ['env.X', "\xff", 'UTF-8'];
    }

    #[DataProvider('mistakes')]
    public function testSettingsAreCheckedAtOnce(string $key, string $value, string $says): void
    {
        $pool = self::$coyote->coy_pool_new('php worker.php');
        self::assertSame(-13, self::$coyote->coy_pool_set($pool, $key, $value));
        self::assertStringContainsString($says, self::$coyote->coy_error_message());
        self::assertStringContainsString($key, self::$coyote->coy_error_message());
        self::$coyote->coy_pool_free($pool);
    }

    public function testKeysAreTakenWithAndWithoutTheirObject(): void
    {
        $pool = self::$coyote->coy_pool_new('php worker.php');
        $keys = [
            'reset_timeout' => '5s',
            'fail_fast' => 'false',
            'debug' => 'true',
            'max_workers' => '2',
            'spawnRate' => '3',
            'dynamic_allocator.idle_timeout' => '1s',
            'pool.dynamic_allocator.idle_timeout' => '2s',
        ];
        foreach ($keys as $key => $value) {
            self::assertSame(0, self::$coyote->coy_pool_set($pool, $key, $value), self::$coyote->coy_error_message());
        }
        self::$coyote->coy_pool_free($pool);
    }

    public function testAPoolThatCannotStartSaysWhy(): void
    {
        $c = self::$coyote;
        self::assertNull($c->coy_pool_new(null));
        self::assertNull($c->coy_pool_new('php "worker.php'));
        self::assertSame(-13, $c->coy_error_status());
        $pool = $c->coy_pool_new(sprintf('"%s" nowhere.php', PHP_BINARY));
        self::assertSame(-10, $c->coy_pool_start($pool, 20000));
        self::assertStringContainsString('Could not open input file: nowhere.php', $c->coy_error_message());
        self::assertSame(-10, $c->coy_pool_start($pool, 20000), 'and says it again');
        [$outcome, , , $message] = $this->read($c->coy_pool_exec($pool, null, 0, 'x', 1, 20000));
        self::assertSame(4, $outcome);
        self::assertStringContainsString('Could not open input file', $message);
        $c->coy_pool_free($pool);
    }

    public function testAForkOfTheHostIsToldAndHarmless(): void
    {
        $pool = $this->pool();
        $child = pcntl_fork();
        if ($child === 0) {
            $refused = self::$coyote->coy_pool_exec($pool, null, 0, 'x', 1, 0) === null
                && self::$coyote->coy_error_status() === -4;
            self::$coyote->coy_pool_free($pool);
            posix_kill(posix_getpid(), $refused ? SIGKILL : SIGTERM);
        }
        pcntl_waitpid($child, $status);
        self::assertSame(SIGKILL, pcntl_wtermsig($status));
        self::assertSame('hi', $this->read(self::$coyote->coy_pool_exec($pool, null, 0, 'hi', 2, 20000))[2]);
        self::$coyote->coy_pool_free($pool);
    }

    public function testFfiLoadReadsTheHeaderAsItIs(): void
    {
        $script = 'echo FFI::load($argv[1])->coy_version();';
        $command = [PHP_BINARY, '-r', $script, '--', __DIR__ . '/../../../bindings.h'];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        self::assertIsResource($process);
        self::assertSame('0.1.0', stream_get_contents($pipes[1]), (string) stream_get_contents($pipes[2]));
        self::assertSame(0, proc_close($process));
    }

    /** PHP unloads the library with the last FFI object; a pool that was forgotten goes with it. */
    public function testAForgottenPoolLeavesNoWorkersBehind(): void
    {
        $script = '(function () use ($argv, &$pid) {
            $c = FFI::cdef(file_get_contents($argv[1]), $argv[2]);
            $pool = $c->coy_pool_new(sprintf("\"%s\" \"%s\"", PHP_BINARY, $argv[3]));
            $c->coy_pool_start($pool, 20000);
            $reply = $c->coy_pool_exec($pool, null, 0, "pid", 3, 20000);
            $pid = (int) FFI::string($c->coy_reply_body($reply), $c->coy_reply_body_size($reply));
        })();
        gc_collect_cycles();
        var_dump($pid > 0, str_contains(file_get_contents("/proc/self/maps"), "libcoyote"), posix_kill($pid, 0));';
        $header = __DIR__ . '/../../../bindings.h';
        $library = getenv('COYOTE_BUILD') . '/libcoyote.so';
        $command = [PHP_BINARY, '-r', $script, '--', $header, $library, self::WORKER];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        self::assertIsResource($process);
        $said = stream_get_contents($pipes[1]);
        self::assertSame("bool(true)\nbool(false)\nbool(false)\n", $said, (string) stream_get_contents($pipes[2]));
        self::assertSame(0, proc_close($process));
    }

    public function testTwoInstancesInOneProcessShareNothingButTheTable(): void
    {
        $header = (string) file_get_contents(__DIR__ . '/../../../bindings.h');
        $second = FFI::cdef($header, getenv('COYOTE_BUILD') . '/libcoyote.so');
        $pool = $this->pool();
        $other = $second->coy_pool_new(sprintf('"%s" "%s"', PHP_BINARY, self::WORKER));
        $second->coy_pool_set($other, 'num_workers', '1');
        self::assertSame(0, $second->coy_pool_start($other, 20000));
        self::assertSame('a', $this->read(self::$coyote->coy_pool_exec($pool, null, 0, 'a', 1, 20000))[2]);
        $second->coy_pool_free($other);
        self::assertSame('b', $this->read(self::$coyote->coy_pool_exec($pool, null, 0, 'b', 1, 20000))[2]);
        self::$coyote->coy_pool_free($pool);
    }
}
