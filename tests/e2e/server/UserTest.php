<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * `workers.user`: real PHP workers that are nobody. A server without root's rights says that it takes
 * them, which is what each test asserts where the tests have none either.
 */
final class UserTest extends TestCase
{
    /** Says who it is, and answers. */
    private const WHO = 'preg_match_all("/^(?:Uid|Groups):.*$/m", file_get_contents("/proc/self/status"), $found);
        fwrite(STDERR, getmypid() . " is " . preg_replace("/\s+/", " ", implode(" ", $found[0])) . ".\n");
        shell_exec("echo opened again > /dev/stderr");
        $worker->send("OK");';

    private const AS_IN_A_CONTAINER = '-sys_ptrace,-perfmon,-sys_admin';

    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = $this->server([]);
        $this->write(self::WHO);
    }

    /** @param list<string> $before */
    private function server(array $before): ServerProcess
    {
        $server = new ServerProcess($before);
        $this->copy(\dirname(__DIR__, 3) . '/php', $server->folder . '/php');

        return $server;
    }

    /** The clone may lie where nobody can read it. */
    private function copy(string $from, string $to): void
    {
        \mkdir($to, 0755);
        foreach (\array_diff(\scandir($from) ?: [], ['.', '..', 'examples']) as $name) {
            if (\is_dir("$from/$name")) {
                $this->copy("$from/$name", "$to/$name");
            } else {
                \copy("$from/$name", "$to/$name");
                \chmod("$to/$name", 0644);
            }
        }
    }

    private function write(string $loop): void
    {
        $code = ServerProcess::worker($loop);
        $this->server->write('app.php', (string) \preg_replace('~require .*;~', 'require __DIR__ . "/php/autoload.php";', $code));
        \chmod($this->server->folder . '/app.php', 0644);
    }

    private function config(string $workers = '', string $user = 'nobody', string $ticker = 'count: 3'): void
    {
        $this->server->write('.rr.yaml', "ticker:\n  interval: 20ms\n  $ticker\n  workers:\n    command: php app.php\n"
            . "    user: $user\n    pool.num_workers: 1\n    $workers\n");
    }

    private static function id(string $kind): int
    {
        \preg_match("/^$kind:\s+\d+\s+(\d+)/m", (string) \file_get_contents('/proc/self/status'), $found);

        return (int) ($found[1] ?? -1);
    }

    /** True where the tests are not root's: then it is refused, in words that help. */
    private function isRefused(): bool
    {
        if (self::id('Uid') === 0) {
            return false;
        }
        $ended = $this->server->run(['serve']);
        self::assertSame(1, $ended->exitCode, $ended->log);
        self::assertStringContainsString('ticker: workers.user: to run workers as nobody needs root, or the', $ended->log);

        return true;
    }

    /** @return iterable<string, array{string}> */
    public static function relays(): iterable
    {
        yield 'pipes' => ['pipes'];
        yield 'unix' => ['unix://rr.sock'];
        yield 'tcp' => ['tcp://127.0.0.1:0'];
    }

    /** @dataProvider relays */
    #[DataProvider('relays')]
    public function testItServesAsNobody(string $relay): void
    {
        $this->config("relay: $relay");
        if ($this->isRefused()) {
            return;
        }
        $ended = $this->server->serve()->wait();
        self::assertSame([0, ''], [$ended->exitCode, $ended->output], $ended->log);
        self::assertSame(['ok', 'ok', 'ok'], \array_values($ended->outcomes()), $ended->log);
        self::assertMatchesRegularExpression(
            '~^\d+ is Uid: (\d+) \1 \1 \1 Groups: [\d ]*\.$~',
            $ended->textsWith('warning', ' is Uid: ')[0],
        );
        self::assertStringNotContainsString(' Uid: 0 ', $ended->log);
        self::assertCount(3, $ended->textsWith('warning', 'opened again'));
        self::assertSame([], $ended->textsWith('warning', 'turned away'));
        self::assertFileDoesNotExist($this->server->folder . '/rr.sock');
    }

    public function testTheSocketIsNobodysAlone(): void
    {
        $this->config('relay: unix://rr.sock', ticker: 'count: 1000000');
        if ($this->isRefused()) {
            return;
        }
        $this->server->serve();
        $this->server->waitForLog('event 0: ok');
        $socket = $this->server->folder . '/rr.sock';
        \clearstatcache();
        self::assertSame(0600, \fileperms($socket) & 0777);
        self::assertNotSame(0, \fileowner($socket));
        $stranger = \stream_socket_client('unix://' . $socket);
        self::assertNotFalse($stranger);
        $this->server->waitForLog('it is of another user, uid 0');
        self::assertSame('', \stream_get_contents($stranger));
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertFileDoesNotExist($socket);
    }

    /** Its socket was nobody's, and is in the way of the next. */
    public function testWhatAKilledServerLeftIsReplaced(): void
    {
        $this->config('relay: unix://rr.sock', ticker: 'count: 1000000');
        if ($this->isRefused()) {
            return;
        }
        $this->server->serve();
        $this->server->waitForLog('event 0: ok');
        $this->server->signal(\SIGKILL);
        $this->server->wait();
        self::assertFileExists($this->server->folder . '/rr.sock');
        $this->config('relay: unix://rr.sock');
        $ended = $this->server->serve()->wait();
        self::assertSame(['ok', 'ok', 'ok'], \array_values($ended->outcomes()), $ended->log);
    }

    public function testAFolderThatIsClosedToNobody(): void
    {
        $this->config('relay: unix://closed/rr.sock');
        if ($this->isRefused()) {
            return;
        }
        \mkdir($this->server->folder . '/closed', 0700);
        $ended = $this->server->run(['serve']);
        self::assertSame(1, $ended->exitCode);
        self::assertMatchesRegularExpression(
            "~nobody \(workers\.user\) can't reach its relay unix:///.*/closed/rr\.sock: Permission denied; the folders~",
            $ended->log,
        );
    }

    public function testAScriptThatIsClosedToNobody(): void
    {
        $this->config();
        if ($this->isRefused()) {
            return;
        }
        \chmod($this->server->folder . '/app.php', 0600);
        $ended = $this->server->run(['serve']);
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString('(it ran as nobody, workers.user: can that user read the script', $ended->log);
    }

    /** @return iterable<string, array{string, string}> */
    public static function moments(): iterable
    {
        yield 'idle, by pipes' => ['', '$worker->send();'];
        yield 'idle, by a socket' => ['relay: unix://rr.sock', '$worker->send();'];
        yield 'busy' => ['', 'while (true) { usleep(1000); }'];
    }

    /** @dataProvider moments */
    #[DataProvider('moments')]
    public function testItDiesWithAKilledServer(string $workers, string $loop): void
    {
        $this->write('fwrite(STDERR, "pid " . getmypid() . ".\n");' . $loop);
        $this->config($workers, ticker: 'count: 1000000');
        if ($this->isRefused()) {
            return;
        }
        $this->server->serve(['-o', 'ticker.interval=1h']);
        $this->server->waitForLog('pid ');
        $pid = $this->workersPid();
        $this->server->signal(\SIGKILL);
        self::assertTrue(ServerProcess::isGoneWithin($pid, 5.0), 'the worker lives on');
        $this->server->wait();
    }

    private function workersPid(): int
    {
        $this->server->waitForLog('"pid ');
        \preg_match('/"pid (\d+)\."/', $this->server->log(), $found);

        return (int) ($found[1] ?? 0);
    }

    public function testItIsKilledWhenItDoesNotStop(): void
    {
        $this->write('fwrite(STDERR, "pid " . getmypid() . ".\n"); while (true) { usleep(1000); }');
        $this->config('pool.destroy_timeout: 100ms', ticker: 'count: 1000000');
        if ($this->isRefused()) {
            return;
        }
        $this->server->serve();
        $pid = $this->workersPid();
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertTrue(ServerProcess::isGoneWithin($pid, 5.0));
    }

    /** @return iterable<string, array{list<string>, string}> */
    public static function rights(): iterable
    {
        yield 'all' => [[], 'smaps_rollup'];
        yield 'as in a container' => [['setpriv', '--bounding-set=' . self::AS_IN_A_CONTAINER, '--inh-caps=' . self::AS_IN_A_CONTAINER], 'statm'];
    }

    /**
     * @dataProvider rights
     *
     * @param list<string> $before
     */
    #[DataProvider('rights')]
    public function testItsMemoryIsWatched(array $before, string $from): void
    {
        $workers = 'pool.supervisor: {max_worker_memory: 60, watch_tick: 10ms}';
        $this->config();
        if ($this->isRefused()) {
            return;
        }
        $this->server = $this->server($before);
        $this->write('$fat = str_repeat("x", 100_000_000);' . self::WHO);
        $this->config($workers, ticker: 'count: 1000000');
        $this->server->serve();
        $this->server->waitForLog($from);
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertStringContainsString('max_worker_memory', $ended->log);
    }

    public function testAUserThatThereIsNot(): void
    {
        $this->config(user: 'wwwdata');
        foreach (['check', 'serve'] as $command) {
            $ended = $this->server->run([$command]);
            self::assertSame(1, $ended->exitCode);
            self::assertSame("coyote: .rr.yaml:6:11: ticker.workers.user: there is no user \"wwwdata\"\n", $ended->log);
        }
    }

    /** A config is right wherever it is checked. */
    public function testTheCheckNeedsNoRights(): void
    {
        $root = self::id('Uid') === 0;
        $this->config();
        $server = new ServerProcess($root ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : []);
        $server->write('.rr.yaml', $this->server->read('.rr.yaml'));
        $ended = $server->run(['check']);
        self::assertSame(0, $ended->exitCode, $ended->log);
        $ended = $server->run(['serve']);
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString(
            'to run workers as nobody' . ($root ? ', root needs the capability CAP_' : ' needs root, or the'),
            $ended->log,
        );
        self::assertStringContainsString(', or remove workers.user', $ended->log);
    }
}
