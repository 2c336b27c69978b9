<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

/**
 * A server in a folder of its own, where its config and its scripts lie. Whatever is waited for, the
 * wait gives up after SECONDS and shows the log.
 */
final class ServerProcess
{
    private const SECONDS = 30;

    public readonly string $folder;

    /** @var resource|null */
    private mixed $process = null;
    /** @var array<int, resource> */
    private array $pipes = [];
    private int $pid = 0;
    private string $log = '';
    private string $output = '';
    private bool $readsLog = true;

    /** @param list<string> $before words before the command, such as valgrind and its options */
    public function __construct(private readonly array $before = [])
    {
        $this->folder = \sys_get_temp_dir() . '/coyote-e2e-' . \bin2hex(\random_bytes(6));
        \mkdir($this->folder);
    }

    public function __destruct()
    {
        if ($this->process !== null) {
            \proc_terminate($this->process, \SIGKILL);
            $this->wait();
        }
        $this->remove($this->folder);
    }

    /** A script for `php app.php` that answers each payload with what the body of the loop does. */
    public static function worker(string $loop): string
    {
        return "<?php\n"
            . 'require ' . \var_export(\dirname(__DIR__, 3) . '/php/autoload.php', true) . ";\n"
            . '$worker = Coyote\Worker::create();' . "\n"
            . 'while (($payload = $worker->next()) !== null) {' . "\n"
            . '    $tick = json_decode($payload->body)->tick;' . "\n"
            . $loop . "\n}\n";
    }

    /** @return $this */
    public function write(string $name, string $text): self
    {
        \file_put_contents($this->folder . '/' . $name, $text);

        return $this;
    }

    public function read(string $name): string
    {
        $path = $this->folder . '/' . $name;

        return \is_file($path) ? (string) \file_get_contents($path) : '';
    }

    /**
     * @param list<string>               $arguments
     * @param array<string, string|null> $environment over the tests' own; null unsets
     *
     * @return $this
     */
    public function start(array $arguments, array $environment = [], ?string $directory = null): self
    {
        $binary = \getenv('COYOTE_BINARY');
        if ($binary === false) {
            throw new \RuntimeException('COYOTE_BINARY is not set: it names the binary to test');
        }
        $process = \proc_open(
            [...$this->before, $binary, ...$arguments],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $this->pipes,
            $directory ?? $this->folder,
            \array_filter($environment + \getenv(), static fn (?string $value): bool => $value !== null),
        );
        if ($process === false) {
            throw new \RuntimeException("$binary does not start");
        }
        $this->process = $process;
        $this->pid = 0;
        $this->log = '';
        $this->output = '';
        \array_map(static fn (mixed $pipe): bool => \stream_set_blocking($pipe, false), $this->pipes);

        return $this;
    }

    /**
     * `serve` with a log that can be taken apart.
     *
     * @param list<string>          $arguments
     * @param array<string, string> $environment
     *
     * @return $this
     */
    public function serve(array $arguments = [], array $environment = []): self
    {
        return $this->start(
            ['serve', '--log-format', 'json', '--log-level', 'debug', ...$arguments],
            $environment,
        );
    }

    /**
     * Runs it to its end.
     *
     * @param list<string>               $arguments
     * @param array<string, string|null> $environment
     */
    public function run(array $arguments, array $environment = [], ?string $directory = null): Ended
    {
        return $this->start($arguments, $environment, $directory)->wait();
    }

    /**
     * Sends the signal again and again, as somebody without patience, until it has ended.
     *
     * @param (callable(): void)|null $send in place of sending it to what was started
     */
    public function insist(int $signal, ?callable $send = null): Ended
    {
        return $this->end($send ?? fn () => $this->signal($signal));
    }

    /**
     * Of what was started, which with words before the command is the first of those. To be asked for the
     * first time while it runs: before PHP 8.3 an exit code is told once, and `end` wants it.
     */
    public function pid(): int
    {
        if ($this->pid === 0 && $this->process !== null) {
            $this->pid = \proc_get_status($this->process)['pid'];
        }

        return $this->pid;
    }

    public function signal(int $signal): void
    {
        if ($this->process !== null) {
            \proc_terminate($this->process, $signal);
        }
    }

    /** The reader of the log goes away. */
    public function closeLog(): void
    {
        \fclose($this->pipes[2]);
        unset($this->pipes[2]);
    }

    /** The reader of the log stays, and reads no more until the server has ended. */
    public function neglectLog(): void
    {
        $this->readsLog = false;
    }

    /** Reads what it prints and logs, for so long. */
    public function watch(float $seconds): void
    {
        $end = \microtime(true) + $seconds;
        $this->pump(static fn (): bool => \microtime(true) >= $end, 'the time');
    }

    /** What it has logged so far. */
    public function log(): string
    {
        return $this->log;
    }

    public function waitForLog(string $text): void
    {
        $this->pump(fn (): bool => \str_contains($this->log, $text), "a log line with \"$text\"");
    }

    public function waitForFile(string $name, string $text): void
    {
        $this->pump(fn (): bool => \str_contains($this->read($name), $text), "\"$text\" in $name");
    }

    public function wait(): Ended
    {
        return $this->end(static function (): void {
        });
    }

    /** @param callable(): void $meanwhile called while it has not ended */
    private function end(callable $meanwhile): Ended
    {
        $process = $this->process ?? throw new \LogicException('it was not started');
        $status = ['running' => true];
        $ended = static function () use ($process, &$status, $meanwhile): bool {
            $status = $status['running'] === true ? \proc_get_status($process) : $status;
            if ($status['running'] === true) {
                $meanwhile();
            }

            return $status['running'] === false;
        };
        try {
            $this->pump($ended, 'its end');
        } finally {
            if ($status['running'] === true) {
                \proc_terminate($process, \SIGKILL);
            }
            $this->readsLog = true;
            $this->take();
            \array_map(\fclose(...), $this->pipes);
            \proc_close($process);
            $this->process = null;
            $this->pipes = [];
        }
        $signal = ($status['signaled'] ?? false) === true ? (int) $status['termsig'] : 0;

        return new Ended((int) ($status['exitcode'] ?? -1), $signal, $this->output, $this->log);
    }

    /** Waits, no longer than `seconds`, until there is no such process any more. */
    public static function isGoneWithin(int $pid, float $seconds): bool
    {
        $deadline = \microtime(true) + $seconds;
        do {
            $status = @\file_get_contents("/proc/$pid/status");
            // a zombie that this machine's init has not reaped has ended too
            if ($status === false || \preg_match('/^State:\s+Z/m', $status) === 1) {
                return true;
            }
            \usleep(2000);
        } while (\microtime(true) < $deadline);

        return false;
    }

    /** @return array<int, resource> */
    private function readPipes(): array
    {
        return \array_filter($this->pipes, fn (int $number): bool => $number !== 2 || $this->readsLog, \ARRAY_FILTER_USE_KEY);
    }

    private function take(): void
    {
        foreach ($this->readPipes() as $number => $pipe) {
            $text = (string) \stream_get_contents($pipe);
            $number === 1 ? $this->output .= $text : $this->log .= $text;
        }
    }

    /** @param callable(): bool $reached */
    private function pump(callable $reached, string $what): void
    {
        $deadline = \microtime(true) + self::SECONDS;
        while (!$reached()) {
            if (\microtime(true) > $deadline) {
                throw new \RuntimeException("waited in vain for $what; the log:\n" . $this->log);
            }
            $read = \array_filter($this->readPipes(), static fn (mixed $pipe): bool => !\feof($pipe));
            $none = null;
            if ($read !== []) {
                \stream_select($read, $none, $none, 0, 5_000);
            } else {
                \usleep(1000);
            }
            $this->take();
        }
    }

    private function remove(string $path): void
    {
        foreach (\array_diff(\scandir($path) ?: [], ['.', '..']) as $name) {
            $inner = $path . '/' . $name;
            \is_dir($inner) && !\is_link($inner) ? $this->remove($inner) : \unlink($inner);
        }
        \rmdir($path);
    }
}
