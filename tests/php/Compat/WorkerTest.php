<?php

declare(strict_types=1);

namespace Coyote\Tests\Compat;

use Coyote\Tests\Support\Frames;
use Coyote\Tests\Support\WorkerProcess;
use PHPUnit\Framework\TestCase;

/**
 * The Worker in the form of RoadRunner 1, under its name, over pipes.
 */
final class WorkerTest extends TestCase
{
    public function testReceiveSendErrorStop(): void
    {
        $worker = $this->worker(
            'while (($body = $rr->receive($context)) !== null) {
                fwrite(STDERR, json_encode([$body, $context]));
                match ($body) {
                    "send" => $rr->send("OK", "c"),
                    "null" => $rr->send(null, null),
                    "error" => $rr->error("boom"),
                    "stop" => $rr->stop(),
                    default => $rr->send($body),
                };
            }
            fwrite(STDERR, json_encode($context));',
        );
        foreach ([['send', 'c1'], ['null', ''], ['error', ''], ['', 'only context'], ['0', ''], ['stop', '']] as $payload) {
            $worker->write(Frames::exec(...$payload));
        }
        $worker->write(Frames::stop());

        self::assertSame(0, $worker->wait(), $worker->stderr());
        self::assertSame(
            [
                Frames::reply('OK', 'c'),
                Frames::reply(''),
                Frames::error('boom'),
                Frames::reply(''),
                Frames::reply('0'),
                Frames::workerStop(),
            ],
            Frames::split($worker->rest()),
        );
        self::assertSame(
            '["send","c1"]["null",""]["error",""]["","only context"]["0",""]["stop",""]null',
            $worker->stderr(),
        );
    }

    /** Containers may make it anew for each who asks; the channel is one. */
    public function testAllOfAProcessShareTheChannel(): void
    {
        $worker = $this->worker(
            '$rr->receive(); $other = new Spiral\RoadRunner\Worker(); $other->send("1"); '
            . '$rr->send($other->receive()); Coyote\Worker::create()->next(); $rr->send("3");',
        );
        $worker->write(Frames::exec('1') . Frames::exec('2') . Frames::exec('3'));

        self::assertSame(0, $worker->wait(), $worker->stderr());
        self::assertSame(Frames::reply('1') . Frames::reply('2') . Frames::reply('3'), $worker->rest());
    }

    public function testOutOfTurn(): void
    {
        $worker = $this->worker('$rr->receive(); $rr->receive();');
        $worker->write(Frames::exec('1') . Frames::exec('2'));

        self::assertSame(255, $worker->wait());
        self::assertStringContainsString('MisuseException', $worker->stderr());
    }

    private function worker(string $code): WorkerProcess
    {
        $compat = \var_export(\dirname(__DIR__, 3) . '/php/compat/autoload.php', true);

        return WorkerProcess::running("require $compat; \$rr = new Spiral\\RoadRunner\\Worker(); $code");
    }
}
