<?php

declare(strict_types=1);

namespace Coyote\Tests\Goridge;

use Coyote\Tests\Support\Frames;
use Coyote\Tests\Support\WorkerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * Plays the server's part of recorded conversations and compares the worker's, byte for byte, with
 * what the recorded worker of RoadRunner (3.4) wrote.
 */
final class TranscriptTest extends TestCase
{
    private const ECHO = '$worker->send($p->body, $p->context);';
    private const OK = '$worker->send("OK");';

    /** What our worker does for each payload, to do as the recorded one did. */
    private const HANDLERS = [
        'handshake_then_stop' => self::OK,
        'stop_before_pid' => self::OK,
        'exec_before_pid' => self::OK,
        'pid_asked_twice' => self::OK,
        'exec_reply_ok_null_context' => self::OK,
        'exec_reply_with_context' => '$worker->send("OK", \'{"status":200}\');',
        'echo_context_and_body' => self::ECHO,
        'echo_empty_context' => self::ECHO,
        'echo_empty_body' => self::ECHO,
        'echo_both_empty' => self::ECHO,
        'reply_empty' => '$worker->send();',
        'reply_context_only' => '$worker->send("", "ctx");',
        'echo_body_zero_digit' => self::ECHO,
        'echo_binary_256' => self::ECHO,
        'echo_utf8' => self::ECHO,
        'echo_1mib' => self::ECHO,
        'echo_1mib_context' => self::ECHO,
        'echo_body_8179' => self::ECHO,
        'echo_body_8180' => self::ECHO,
        'echo_body_8181' => self::ECHO,
        'echo_body_65519' => self::ECHO,
        'echo_body_65520' => self::ECHO,
        'echo_body_65521' => self::ECHO,
        'worker_error_boom' => 'if ($p->body === "1") { $worker->error("boom"); continue; } ' . self::OK,
        'worker_error_empty_text' => '$worker->error("");',
        'worker_error_binary' => '$worker->error("a\0b\xff\n");',
        'worker_stop_then_waits' => '$worker->stop();',
        'worker_stop_then_returns' => '$worker->stop(); return;',
        'worker_stop_then_exec' => 'if ($p->body === "1") { $worker->stop(); continue; } ' . self::OK,
        'pipelined_5' => self::ECHO,
        'pipelined_pid_5_stop' => self::ECHO,
        'pipelined_20_straddling_8192' => self::ECHO,
        'stop_and_pong_when_idle' => self::OK,
        'stop_and_pong_with_option' => self::OK,
        'echo_in_handler' => 'echo "hello from echo\n"; ' . self::OK,
        'print_r_var_dump_in_handler' => 'print_r([1]); var_dump(true); ' . self::OK,
        'printf_php_output_in_handler' => 'file_put_contents("php://output", "via php://output"); ' . self::OK,
        'php_stdout_in_handler' => 'file_put_contents("php://stdout", "raw stdout\n"); ' . self::OK,
        'fwrite_STDOUT_in_handler' => 'fwrite(STDOUT, "raw STDOUT\n"); ' . self::OK,
        'system_in_handler' => 'system("echo from child"); ' . self::OK,
        'passthru_proc_open_in_handler' => 'proc_close(proc_open("echo from child", [], $pipes)); ' . self::OK,
        'echo_after_reply' => self::OK . ' echo "late";',
        'ob_start_in_handler' => 'ob_start(); echo "kept"; $x = ob_get_clean(); fwrite(STDERR, "[$x]"); ' . self::OK,
        'exit_3' => 'exit(3);',
        'exit_0' => 'exit(0);',
        'exit_text' => 'exit("bye");',
        'exit_3_after_reply' => self::OK . ' exit(3);',
        'sigkill_self' => 'posix_kill(getmypid(), 9);',
        'worker_returns_without_reply' => 'return;',
        'two_options' => self::ECHO,
        'ten_options' => self::ECHO,
        'exec_flag_raw' => self::ECHO,
        'exec_flag_json' => self::ECHO,
        'exec_flag_msgpack' => self::ECHO,
        'exec_flag_gob' => self::ECHO,
        'exec_flag_proto' => self::ECHO,
        'exec_flag_error' => self::ECHO,
        'stop_without_json_flag' => self::OK,
        'stop_with_option' => self::OK,
        'control_unknown_key' => self::OK,
        'control_stop_false' => self::OK,
        'control_pid_zero' => self::OK,
        'control_not_json' => self::OK,
        'control_scalar' => self::OK,
        'control_empty' => self::OK,
        'control_empty_object' => self::OK,
        'control_pid_and_stop' => self::OK,
        'zero_options' => self::ECHO,
        'zero_options_empty' => self::ECHO,
        'option_and_payload_split' => self::ECHO,
        'relay_fd34' => 'echo "to stderr"; fwrite(STDOUT, "to stdout"); ' . self::OK,
        'relay_unset' => self::OK,
        'relay_bad' => self::OK,
    ];

    /** Where what the worker printed is the recorded text too, but on another stream. */
    private const PRINTED = ['relay_fd34' => 'to stderrto stdoutto stderrto stdout'];

    /**
     * @return iterable<string, array{array<string, mixed>, string, string|null}>
     */
    public static function conversations(): iterable
    {
        $file = \dirname(__DIR__, 2) . '/fixtures/goridge/v3.4.json';
        $recorded = \json_decode((string) \file_get_contents($file), true, 512, \JSON_THROW_ON_ERROR);
        $scenarios = \array_column($recorded['scenarios'], null, 'name');

        foreach (self::HANDLERS as $name => $handler) {
            $relay = $name === 'relay_unset' ? null : $scenarios[$name]['relay'] ?? 'pipes';
            yield "$name, as recorded" => [$scenarios[$name], $handler, $relay];
        }
        foreach (self::HANDLERS as $name => $handler) {
            if (\str_starts_with($name, 'echo_') && $handler === self::ECHO) {
                yield "$name, on descriptors" => [$scenarios[$name], $handler, WorkerProcess::ON_DESCRIPTORS];
            }
        }
    }

    /**
     * @param array<string, mixed> $scenario
     */
    #[DataProvider('conversations')]
    public function testAnswersAsRecorded(array $scenario, string $handler, ?string $relay): void
    {
        // by next(), as the recorded workers do: a foreach ends by a stop of its own
        $worker = WorkerProcess::running("while ((\$p = \$worker->next()) !== null) { $handler }", $relay);

        foreach ($scenario['steps'] as $step) {
            if ($step['dir'] === '>') {
                $worker->write($this->bytes($step));
                ($step['eof'] ?? false) && $worker->closeInput();
            } elseif (!isset($step['silence_ms']) && !($step['eof'] ?? false)) {
                $expected = $this->bytes($step);
                if (isset($step['pid'])) {
                    $expected = Frames::pidReply($worker->pid);
                }
                $this->assertSameBytes($expected, $worker->read(\strlen($expected)));
            }
        }
        $worker->closeInput();

        $status = $worker->wait();
        self::assertSame($scenario['exit_code'] ?? 128 + $scenario['signal'], $status, $worker->stderr());
        self::assertSame('', \bin2hex($worker->rest()));

        if ($status === 0 || $status === 3) {
            $printed = self::PRINTED[$scenario['name']] ?? $scenario['stderr'];
            self::assertSame($printed, $worker->stdout() . $worker->stderr());
        }
    }

    /**
     * @param array<string, mixed> $step
     */
    private function bytes(array $step): string
    {
        $bytes = '';
        foreach ($step['parts'] ?? [['hex' => $step['hex']]] as $part) {
            $bytes .= isset($part['gen']) ? self::generate($part['gen']) : \hex2bin($part['hex']);
        }
        if (isset($step['sha256'])) {
            self::assertSame($step['sha256'], \hash('sha256', $bytes));
        }

        return $bytes;
    }

    private static function generate(int $length): string
    {
        $bytes = '';
        for ($i = 0; $i < $length; ++$i) {
            $bytes .= \chr(($i * 7 + ($i >> 8)) & 255);
        }

        return $bytes;
    }

    private function assertSameBytes(string $expected, string $actual): void
    {
        // Megabytes in hex would drown the message
        $show = static fn (string $bytes): string => \strlen($bytes) > 2048 ? \hash('sha256', $bytes) : \bin2hex($bytes);
        self::assertSame($show($expected), $show($actual));
    }
}
