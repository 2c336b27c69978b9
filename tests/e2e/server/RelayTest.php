<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * `workers.relay`: every one of them serves, and the sockets keep to their workers.
 */
final class RelayTest extends TestCase
{
    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = new ServerProcess();
        $this->server->write('app.php', ServerProcess::worker(
            'file_put_contents("relay", getenv("RR_RELAY") . "\n", FILE_APPEND); $worker->send("OK");',
        ));
    }

    private function config(string $relay, string $ticker = 'count: 3', string $workers = ''): void
    {
        $this->server->write('.rr.yaml', "ticker:\n  interval: 20ms\n  $ticker\n  workers:\n"
            . "    command: php app.php\n    relay: $relay\n    pool.num_workers: 2\n    $workers\n");
    }

    /**
     * @return iterable<string, array{string, string}>
     */
    public static function relays(): iterable
    {
        yield 'pipes' => ['pipes', '~^pipes://fd/3:fd/4$~D'];
        yield 'unix' => ['unix://rr.sock', '~^unix:///.+/rr\.sock$~D'];
        yield 'tcp' => ['tcp://localhost:0', '~^tcp://127\.0\.0\.1:\d+$~D'];
    }

    #[DataProvider('relays')]
    public function testEveryRelayServes(string $relay, string $told): void
    {
        $this->config($relay);
        $ended = $this->server->serve()->wait();
        self::assertSame([0, ''], [$ended->exitCode, $ended->output], $ended->log);
        self::assertSame([0 => 'ok', 1 => 'ok', 2 => 'ok'], $ended->outcomes());
        self::assertSame([], $ended->texts('warning'));
        self::assertMatchesRegularExpression($told, \explode("\n", $this->server->read('relay'))[0]);
        self::assertFileDoesNotExist($this->server->folder . '/rr.sock');
    }

    public function testAStrangerIsTurnedAwayAndAKilledServersSocketReplaced(): void
    {
        $this->config('unix://rr.sock', 'count: 1000000');
        $socket = $this->server->folder . '/rr.sock';
        $this->server->serve();
        $this->server->waitForLog('event 0: ok');
        self::assertSame(0600, \fileperms($socket) & 0777);

        $stranger = \stream_socket_client('unix://' . $socket);
        self::assertNotFalse($stranger);
        \fwrite($stranger, "give me your jobs\n");
        $this->server->waitForLog('turned away pid ' . \getmypid());
        self::assertSame('', \stream_get_contents($stranger));

        $this->server->signal(\SIGKILL);
        $this->server->wait();
        self::assertFileExists($socket);
        $this->config('unix://rr.sock');
        $ended = $this->server->serve()->wait();
        self::assertSame([0 => 'ok', 1 => 'ok', 2 => 'ok'], $ended->outcomes(), $ended->log);
    }

    /**
     * @return iterable<string, array{string, string}>
     */
    public static function mistakes(): iterable
    {
        yield 'no relay' => ['sockets', '.rr.yaml:6:12: ticker.workers.relay: expected "pipes", "unix://path" or'];
        yield 'host' => ['tcp://example.org:80', '.rr.yaml:6:12: ticker.workers.relay: tcp://example.org:80 is no address'];
        yield 'folder' => ['unix://nowhere/rr.sock', 'ticker: workers.relay: listening on unix:///'];
        yield 'file' => ['unix://app.php', '/app.php is there and is no socket'];
    }

    #[DataProvider('mistakes')]
    public function testAMistakeNamesTheKey(string $relay, string $words): void
    {
        $this->config($relay);
        $ended = $this->server->run(['serve']);
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString($words, $ended->log . $ended->output);
    }

    public function testAWorkerThatTakesNoNoticeOfRrRelay(): void
    {
        $this->server->write('app.php', '<?php sleep(60);');
        $this->config('unix://rr.sock', workers: 'relay_timeout: 300ms');
        $ended = $this->server->serve()->wait();
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString('within 0.3 s (relay_timeout)', $ended->log);
        self::assertStringContainsString('does the script take its relay from RR_RELAY', $ended->log);
    }
}
