<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

/**
 * The server's side of one worker: a real php process, joined by real pipes or a real socket.
 *
 * Every wait gives up after DEADLINE with what the process printed, so a worker that hangs or
 * spins fails its test.
 */
final class WorkerProcess
{
    public const ON_DESCRIPTORS = 'pipes://fd/3:fd/4';

    private const DEADLINE = 30.0;

    /** @var resource */
    private mixed $process;

    /** @var resource|null */
    private mixed $input;

    /** @var array<string, resource> what the process writes: relay, stdout, stderr */
    private array $outputs;

    /** @var array<string, string> */
    private array $received = ['relay' => '', 'stdout' => '', 'stderr' => ''];

    /** The PHP process's own id. */
    public readonly int $pid;

    /**
     * @param list<string>               $arguments of php
     * @param array<string, string|null> $environment over the tests' own; null unsets
     */
    public function __construct(
        array $arguments,
        array $environment = [],
        ?string $directory = null,
        ?string $relay = self::ON_DESCRIPTORS,
        bool $listens = true,
    ) {
        $own = $relay === self::ON_DESCRIPTORS;
        $isSocket = $listens && \preg_match('~^(unix|tcp):~', (string) $relay) === 1;
        $server = $isSocket ? \stream_socket_server((string) $relay) : null;
        if (\is_resource($server) && \str_starts_with((string) $relay, 'tcp:')) {
            $relay = 'tcp://' . \stream_socket_get_name($server, false);
        }
        $descriptors = [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']];
        if ($own) {
            $descriptors += [3 => ['pipe', 'r'], 4 => ['pipe', 'w']];
        } else {
            $descriptors[0] = ['pipe', 'r'];
        }

        $variables = \array_filter(
            ['RR_RELAY' => $relay] + $environment + \getenv(),
            static fn (?string $value): bool => $value !== null,
        );
        $command = [\PHP_BINARY, '-d', 'display_errors=stderr', '-d', 'log_errors=0', ...$arguments];
        $process = \proc_open($command, $descriptors, $pipes, $directory, $variables);
        if ($process === false) {
            throw new \RuntimeException('cannot start php');
        }

        $this->process = $process;
        $this->pid = \proc_get_status($process)['pid'];
        $this->input = $own ? $pipes[3] : $pipes[0];
        $this->outputs = $own
            ? ['relay' => $pipes[4], 'stdout' => $pipes[1], 'stderr' => $pipes[2]]
            : ['relay' => $pipes[1], 'stderr' => $pipes[2]];

        if (\is_resource($server)) {
            \fclose($this->input);
            $this->input = \stream_socket_accept($server, self::DEADLINE);
            $this->outputs = ['relay' => $this->input, 'stdout' => $pipes[1], 'stderr' => $pipes[2]];
        }

        \stream_set_blocking($this->input, false);
        foreach ($this->outputs as $output) {
            \stream_set_blocking($output, false);
        }
    }

    /** A process that runs PHP code in which $worker is a Coyote\Worker. */
    public static function running(
        string $code,
        ?string $relay = self::ON_DESCRIPTORS,
        string $ini = 'max_execution_time=0',
        bool $listens = true,
    ): self {
        $autoload = \var_export(\dirname(__DIR__, 3) . '/vendor/autoload.php', true);
        $arguments = ['-d', $ini, '-r', "require $autoload; \$worker = Coyote\\Worker::create(); $code"];

        return new self($arguments, relay: $relay, listens: $listens);
    }

    public function __destruct()
    {
        if (\is_resource($this->process)) {
            \proc_terminate($this->process, 9);
        }
    }

    /** Gives all bytes to the worker, taking meanwhile what it writes. */
    public function write(string $bytes): void
    {
        $deadline = \microtime(true) + self::DEADLINE;
        for ($sent = 0; $sent < \strlen($bytes); $sent += $written) {
            $written = $this->input === null ? false : @\fwrite($this->input, \substr($bytes, $sent, 1 << 16));
            if ($written === false) {
                throw new \RuntimeException('the worker does not read any more. ' . $this->story());
            }
            if ($sent + $written < \strlen($bytes)) {
                $this->pump($deadline, true);
            }
        }
    }

    public function closeInput(): void
    {
        if ($this->input !== null) {
            $both = \in_array($this->input, $this->outputs, true);
            $both ? \stream_socket_shutdown($this->input, \STREAM_SHUT_WR) : \fclose($this->input);
            $this->input = null;
        }
    }

    /** Closes the end on which the worker's answers come; of a socket both. */
    public function closeRelay(): void
    {
        $this->input = $this->input === $this->outputs['relay'] ? null : $this->input;
        \fclose($this->outputs['relay']);
        unset($this->outputs['relay']);
    }

    /** The next bytes on the relay; fewer only if the worker closed it. */
    public function read(int $size): string
    {
        $this->waitFor(fn (): bool => \strlen($this->received['relay']) >= $size || !isset($this->outputs['relay']));
        $bytes = \substr($this->received['relay'], 0, $size);
        $this->received['relay'] = \substr($this->received['relay'], \strlen($bytes));

        return $bytes;
    }

    /** The bytes of the next whole frame. */
    public function readFrame(): string
    {
        $header = $this->read(12);
        if (\strlen($header) < 12) {
            return $header;
        }
        $parts = \unpack('Csize/Cflags/Vlength', $header);

        return $header . $this->read((($parts['size'] & 0x0f) - 3) * 4 + $parts['length']);
    }

    /** Waits for the end of the process: its exit code, or 128 and the signal that ended it. */
    public function wait(): int
    {
        $this->waitFor(fn (): bool => $this->outputs === []);

        $deadline = \microtime(true) + self::DEADLINE;
        do {
            $status = \proc_get_status($this->process);
        } while ($status['running'] && \microtime(true) < $deadline && \usleep(1000) === null);

        return $status['signaled'] ? 128 + $status['termsig'] : $status['exitcode'];
    }

    /** What has come on the relay and was not read. */
    public function rest(): string
    {
        return $this->received['relay'];
    }

    public function stdout(): string
    {
        return $this->received['stdout'];
    }

    public function stderr(): string
    {
        return $this->received['stderr'];
    }

    public function signal(int $signal): void
    {
        \proc_terminate($this->process, $signal);
    }

    /** Waits until the process has printed the text on standard error. */
    public function awaitStderr(string $text): void
    {
        $this->waitFor(fn (): bool => \str_contains($this->received['stderr'], $text));
    }

    /** Waits until the process sleeps, and goes on to: one that spins is found running soon. */
    public function awaitAsleep(): void
    {
        $deadline = \microtime(true) + self::DEADLINE;
        for ($asleep = 0; $asleep < 200; ++$asleep) {
            if (\explode(' ', (string) \file_get_contents("/proc/$this->pid/stat"))[2] !== 'S') {
                $asleep = 0;
            }
            if (\microtime(true) > $deadline) {
                throw new \RuntimeException('the worker does not sleep. ' . $this->story());
            }
        }
    }

    /**
     * @param \Closure(): bool $done
     */
    private function waitFor(\Closure $done): void
    {
        $deadline = \microtime(true) + self::DEADLINE;
        while (!$done()) {
            if ($this->outputs === []) {
                throw new \RuntimeException('the worker has ended. ' . $this->story());
            }
            $this->pump($deadline, false);
        }
    }

    private function pump(float $deadline, bool $writing): void
    {
        $left = $deadline - \microtime(true);
        if ($left <= 0) {
            \proc_terminate($this->process, 9);

            throw new \RuntimeException('the worker did not do its part in time. ' . $this->story());
        }

        $read = \array_values($this->outputs);
        $write = $writing && $this->input !== null ? [$this->input] : [];
        $except = [];
        \stream_select($read, $write, $except, (int) $left, (int) (($left - (int) $left) * 1e6));

        foreach ($this->outputs as $name => $output) {
            $piece = \in_array($output, $read, true) ? \fread($output, 65536) : '';
            $this->received[$name] .= (string) $piece;
            if (\feof($output)) {
                \fclose($output);
                unset($this->outputs[$name]);
            }
        }
    }

    private function story(): string
    {
        return \sprintf("It printed: %s%s", $this->received['stdout'], $this->received['stderr']);
    }
}
