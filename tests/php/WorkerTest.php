<?php

declare(strict_types=1);

namespace Coyote\Tests;

use Coyote\Exception\MisuseException;
use Coyote\Payload;
use Coyote\PipeRelay;
use Coyote\Tests\Support\Frames;
use Coyote\Worker;
use PHPUnit\Framework\TestCase;

/**
 * The rules of taking and answering, over a real relay: all that the server says lies there at once, and is its last.
 */
final class WorkerTest extends TestCase
{
    /** @var resource */
    private mixed $output;

    public function testEveryBodyIsGivenThatIsNoStop(): void
    {
        $worker = $this->worker(Frames::exec(''), Frames::exec('0'), Frames::exec("\0"), Frames::stop(), Frames::exec('late'));
        $bodies = [];
        foreach ($worker as $key => $payload) {
            $bodies[] = $payload->body;
            $worker->send();
        }

        self::assertSame(['', '0', "\0"], $bodies);
        self::assertNull($worker->next());
        self::assertNull($worker->next());
    }

    public function testContextAndBodyAreApart(): void
    {
        $payload = $this->worker(Frames::exec('body', 'context'))->next();

        self::assertInstanceOf(Payload::class, $payload);
        self::assertSame(['body', 'context'], [$payload->body, $payload->context]);
    }

    public function testALoopMayBeLeftAndTakenUpAgain(): void
    {
        $worker = $this->worker(Frames::exec('1'), Frames::exec('2'), Frames::exec('3'));
        $bodies = [];
        for ($i = 0; $i < 3; ++$i) {
            foreach ($worker as $payload) {
                $bodies[] = $payload->body;
                $worker->send();
                break;
            }
        }

        self::assertSame(['1', '2', '3'], $bodies);
    }

    public function testSendWithoutAPayload(): void
    {
        $this->expectException(MisuseException::class);
        $this->expectExceptionMessage('send() was called without a payload to answer');
        $this->worker(Frames::exec('x'))->send('OK');
    }

    public function testSendTwice(): void
    {
        $worker = $this->worker(Frames::exec('x'));
        $worker->next();
        $worker->send('one');

        try {
            $worker->send('two');
            self::fail('a second answer was taken');
        } catch (MisuseException $misuse) {
            self::assertStringContainsString('send() was called without a payload', $misuse->getMessage());
        }
        self::assertSame(Frames::reply('one'), $this->written());
    }

    public function testErrorAfterSend(): void
    {
        $worker = $this->worker(Frames::exec('x'));
        $worker->next();
        $worker->send();

        $this->expectException(MisuseException::class);
        $this->expectExceptionMessage('error() was called without a payload to answer');
        $worker->error('late');
    }

    public function testNextBeforeTheAnswer(): void
    {
        $worker = $this->worker(Frames::exec('1'), Frames::exec('2'));
        $worker->next();

        try {
            $worker->next();
            self::fail('a payload was left unanswered');
        } catch (MisuseException $misuse) {
            self::assertStringContainsString('next() was called while the payload before has no answer', $misuse->getMessage());
        }
        $worker->send('still the first');
        self::assertSame('2', $worker->next()?->body);
    }

    public function testALoopThatForgetsToAnswer(): void
    {
        $this->expectException(MisuseException::class);
        foreach ($this->worker(Frames::exec('1'), Frames::exec('2')) as $payload) {
            self::assertSame('1', $payload->body);
        }
    }

    public function testSendAfterTheStop(): void
    {
        $worker = $this->worker(Frames::stop());
        self::assertNull($worker->next());

        $this->expectException(MisuseException::class);
        $worker->send();
    }

    public function testStopGivesThePayloadBackAndIsAskedOnce(): void
    {
        $worker = $this->worker(Frames::exec('1'), Frames::exec('2'), Frames::stop());
        $worker->next();
        $worker->stop();
        $worker->stop();
        self::assertSame(Frames::workerStop(), $this->written());

        self::assertSame('2', $worker->next()?->body);
        $worker->stop();
        self::assertSame(Frames::workerStop() . Frames::workerStop(), $this->written());

        self::assertNull($worker->next());
        $worker->stop();
        self::assertSame(Frames::workerStop() . Frames::workerStop(), $this->written());
    }

    public function testServeEndsByAStopOfTheHandler(): void
    {
        $worker = $this->worker(Frames::exec('1'), Frames::exec('2'));
        $worker->serve(static function () use ($worker): null {
            $worker->send('one');
            $worker->stop();

            return null;
        });
        self::assertSame(Frames::reply('one') . Frames::workerStop(), $this->written());
    }

    public function testForeachEndsByAStop(): void
    {
        $worker = $this->worker(Frames::exec('1'), Frames::exec('2'));
        foreach ($worker as $payload) {
            self::assertSame('1', $payload->body);
            $worker->stop();
        }
        self::assertSame(Frames::workerStop(), $this->written());
    }

    public function testErrorTellsOfTheExceptionAndItsCauses(): void
    {
        $worker = $this->worker(Frames::exec('x'));
        $worker->next();
        $line = __LINE__ + 1;
        $worker->error(new \RuntimeException('outer', 0, new \DomainException('inner')));

        $message = \substr($this->written(), 12);
        self::assertStringStartsWith('RuntimeException: outer in ' . __FILE__ . ":$line\n#0 ", $message);
        self::assertStringContainsString('Caused by DomainException: inner in ' . __FILE__ . ":$line\n#0 ", $message);
        self::assertStringContainsString(__FUNCTION__, $message);
    }

    public function testServeSendsWhatTheHandlerMakes(): void
    {
        $worker = $this->worker(Frames::exec('a', 'c'), Frames::exec('b'), Frames::exec('c'), Frames::stop());
        $worker->serve(static fn (Payload $payload): string|Payload|null => match ($payload->body) {
            'a' => 'text',
            'b' => new Payload('body', 'context'),
            default => null,
        });

        self::assertSame(Frames::reply('text') . Frames::reply('body', 'context') . Frames::reply(''), $this->written());
    }

    public function testServeLivesThroughExceptionsAndErrors(): void
    {
        $worker = $this->worker(Frames::exec('throw'), Frames::exec('error'), Frames::exec('array'), Frames::exec('fine'));
        $worker->serve(static fn (Payload $payload): mixed => match ($payload->body) {
            'throw' => throw new \DomainException('no such tick'),
            'error' => \intdiv(1, 0),
            'array' => [],
            'fine' => 'OK',
        });

        $frames = Frames::split($this->written());
        self::assertCount(4, $frames);
        self::assertStringContainsString('DomainException: no such tick', $frames[0]);
        self::assertStringContainsString('DivisionByZeroError: Division by zero', $frames[1]);
        self::assertStringContainsString('returned array; it must return a string, a Payload or null', $frames[2]);
        self::assertSame(["\x13\x40", "\x13\x40", "\x13\x40"], \array_map(
            static fn (string $frame): string => \substr($frame, 0, 2),
            \array_slice($frames, 0, 3),
        ));
        self::assertSame(Frames::reply('OK'), $frames[3]);
    }

    public function testServeLetsTheHandlerAnswerByItself(): void
    {
        $worker = $this->worker(Frames::exec('1'), Frames::exec('2'), Frames::exec('3'));
        $worker->serve(static function (Payload $payload) use ($worker): ?string {
            match ($payload->body) {
                '1' => $worker->send('mine'),
                '2' => $worker->error('mine too'),
                '3' => $worker->stop(),
            };

            return null;
        });

        self::assertSame(Frames::reply('mine') . Frames::error('mine too') . Frames::workerStop(), $this->written());
    }

    /** The payload has its answer, so there is nobody to tell but the log. */
    public function testServeLogsWhatGoesWrongAfterTheAnswer(): void
    {
        $log = (string) \tempnam(\sys_get_temp_dir(), 'coyote');
        $before = \ini_set('error_log', $log);
        try {
            $worker = $this->worker(Frames::exec('1'), Frames::exec('2'), Frames::exec('3'));
            $worker->serve(static function (Payload $payload) use ($worker): ?string {
                $worker->send($payload->body);

                return match ($payload->body) {
                    '1' => throw new \DomainException('too late'),
                    '2' => 'and again',
                    default => null,
                };
            });
            $logged = (string) \file_get_contents($log);
        } finally {
            \ini_set('error_log', (string) $before);
            \unlink($log);
        }

        self::assertSame(Frames::reply('1') . Frames::reply('2') . Frames::reply('3'), $this->written());
        self::assertStringContainsString('DomainException: too late', $logged);
        self::assertStringContainsString('The handler answered by itself and returned an answer too.', $logged);
    }

    private function worker(string ...$frames): Worker
    {
        [$server, $input] = \stream_socket_pair(\STREAM_PF_UNIX, \STREAM_SOCK_STREAM, 0);
        \fwrite($server, \implode('', $frames));
        \fclose($server);
        $this->output = \fopen('php://temp', 'w+');

        return Worker::create(new PipeRelay($input, $this->output));
    }

    private function written(): string
    {
        return (string) \stream_get_contents($this->output, -1, 0);
    }
}
