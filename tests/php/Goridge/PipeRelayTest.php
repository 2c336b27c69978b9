<?php

declare(strict_types=1);

namespace Coyote\Tests\Goridge;

use Coyote\Tests\Support\Frames;
use Coyote\Tests\Support\WorkerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What a worker on pipes does with bytes that come oddly, wrongly or not at all.
 */
final class PipeRelayTest extends TestCase
{
    private const ECHO = 'foreach ($worker as $p) { $worker->send($p->body, $p->context); }';

    public function testBytesMayComeOneByOne(): void
    {
        $worker = WorkerProcess::running(self::ECHO);
        foreach (\str_split(Frames::control('{"pid":1}') . Frames::exec("a\0b", 'ctx')) as $byte) {
            $worker->write($byte);
        }

        self::assertSame(Frames::pidReply($worker->pid), $worker->readFrame());
        self::assertSame(Frames::reply("a\0b", 'ctx'), $worker->readFrame());
    }

    public function testTwentyMebibytesThereAndBack(): void
    {
        $worker = WorkerProcess::running(self::ECHO);
        $body = \random_bytes(1 << 20);
        $body = \str_repeat($body, 20) . "\0";

        $worker->write(Frames::exec($body, "c\0"));
        self::assertTrue(Frames::reply($body, "c\0") === $worker->readFrame(), 'the bytes came back changed');

        $worker->write(Frames::stop());
        self::assertSame(0, $worker->wait(), $worker->stderr());
    }

    /** The server writes on while nobody reads the answers: both pipes fill, nothing is lost. */
    public function testManyFramesInOneStream(): void
    {
        $worker = WorkerProcess::running(self::ECHO);
        $all = '';
        for ($i = 0; $i < 2000; ++$i) {
            $all .= Frames::exec(\str_repeat(\chr($i & 255), $i * 37 % 5000), (string) $i);
        }

        $worker->write($all . Frames::stop());
        self::assertSame(0, $worker->wait(), $worker->stderr());
        self::assertTrue($all === $worker->rest(), 'the answers are not the payloads');
    }

    /**
     * @return iterable<string, array{string, string}>
     */
    public static function wrongBytes(): iterable
    {
        yield 'text' => ["Could not open input file: app.php\n", 'expected version 1, got 4. The bytes: "Could not op"'];
        yield 'version' => ["\x24\x00" . \substr(Frames::exec('x'), 2), 'expected version 1, got 2'];
        yield 'header too short' => ["\x12\x00" . \substr(Frames::exec('x'), 2), 'expected a header of 3 to 13 words, got 2'];
        yield 'header too long' => ["\x1f\x00" . \substr(Frames::exec('x'), 2), 'expected a header of 3 to 13 words, got 15'];

        $exec = Frames::exec('body', 'ctx');
        $crc = \unpack('V', $exec, 6)[1];
        yield 'length' => [
            \substr_replace($exec, "\x09", 2, 1),
            \sprintf('expected CRC %08x, got %08x', \crc32("\x14\0\x09\0\0\0"), $crc),
        ];
        yield 'CRC' => [\substr_replace($exec, "\0\0\0\0", 6, 4), \sprintf('expected CRC %08x, got 00000000', $crc)];
        yield 'no options' => [Frames::frame("\x13\x00", 'body'), 'a payload frame without options'];
        yield 'context too long' => [
            Frames::frame("\x14\x00", 'body', \pack('V', 5)),
            'a frame of 4 bytes whose context is said to have 5',
        ];
        yield 'unknown control' => [Frames::control('{"go":true}'), 'says nothing known: "{\"go\":true}"'];
        yield 'control, no JSON' => [Frames::control("\xff\0"), 'says nothing known: "\377\000"'];
        yield 'pid 0' => [Frames::control('{"pid":0}'), 'Expected {"pid":N} or {"stop":true}'];
    }

    #[DataProvider('wrongBytes')]
    public function testWrongBytesAreQuoted(string $bytes, string $message): void
    {
        $worker = WorkerProcess::running(self::ECHO);
        $worker->write($bytes);

        self::assertSame(255, $worker->wait());
        self::assertStringContainsString('Uncaught Coyote\Exception\ProtocolException', $worker->stderr());
        self::assertStringContainsString($message, $worker->stderr());
        self::assertSame('', $worker->rest());
    }

    /** A frame with a context and a body, cut at every place at which it can be. */
    public function testAnEndInsideAFrameIsAnError(): void
    {
        $frame = Frames::exec('bo', 'c');
        for ($cut = 1; $cut < \strlen($frame); ++$cut) {
            $worker = WorkerProcess::running(self::ECHO);
            $worker->write(Frames::exec('whole') . \substr($frame, 0, $cut));
            $worker->closeInput();

            self::assertSame(255, $worker->wait(), "cut at $cut");
            self::assertSame(Frames::reply('whole'), $worker->rest(), "cut at $cut");
            [$part, $came, $of] = match (true) {
                $cut < 12 => ['header', $cut, 12],
                $cut < 16 => ['options', $cut - 12, 4],
                default => ['payload', $cut - 16, 3],
            };
            self::assertStringContainsString(
                "The relay ended inside a frame: $came of $of bytes of its $part came",
                $worker->stderr(),
            );
        }
    }

    public function testAnEndBetweenFramesIsAStop(): void
    {
        foreach (['', Frames::control('{"pid":1}'), Frames::exec('x')] as $before) {
            $worker = WorkerProcess::running(self::ECHO . ' fwrite(STDERR, "after the loop");');
            $worker->write($before);
            $worker->closeInput();

            self::assertSame(0, $worker->wait());
            self::assertSame('after the loop', $worker->stderr());
        }
    }

    public function testAServerThatReadsNoMoreIsAnError(): void
    {
        $worker = WorkerProcess::running(self::ECHO);
        $worker->closeRelay();
        $worker->write(Frames::exec('x'));

        self::assertSame(255, $worker->wait());
        self::assertStringContainsString('RelayException: Cannot write to the relay', $worker->stderr());
        self::assertStringContainsString('Broken pipe', $worker->stderr());
    }

    /** Error handlers of applications turn every warning into an exception, those with @ too. */
    public function testAnErrorHandlerOfTheApplicationIsNotAsked(): void
    {
        $worker = WorkerProcess::running(
            'set_error_handler(function ($no, $text) { throw new ErrorException("mine: $text"); }); ' . self::ECHO,
        );
        $worker->closeRelay();
        $worker->write(Frames::exec('x'));

        self::assertSame(255, $worker->wait());
        self::assertStringContainsString('Uncaught Coyote\Exception\RelayException', $worker->stderr());
        self::assertStringNotContainsString('mine:', $worker->stderr());
    }

    public function testASignalDoesNotDisturbTheWait(): void
    {
        $worker = WorkerProcess::running(
            'pcntl_async_signals(true); '
            . 'pcntl_signal(SIGUSR1, function () { fwrite(STDERR, "signal\n"); }, false); '
            . 'fwrite(STDERR, "ready\n"); ' . self::ECHO,
        );
        $worker->awaitStderr("ready\n");
        for ($i = 1; $i <= 3; ++$i) {
            $worker->signal(\SIGUSR1);
            $worker->awaitStderr(\str_repeat("signal\n", $i));
        }

        // Inside a frame the handler may wait for the frame's end, but the frame must not suffer
        $frame = Frames::exec('interrupted', 'c');
        foreach (\str_split($frame, 5) as $part) {
            $worker->write($part);
            $worker->signal(\SIGUSR1);
        }

        self::assertSame(Frames::reply('interrupted', 'c'), $worker->readFrame());
    }

    /** A child of the application may set its inherited end non-blocking, and ours with it. */
    public function testANonBlockingPipeIsWaitedForAsleep(): void
    {
        $worker = WorkerProcess::running(
            'stream_set_blocking(fopen("php://fd/3", "r"), false); fwrite(STDERR, "ready\n"); ' . self::ECHO,
        );
        $worker->awaitStderr("ready\n");
        $worker->awaitAsleep();
        foreach (\str_split(Frames::exec('in pieces', 'c'), 9) as $part) {
            $worker->write($part);
            $worker->awaitAsleep();
        }

        self::assertSame(Frames::reply('in pieces', 'c'), $worker->readFrame());
    }

    /** PHP gives a descriptor that is a socket a time-out, and the worker outlives it. */
    public function testASocketsTimeOutEndsNeitherTheWaitNorAFrame(): void
    {
        foreach (['', \substr(Frames::exec('patience'), 0, 14)] as $came) {
            [$ours, $theirs] = \stream_socket_pair(\STREAM_PF_UNIX, \STREAM_SOCK_STREAM, 0);
            $autoload = \var_export(\dirname(__DIR__, 3) . '/vendor/autoload.php', true);
            $code = "require $autoload; \$worker = Coyote\\Worker::create(); fwrite(STDERR, 'ready'); "
                . "fwrite(STDERR, \$worker->next()?->body ?? 'nothing');";
            $process = \proc_open(
                [\PHP_BINARY, '-d', 'default_socket_timeout=0', '-r', $code],
                [$theirs, ['pipe', 'w'], ['pipe', 'w']],
                $pipes,
                null,
                ['RR_RELAY' => 'pipes://fd/0:fd/1'],
            );
            \fclose($theirs);
            \fwrite($ours, $came);

            // The time-out is none at all, so a worker that it ends has ended by now
            self::assertSame('ready', \fread($pipes[2], 5));
            $read = [$pipes[1]];
            $none = [];
            self::assertSame(0, \stream_select($read, $none, $none, 0, 300000), 'the worker ended');
            \fwrite($ours, \substr(Frames::exec('patience'), \strlen($came)));
            self::assertSame('patience', \stream_get_contents($pipes[2]));
            self::assertSame(0, \proc_close($process));
        }
    }

    public function testPrintedTextKeepsOffTheChannelThoughBuffersWereEnded(): void
    {
        $worker = WorkerProcess::running(
            'foreach ($worker as $p) { echo "seen ", $p->body; '
            . '$worker->send($p->body); while (ob_get_level() > 0) { ob_end_clean(); } }',
            'pipes',
        );
        foreach (['1', '2', '3'] as $body) {
            $worker->write(Frames::exec($body));
            self::assertSame(Frames::reply($body), $worker->readFrame());
        }
        $worker->write(Frames::stop());

        self::assertSame(0, $worker->wait());
        self::assertSame('seen 1seen 2seen 3', $worker->stderr());
    }

    /**
     * @return iterable<string, array{string, string}>
     */
    public static function badAddresses(): iterable
    {
        yield 'the old name' => ['pipe', 'RR_RELAY is "pipe", which this worker cannot use: it takes "pipes"'];
        yield 'unknown' => ['udp://127.0.0.1:6001', 'RR_RELAY is "udp://127.0.0.1:6001", which this worker cannot use'];
        yield 'half' => ['pipes://fd/3', 'which this worker cannot use'];
        yield 'wrong way round' => ['pipes://stdout:stdin', 'which this worker cannot use'];
        yield 'closed' => ['pipes://fd/77:fd/78', 'but fd/77 is not open'];
    }

    #[DataProvider('badAddresses')]
    public function testAnAddressThatCannotBeUsedSaysWhatCan(string $relay, string $message): void
    {
        $worker = WorkerProcess::running(self::ECHO, $relay);

        self::assertSame(255, $worker->wait());
        self::assertStringContainsString($message, $worker->stderr());
    }
}
