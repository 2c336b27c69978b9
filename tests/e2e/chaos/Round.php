<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Chaos;

use Coyote\Tests\E2e\Support\Pool;
use Coyote\Tests\E2e\Support\PoolException;
use Coyote\Tests\E2e\Support\Processes;

/**
 * Carries out a plan with a pool of its own, and balances its books.
 */
final class Round
{
    /** Seconds without any outcome after which the pool is said to hang. */
    private const PATIENCE = 60;

    public readonly Books $books;
    private readonly string $folder;
    private Pool $pool;
    private int $submitted = 0;
    private int $taken = 0;
    private int $lastNumber = 0;
    private bool $stopped = false;
    /** @var array<int, true> pids of all workers that were seen */
    private array $workers = [];
    /** @var array<int, true> */
    private array $frozen = [];
    /** @var list<string> */
    private array $log = [];

    public function __construct(private readonly Plan $plan)
    {
        $this->books = new Books($plan);
        $this->folder = \sys_get_temp_dir() . '/coyote-chaos-' . \bin2hex(\random_bytes(6));
    }

    /** Whether the books balance. */
    public function run(): bool
    {
        $open = self::openDescriptors();
        \mkdir($this->folder);
        try {
            $this->pool = new Pool(
                $this->plan->lane->command(),
                $this->plan->settings + ['env.JOURNAL' => "$this->folder/journal"]
                    + $this->plan->lane->settings($this->folder),
            );
            $this->pool->start();
            $this->work();
            $this->see();
            $this->pool->free();
            $this->books->readJournal("$this->folder/journal");
            $this->expectNobody();
            if (self::openDescriptors() !== $open) {
                $this->books->fault(0, \sprintf('descriptors: %d before, %d after', $open, self::openDescriptors()));
            }
        } catch (PoolException $refused) {
            $this->books->fault(0, "the library refused: {$refused->getMessage()} ({$refused->getCode()})");
        } finally {
            isset($this->pool) && $this->pool->free();
            \array_map(\unlink(...), \glob("$this->folder/*") ?: []);
            \rmdir($this->folder);
        }

        return !$this->books->hasFaults();
    }

    /** The last lines that the pool logged. */
    public function log(): string
    {
        return \implode("\n", $this->log) . "\n";
    }

    private function work(): void
    {
        $all = \count($this->plan->jobs);
        while ($this->submitted < $all || $this->books->pending() > 0) {
            if ($this->plan->stopAfter !== null && $this->taken >= $this->plan->stopAfter) {
                break;
            }
            while ($this->submitted < $all && $this->books->pending() < $this->plan->window) {
                $this->submit($this->plan->jobs[$this->submitted++]);
            }
            $this->take();
        }
        // what is still on its way when it is stopped has its outcome afterwards
        $this->stopped = true;
        $this->pool->stop($this->plan->stopTimeout);
        while ($this->books->pending() > 0 && $this->take()) {
        }
        if ($this->pool->poll() !== null) {
            $this->books->fault(0, 'an outcome is left over');
        }
    }

    private function submit(Job $job): void
    {
        $this->lastNumber = $this->pool->submit($this->body($job), (string) $job->id);
        $this->books->submitted($job, $this->lastNumber);
    }

    private function body(Job $job): string
    {
        return \str_starts_with($job->body, 'stop FOLDER/')
            ? \str_replace('FOLDER', $this->folder, $job->body)
            : $job->body;
    }

    private function take(): bool
    {
        $deadline = \microtime(true) + self::PATIENCE;
        do {
            $reply = $this->pool->poll(200);
            if ($reply === null) {
                // one that is frozen and has no job is not missed by anybody: the last ones must go on
                $this->thaw();
            }
        } while ($reply === null && \microtime(true) < $deadline);
        $this->readLog();
        if ($reply === null) {
            $numbers = \implode(', ', $this->books->pendingNumbers());
            throw new PoolException('it hangs: no outcome for ' . self::PATIENCE . " s of the jobs $numbers\n" . $this->log());
        }
        $this->workers[$reply->pid] = true;
        $this->books->came($reply);
        foreach ($this->stopped ? [] : $this->plan->deeds[$this->taken++] ?? [] as [$deed, $number]) {
            $this->does($deed, $number);
        }

        return true;
    }

    private function does(string $deed, int $number): void
    {
        $workers = \in_array($deed, ['kill', 'freeze', 'burst of kills'], true) ? $this->see() : [];
        switch ($deed) {
            case 'kill':
                $this->signal($workers, $number, \SIGKILL);
                break;
            case 'burst of kills':
                foreach (\array_keys($workers) as $each) {
                    $this->signal($workers, $each, \SIGKILL);
                }
                break;
            case 'freeze':
                $this->signal($workers, $number, \SIGSTOP);
                break;
            case 'thaw':
                $this->thaw();
                break;
            case 'reset':
                $this->pool->reset();
                $this->books->count('resets');
                break;
            case 'impatient exec':
                $this->execImpatiently($number);
                break;
            case 'impatient wait':
                $this->waitImpatiently($number);
                break;
        }
    }

    private function execImpatiently(int $number): void
    {
        if ($this->submitted === \count($this->plan->jobs)) {
            return;
        }
        $job = $this->plan->jobs[$this->submitted++];
        try {
            $reply = $this->pool->exec($this->body($job), (string) $job->id, $number % 5);
            $this->lastNumber++;
            $this->books->submitted($job, $this->lastNumber);
            $this->books->came($reply);
        } catch (PoolException $refused) {
            if ($refused->getCode() !== Pool::ETIMEOUT) {
                throw $refused;
            }
            $this->lastNumber++;
            $this->books->submitted($job, $this->lastNumber);
            $this->books->dropped($job);
        }
    }

    private function waitImpatiently(int $number): void
    {
        $pending = $this->books->pendingNumbers();
        if ($pending === []) {
            return;
        }
        try {
            $this->books->came($this->pool->wait($pending[$number % \count($pending)], $number % 5));
        } catch (PoolException $refused) {
            if ($refused->getCode() !== Pool::ETIMEOUT) {
                throw $refused;
            }
        }
    }

    /** @param list<int> $workers */
    private function signal(array $workers, int $number, int $signal): void
    {
        if ($workers === []) {
            return;
        }
        $pid = $workers[$number % \count($workers)];
        \posix_kill($pid, $signal); // ours, and nobody has reaped it since it was seen
        $this->books->count($signal === \SIGKILL ? 'kills' : 'freezes');
        if ($signal === \SIGSTOP) {
            $this->frozen[$pid] = true;
        }
    }

    private function thaw(): void
    {
        foreach (\array_intersect($this->see(), \array_keys($this->frozen)) as $pid) {
            \posix_kill($pid, \SIGCONT);
            $this->books->count('thaws');
        }
        $this->frozen = [];
    }

    /** @return list<int> the workers that are there now */
    private function see(): array
    {
        $workers = Processes::childrenOf((int) \getmypid());
        $this->workers += \array_fill_keys($workers, true);

        return $workers;
    }

    private function readLog(): void
    {
        foreach ($this->pool->log() as $line) {
            $this->log[] = "[{$line['pid']}] " . \substr($line['text'], 0, 300);
        }
        $this->pool->forgetLog();
        $this->log = \array_slice($this->log, -60);
    }

    private function expectNobody(): void
    {
        $left = Processes::childrenOf((int) \getmypid());
        if ($left !== []) {
            $this->books->fault(0, 'workers are left: ' . \implode(' ', $left));
        }
        // what workers have started ends by itself; no longer than that
        $deadline = \microtime(true) + 10;
        unset($this->workers[0]);
        while (($left = Processes::inGroups(...\array_keys($this->workers))) !== []) {
            if (\microtime(true) > $deadline) {
                $this->books->fault(0, 'processes are left: ' . \implode(' ', $left));

                return;
            }
            \usleep(20_000);
        }
    }

    private static function openDescriptors(): int
    {
        return \count(\scandir('/proc/self/fd') ?: []);
    }
}
