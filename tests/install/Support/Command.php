<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Support;

/** A command that runs, without anything of this process's environment but PATH, HOME and what is told. */
final class Command
{
    private const SECONDS = 120;

    /** @var resource */
    private readonly mixed $process;
    /** @var array<int, resource> */
    private array $pipes = [];
    /** @var array{1: string, 2: string} */
    private array $texts = [1 => '', 2 => ''];

    /**
     * @param list<string>          $words
     * @param array<string, string> $environment
     */
    public function __construct(private readonly array $words, string $folder, array $environment = [])
    {
        $environment += ['PATH' => (string) \getenv('PATH'), 'HOME' => (string) \getenv('HOME'), 'LC_ALL' => 'C.UTF-8'];
        $pipes = [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']];
        $process = \proc_open($words, $pipes, $this->pipes, $folder, $environment);
        if ($process === false) {
            throw new \RuntimeException("could not start $words[0]");
        }
        $this->process = $process;
        foreach ([1, 2] as $stream) {
            \stream_set_blocking($this->pipes[$stream], false);
        }
    }

    /**
     * @param list<string>          $words
     * @param array<string, string> $environment
     */
    public static function run(array $words, string $folder, array $environment = [], string $input = ''): Finished
    {
        return (new self($words, $folder, $environment))->end($input);
    }

    public function pid(): int
    {
        return \proc_get_status($this->process)['pid'];
    }

    public function signal(int $signal): void
    {
        \proc_terminate($this->process, $signal);
    }

    /** Until something holds, which is asked with all that it has printed so far. */
    public function until(string $what, callable $holds): void
    {
        $end = \hrtime(true) + self::SECONDS * 1_000_000_000;
        while (!$holds($this->texts[1] . $this->texts[2])) {
            $over = \hrtime(true) > $end || !\proc_get_status($this->process)['running'];
            $this->read(2_000);
            if ($over && !$holds($this->texts[1] . $this->texts[2])) {
                throw new \RuntimeException("waited in vain until $what: {$this->texts[1]}{$this->texts[2]}");
            }
        }
    }

    /** The same about what it has left behind, once it has ended. */
    public static function after(string $what, callable $holds): void
    {
        for ($end = \hrtime(true) + self::SECONDS * 1_000_000_000; !$holds(); \usleep(2_000)) {
            if (\hrtime(true) > $end) {
                throw new \RuntimeException("waited in vain until $what");
            }
        }
    }

    /** Closes its input and waits for its end. */
    public function end(string $input = ''): Finished
    {
        \fwrite($this->pipes[0], $input);
        \fclose($this->pipes[0]);
        $end = \hrtime(true) + self::SECONDS * 1_000_000_000;
        // a process that it has left behind may hold its output for ever: its own end is what counts
        do {
            $this->read(5_000);
            $state = \proc_get_status($this->process);
            if (\hrtime(true) > $end) {
                \proc_terminate($this->process, \SIGKILL);
                throw new \RuntimeException(\implode(' ', $this->words) . ' did not end: ' . \implode('', $this->texts));
            }
        } while ($state['running']);
        $this->read(0);
        \proc_close($this->process);

        return new Finished(
            $state['signaled'] ? 128 + $state['termsig'] : $state['exitcode'],
            $this->texts[1],
            $this->texts[2],
        );
    }

    private function read(int $microseconds): void
    {
        $open = \array_filter([1 => $this->pipes[1], 2 => $this->pipes[2]], static fn ($pipe): bool => !\feof($pipe));
        if ($open === []) {
            \usleep($microseconds);

            return;
        }
        $none = null;
        if (\stream_select($open, $none, $none, 0, $microseconds) > 0) {
            foreach ([1, 2] as $stream) {
                $this->texts[$stream] .= (string) \stream_get_contents($this->pipes[$stream]);
            }
        }
    }
}
