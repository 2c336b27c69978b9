<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use Coyote\Tests\E2e\Support\Ended;
use PHPUnit\Framework\TestCase;

/**
 * What becomes of an event, whatever the script does with it, and that the next one is served.
 */
final class OutcomeEmbedTest extends TestCase
{
    private const LOOP = 'while (($body = receive($context)) !== null) {
        $tick = json_decode($body)->tick;
        %s
        send("OK");
    }';

    /** The second event meets $code; the others are answered. */
    private static function serve(string $code, string $before = '', string $command = 'php app.php'): Ended
    {
        $script = $before . sprintf(self::LOOP, "if (\$tick === 1) { $code }");
        return (new EmbedServer($script, ['count' => 4, 'workers.command' => $command]))->run();
    }

    public function testThreeTicksAndTheEnd(): void
    {
        $server = new EmbedServer('while (($body = receive($context)) !== null) {
            file_put_contents("ticks.txt", $body . $context . "\n", FILE_APPEND);
            send("OK");
        }');
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['ok', 'ok', 'ok'], array_values($ended->outcomes()));
        self::assertMatchesRegularExpression(
            '/^\{"tick": 0\}\{"lastTick": 0\}\n\{"tick": 1\}\{"lastTick": \d{10}\}\n\{"tick": 2\}\{"lastTick": \d{10}\}\n$/',
            $server->read('ticks.txt'),
        );
        self::assertSame([], $ended->texts('warning'));
        self::assertSame([], $ended->texts('error'));
    }

    /** The limit holds both ways, as it does for worker processes; the script lives on. */
    public function testAnAnswerAboveTheLimitIsAnError(): void
    {
        $server = new EmbedServer(
            'while (($body = receive()) !== null) { send(str_repeat("x", json_decode($body)->tick === 1 ? 60 : 50), "1234"); }',
            ['workers.max_payload_size' => 54],
        );
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([
            'ok',
            'error: the answer: the payload has 4 + 60 bytes (context + body), the limit is 54: '
                . 'raise workers.max_payload_size or send less',
            'ok',
        ], array_values($ended->outcomes()));
    }

    /** @return iterable<string, array{string, string}> */
    public static function deaths(): iterable
    {
        yield 'exception' => [
            'throw new RuntimeException("boom");',
            '~^crashed: PHP Fatal error: Uncaught RuntimeException: boom in \S+/app\.php:5$~',
        ];
        yield 'fatal error' => [
            'undefined_function();',
            '~^crashed: PHP Fatal error: Uncaught Error: Call to undefined function undefined_function\(\) in \S+:5$~',
        ];
        yield 'user error' => [
            'trigger_error("no more", E_USER_ERROR);',
            '~^crashed: PHP Fatal error: no more in \S+/app\.php on line 5$~',
        ];
        yield 'compile error' => [
            'eval("class A {} class A {}");',
            '~^crashed: PHP Fatal error: Cannot declare class A, .* in \S+~',
        ];
        yield 'parse error' => [
            'file_put_contents("broken.php", "<?php if if;"); require "broken.php";',
            '~^crashed: PHP Parse error: .*unexpected.* in \S+/broken\.php on line 1$~',
        ];
        yield 'memory limit' => [
            'ini_set("memory_limit", "8M"); $all = ""; while (true) { $all .= str_repeat("x", 100000); }',
            '~^crashed: PHP Fatal error: Allowed memory size of 8388608 bytes exhausted .* in \S+/app\.php on line 5$~',
        ];
        yield 'exit(3)' => [
            'exit(3);',
            '~^crashed: the script ended by exit\(3\) while it had the event, without answering it$~',
        ];
        yield 'die' => [
            'die("last words");',
            '~^crashed: the script ended while it had the event, without answering it$~',
        ];
        yield 'return' => [
            'return;',
            '~^crashed: the script ended while it had the event, without answering it$~',
        ];
        yield 'exception in a shutdown function' => [
            'register_shutdown_function(function () { throw new LogicException("late"); }); throw new Error("early");',
            '~^crashed: PHP Fatal error: Uncaught Error: early in ~',
        ];
        yield 'only the shutdown function fails' => [
            'register_shutdown_function(function () { throw new LogicException("late"); }); exit;',
            '~^crashed: PHP Fatal error: Uncaught LogicException: late in ~',
        ];
        yield 'destructor' => [
            '$GLOBALS["kept"] = new class { function __destruct() { throw new LogicException("at the end"); } }; exit(4);',
            '~^crashed: .*(exit\(4\)|at the end)~',
        ];
        yield 'exception handler of its own' => [
            'set_exception_handler(fn ($e) => print "handled " . $e->getMessage() . "\n"); throw new Error("mine");',
            '~^crashed: the script ended .*while it had the event~',
        ];
        yield 'a time limit of its own' => [
            'set_time_limit(1); while (true) { }',
            '~^crashed: PHP Fatal error: Maximum execution time of 1 second exceeded in ~',
        ];
        yield 'output callback that fails' => [
            'ob_start(function () { throw new Error("in the buffer"); }); echo "x"; exit;',
            '~^crashed: .*in the buffer~',
        ];
    }

    /** @dataProvider deaths */
    public function testADeathIsTheEventsOutcomeAndTheNextOneIsServed(string $code, string $outcome): void
    {
        $ended = self::serve($code);
        $outcomes = $ended->outcomes();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame('ok', $outcomes[0] ?? null, $ended->log);
        self::assertMatchesRegularExpression($outcome, $outcomes[1] ?? '');
        self::assertSame('ok', end($outcomes), $ended->log);
        self::assertGreaterThan(2, count($outcomes));
    }

    public function testAShutdownFunctionMayStillAnswer(): void
    {
        $ended = self::serve('register_shutdown_function(fn () => error("too late for this one")); exit(7);');
        self::assertSame('error: too late for this one', $ended->outcomes()[1] ?? null, $ended->log);
        $ended = self::serve('register_shutdown_function(fn () => send("saved")); undefined_function();');
        self::assertSame('ok', $ended->outcomes()[1] ?? null, $ended->log);
    }

    public function testAnAnswerCountsThoughTheScriptDiesAfterIt(): void
    {
        $ended = self::serve('send("OK"); throw new RuntimeException("after the answer");');
        self::assertSame('ok', $ended->outcomes()[1] ?? null, $ended->log);
        self::assertCount(1, $ended->textsWith('error', 'after the answer'));
    }

    public function testErrorIsTheApplicationsNo(): void
    {
        $ended = self::serve('error("not today \"' . "\u{e9}" . '\""); continue;');
        self::assertSame("error: not today \"\u{e9}\"", $ended->outcomes()[1] ?? null, $ended->log);
        self::assertCount(1, $ended->textsWith('info', 'serving:'), 'the script runs on');
        self::assertSame([], $ended->textsWith('debug', 'starts again'));
    }

    public function testAnUnansweredEventIsAnError(): void
    {
        $ended = self::serve('continue;');
        self::assertStringStartsWith(
            'error: the script asked for the next event without answering this one',
            $ended->outcomes()[1] ?? '',
        );
        self::assertSame('ok', $ended->outcomes()[2] ?? null);
    }

    public function testMisuseIsALogicException(): void
    {
        $ended = self::serve(
            'send("once"); foreach (["send", "error"] as $f) {
                try { ("Coyote\\\\Embed\\\\" . $f)("twice"); } catch (LogicException $e) { echo $e->getMessage(), "\n"; }
            } continue;',
            'try { send("early"); } catch (LogicException $e) { echo $e->getMessage(), "\n"; }',
        );
        self::assertSame(['ok', 'ok', 'ok', 'ok'], array_values($ended->outcomes()), $ended->log);
        self::assertCount(1, $ended->textsWith('info', 'Embed\send(): there is no event to answer: call receive() first'));
        self::assertCount(1, $ended->textsWith('info', 'Embed\send(): this event is answered already'));
        self::assertCount(1, $ended->textsWith('info', 'Embed\error(): this event is answered already'));
    }

    public function testStopWithAnEventInHandGivesItToTheNextRun(): void
    {
        $ended = self::serve('if (!is_file("stopped")) { touch("stopped"); stop(); exit; }');
        self::assertSame('ok', $ended->outcomes()[1] ?? null, $ended->log);
        self::assertCount(1, $ended->textsWith('debug', 'starts again'));
    }

    public function testStopEndsTheLoopAndTheScriptStartsAfresh(): void
    {
        $ended = self::serve('send("OK"); stop(); continue;', 'echo "begin\n";');
        self::assertSame(['ok', 'ok', 'ok', 'ok'], array_values($ended->outcomes()), $ended->log);
        self::assertCount(2, $ended->textsWith('info', 'begin'));
    }

    public function testMaxJobsStartsTheScriptAfresh(): void
    {
        $server = new EmbedServer(
            'echo "begin\n"; $n = 0; while (receive() !== null) { $n++; send(); } echo "served $n\n";',
            ['count' => 5, 'workers.pool.max_jobs' => 2],
        );
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['served 2', 'served 2', 'served 1'], $ended->textsWith('info', 'served '));
        self::assertSame(['ok', 'ok', 'ok', 'ok', 'ok'], array_values($ended->outcomes()));
    }

    public function testAChildThatTheScriptForksIsNoSecondServer(): void
    {
        $server = new EmbedServer('echo "begin\n"; while (receive() !== null) {
                if (function_exists("pcntl_fork") && ($child = pcntl_fork()) === 0) {
                    register_shutdown_function(fn () => file_put_contents("children", "x", FILE_APPEND));
                    exit(receive() === null ? 5 : 6);
                }
                isset($child) && pcntl_waitpid($child, $status) && print "child " . pcntl_wexitstatus($status) . "\n";
                send("OK");
            }', ['count' => 3]);
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['ok', 'ok', 'ok'], array_values($ended->outcomes()), $ended->log);
        self::assertCount(1, $ended->textsWith('info', 'begin'));
        self::assertCount(strlen($server->read('children')), $ended->textsWith('info', 'child 5'), $ended->log);
        self::assertSame(3, substr_count($ended->log, '"event '), $ended->log);
    }

    public function testAnyBytesAsAnAnswer(): void
    {
        $ended = self::serve('$all = implode("", array_map(chr(...), range(0, 255))); error($all); continue;');
        self::assertStringStartsWith("error: \0\1\2", $ended->outcomes()[1] ?? '');
        $ended = self::serve('send(str_repeat("\0", 20_000_000), "\0"); continue;');
        self::assertSame('ok', $ended->outcomes()[1] ?? null, $ended->log);
    }
}
