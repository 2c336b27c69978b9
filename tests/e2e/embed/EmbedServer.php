<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

/**
 * A coyote-embed that serves one ticker with a script in a folder of its own.
 */
final class EmbedServer
{
    public const SECONDS = 30;

    public readonly string $folder;

    /** @var resource|null */
    private $process = null;
    /** @var array<int, resource> */
    private array $pipes = [];
    private string $log = '';
    private string $output = '';

    /**
     * @param array<string, mixed> $ticker  over interval, count and workers.command
     * @param array<string, mixed> $config  other sections
     */
    public function __construct(string $script, array $ticker = [], private array $config = [])
    {
        $this->folder = sys_get_temp_dir() . '/coyote-embed-' . bin2hex(random_bytes(6));
        mkdir($this->folder);
        if ($script !== '') {
            $this->write('app.php', "<?php\nuse function Coyote\\Embed\\{receive, send, error, stop};\n" . $script);
        }
        $this->config['ticker'] = $ticker + [
            'interval' => '40ms',
            'count' => 3,
            'workers.command' => 'php app.php',
        ];
    }

    public function __destruct()
    {
        if ($this->process !== null) {
            $this->signal(SIGKILL);
            $this->wait();
        }
        array_map(unlink(...), glob($this->folder . '/{,.}[!.]*', GLOB_BRACE) ?: []);
        rmdir($this->folder);
    }

    public static function binary(): string
    {
        $binary = getenv('COYOTE_EMBED_BINARY');
        return $binary !== false ? $binary : throw new \RuntimeException('COYOTE_EMBED_BINARY is not set');
    }

    public function write(string $name, string $text): void
    {
        file_put_contents($this->folder . '/' . $name, $text);
    }

    public function read(string $name): string
    {
        $path = $this->folder . '/' . $name;
        return is_file($path) ? (string) file_get_contents($path) : '';
    }

    /**
     * @param list<string>          $arguments
     * @param array<string, string> $environment
     * @param list<string>          $before      words before the command
     */
    public function start(array $arguments = ['serve'], array $environment = [], array $before = []): self
    {
        $this->write('.rr.json', json_encode($this->config, JSON_THROW_ON_ERROR));
        if ($arguments[0] === 'serve') {
            array_push($arguments, '--log-format', 'json', '--log-level', 'debug');
        }
        $process = proc_open(
            [...$before, self::binary(), ...$arguments],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $this->pipes,
            $this->folder,
            $environment + getenv(),
        );
        $this->process = $process !== false ? $process : throw new \RuntimeException('it does not start');
        array_map(static fn ($pipe) => stream_set_blocking($pipe, false), $this->pipes);
        return $this;
    }

    /**
     * Runs it to its end.
     *
     * @param list<string>          $arguments
     * @param array<string, string> $environment
     * @param list<string>          $before      words before the command
     */
    public function run(array $arguments = ['serve'], array $environment = [], array $before = []): Ended
    {
        return $this->start($arguments, $environment, $before)->wait();
    }

    public function signal(int $signal): void
    {
        if ($this->process !== null) {
            proc_terminate($this->process, $signal);
        }
    }

    public function pid(): int
    {
        return $this->process === null ? 0 : proc_get_status($this->process)['pid'];
    }

    /** Waits until its log holds the text. */
    public function waitForLog(string $text): void
    {
        $this->pump(fn (): bool => str_contains($this->log, $text), "a log line with \"$text\"");
    }

    /** Waits until a file that the script writes holds the text. */
    public function waitForFile(string $name, string $text): void
    {
        $this->pump(fn (): bool => str_contains($this->read($name), $text), "\"$text\" in $name");
    }

    /** Waits until a signal that was sent is not pending any more. */
    public function waitForDelivery(int $signal): void
    {
        $pending = function () use ($signal): bool {
            $status = (string) file_get_contents('/proc/' . $this->pid() . '/status');
            preg_match_all('/^(?:Sig|Shd)Pnd:\s*([0-9a-f]+)$/m', $status, $found);
            $bits = array_sum(array_map(hexdec(...), $found[1]));
            return ((int) $bits & (1 << ($signal - 1))) !== 0;
        };
        $this->pump(static fn (): bool => !$pending(), "the delivery of signal $signal");
    }

    public function wait(): Ended
    {
        $process = $this->process ?? throw new \LogicException('it was not started');
        $status = ['running' => true];
        $ended = static function () use ($process, &$status): bool {
            $status = $status['running'] === true ? proc_get_status($process) : $status;
            return $status['running'] === false;
        };
        try {
            $this->pump($ended, 'its end');
        } finally {
            if ($status['running'] === true) {
                proc_terminate($process, SIGKILL);
            }
            $this->take();
            array_map(fclose(...), $this->pipes);
            proc_close($process);
            $this->process = null;
            $this->pipes = [];
        }
        $signal = ($status['signaled'] ?? false) === true ? (int) $status['termsig'] : 0;
        return new Ended((int) ($status['exitcode'] ?? -1), $signal, $this->output, $this->log);
    }

    private function take(): void
    {
        $this->output .= (string) stream_get_contents($this->pipes[1]);
        $this->log .= (string) stream_get_contents($this->pipes[2]);
    }

    /** @param callable(): bool $reached */
    private function pump(callable $reached, string $what): void
    {
        $deadline = hrtime(true) + self::SECONDS * 1_000_000_000;
        while (!$reached()) {
            if (hrtime(true) > $deadline) {
                throw new \RuntimeException("waited in vain for $what; the log:\n" . $this->log);
            }
            $read = array_filter([$this->pipes[1], $this->pipes[2]], static fn ($pipe): bool => !feof($pipe));
            $none = null;
            if ($read !== []) {
                stream_select($read, $none, $none, 0, 20_000);
            } else {
                usleep(1000);
            }
            $this->take();
        }
    }
}
