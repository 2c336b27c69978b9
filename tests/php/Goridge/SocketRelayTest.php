<?php

declare(strict_types=1);

namespace Coyote\Tests\Goridge;

use Coyote\Tests\Support\Frames;
use Coyote\Tests\Support\WorkerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What a worker on a socket does that one on pipes need not: connect, outlive PHP's time-outs, and
 * lose a server that resets the connection.
 */
final class SocketRelayTest extends TestCase
{
    private const ECHO = 'foreach ($worker as $p) { $worker->send($p->body, $p->context); }';

    private string $folder;

    protected function setUp(): void
    {
        $this->folder = \sys_get_temp_dir() . '/coyote-socket-' . \bin2hex(\random_bytes(6));
        \mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        \array_map(\unlink(...), \glob($this->folder . '/*') ?: []);
        \rmdir($this->folder);
    }

    /**
     * @return iterable<string, array{string}>
     */
    public static function relays(): iterable
    {
        yield 'unix' => ['unix://'];
        yield 'tcp' => ['tcp://127.0.0.1:0'];
        yield 'tcp, IPv6' => ['tcp://[::1]:0'];
    }

    #[DataProvider('relays')]
    public function testBytesMayComeOneByOne(string $relay): void
    {
        $worker = $this->running(self::ECHO, $relay);
        foreach (\str_split(Frames::control('{"pid":1}') . Frames::exec("a\0b", 'ctx')) as $byte) {
            $worker->write($byte);
        }

        self::assertSame(Frames::pidReply($worker->pid), $worker->readFrame());
        self::assertSame(Frames::reply("a\0b", 'ctx'), $worker->readFrame());
    }

    #[DataProvider('relays')]
    public function testTwentyMebibytesThereAndBackAndManyFrames(string $relay): void
    {
        $worker = $this->running(self::ECHO, $relay);
        $body = \str_repeat(\random_bytes(1 << 20), 20) . "\0";
        $worker->write(Frames::exec($body, "c\0"));
        self::assertTrue(Frames::reply($body, "c\0") === $worker->readFrame(), 'the bytes came back changed');

        $all = '';
        for ($i = 0; $i < 2000; ++$i) {
            $all .= Frames::exec(\str_repeat(\chr($i & 255), $i * 37 % 5000), (string) $i);
        }
        $worker->write($all . Frames::stop());
        self::assertSame(0, $worker->wait(), $worker->stderr());
        self::assertTrue($all === $worker->rest(), 'the answers are not the payloads');
    }

    /** Not at the wait for a frame, and not amid one. */
    #[DataProvider('relays')]
    public function testTheDefaultTimeOutEndsNothing(string $relay): void
    {
        $workers = [];
        foreach (['', \substr(Frames::exec('patience'), 0, 14)] as $number => $came) {
            $worker = $this->running('fwrite(STDERR, "ready\n"); ' . self::ECHO, $relay, 'default_socket_timeout=1');
            $worker->awaitStderr("ready\n");
            $worker->write($came);
            $workers[$number] = [$worker, \strlen($came)];
        }
        // the second that the time-out would take, and some more
        \usleep(1_300_000);
        foreach ($workers as [$worker, $came]) {
            $worker->awaitAsleep();
            $worker->write(\substr(Frames::exec('patience'), $came));
            self::assertSame(Frames::reply('patience'), $worker->readFrame());
        }
    }

    #[DataProvider('relays')]
    public function testPrintedTextIsNotOnTheChannel(string $relay): void
    {
        $worker = $this->running(
            'foreach ($worker as $p) { echo "an echo"; fwrite(STDOUT, " and STDOUT"); $worker->send($p->body); }',
            $relay,
        );
        $worker->write(Frames::exec('1') . Frames::stop());

        self::assertSame(0, $worker->wait());
        self::assertSame('an echo and STDOUT', $worker->stdout());
        self::assertSame(Frames::reply('1'), $worker->rest());
    }

    #[DataProvider('relays')]
    public function testAnEndBetweenFramesIsAStopAndInsideOneAnError(string $relay): void
    {
        $worker = $this->running(self::ECHO . ' fwrite(STDERR, "after the loop");', $relay);
        $worker->write(Frames::exec('x'));
        $worker->closeInput();
        self::assertSame(0, $worker->wait());
        self::assertSame('after the loop', $worker->stderr());

        $worker = $this->running(self::ECHO, $relay);
        $worker->write(\substr(Frames::exec('body'), 0, -1));
        $worker->closeInput();
        self::assertSame(255, $worker->wait());
        self::assertStringContainsString('3 of 4 bytes of its payload came', $worker->stderr());
    }

    /** A server that was killed resets the connection when answers lie there unread. */
    #[DataProvider('relays')]
    public function testAServerThatIsGone(string $relay): void
    {
        $worker = $this->running('$worker->next(); $worker->send("x"); fwrite(STDERR, "sent\n"); '
            . 'fgets(STDIN); ' . self::ECHO . ' fwrite(STDERR, "stopped\n");', $relay);
        $worker->write(Frames::exec('x'));
        $worker->awaitStderr("sent\n");
        $worker->closeRelay();

        self::assertSame(0, $worker->wait(), $worker->stderr());
        self::assertSame("sent\nstopped\n", $worker->stderr());

        $worker = $this->running('fwrite(STDERR, "ready\n"); while (true) { $worker->stop(); (function () { '
            . '$this->askedToStop = false; })->call($worker); }', $relay);
        $worker->awaitStderr("ready\n");
        $worker->closeRelay();
        self::assertSame(255, $worker->wait());
        self::assertStringContainsString('RelayException: Cannot write to the relay', $worker->stderr());
    }

    public function testNobodyListens(): void
    {
        $relay = 'unix://' . $this->folder . '/nobody';
        $worker = WorkerProcess::running(self::ECHO, $relay, listens: false);
        self::assertSame(255, $worker->wait());
        self::assertStringContainsString(
            "RR_RELAY is \"$relay\", but connecting to it failed: No such file or directory",
            $worker->stderr(),
        );

        $free = \stream_socket_server('tcp://127.0.0.1:0');
        self::assertNotFalse($free);
        $relay = 'tcp://' . \stream_socket_get_name($free, false);
        \fclose($free);
        $worker = WorkerProcess::running(self::ECHO, $relay, listens: false);
        self::assertSame(255, $worker->wait());
        self::assertStringContainsString("\"$relay\", but connecting to it failed: Connection refused", $worker->stderr());
    }

    private function running(string $code, string $relay, string $ini = 'max_execution_time=0'): WorkerProcess
    {
        if ($relay === 'unix://') {
            $relay .= $this->folder . '/' . \bin2hex(\random_bytes(4));
        }

        return WorkerProcess::running($code, $relay, $ini);
    }
}
