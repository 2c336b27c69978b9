<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Chaos;

use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Reply;

/**
 * What went in, what came out, what the workers wrote down; and whether it balances.
 */
final class Books
{
    /** @var array<int, list<string>> by id */
    private array $history = [];
    /** @var array<int, Reply> */
    private array $outcomes = [];
    /** @var array<int, true> those whose outcome nobody waited for */
    private array $dropped = [];
    /** @var array<int, int> job number => id */
    private array $ids = [];
    /** @var array<int, Job> */
    private array $jobs = [];
    /** @var array<int, list<string>> */
    private array $faults = [];
    /** @var array<string, int> */
    public array $counts = [];

    public function __construct(private readonly Plan $plan)
    {
    }

    public function submitted(Job $job, int $number): void
    {
        if (isset($this->ids[$number])) {
            $this->fault($job->id, "job number $number is that of id {$this->ids[$number]} too");
        }
        $this->ids[$number] = $job->id;
        $this->jobs[$job->id] = $job;
        $this->history[$job->id][] = "submitted as job $number: {$job->describe()}";
    }

    public function dropped(Job $job): void
    {
        $this->dropped[$job->id] = true;
        $this->history[$job->id][] = 'nobody waits for its outcome any more';
        $this->count('dropped');
    }

    public function came(Reply $reply): void
    {
        $id = $this->ids[$reply->job] ?? 0;
        $this->history[$id][] = \sprintf(
            'outcome %s, job %d, pid %d, %s%s',
            $reply->outcome->name,
            $reply->job,
            $reply->pid,
            $reply->mayHaveRun ? 'may have run' : 'has not run',
            $reply->message === '' ? '' : ': ' . \substr(\addcslashes($reply->message, "\0..\37\177..\377"), 0, 300),
        );
        if ($id === 0 || isset($this->outcomes[$id]) || isset($this->dropped[$id])) {
            $this->fault($id, $id === 0 ? 'an outcome for nobody' : 'an outcome too many');

            return;
        }
        $this->outcomes[$id] = $reply;
        $this->count($reply->outcome->name);
        $this->count('may have run', $reply->mayHaveRun && $reply->outcome !== Outcome::Ok ? 1 : 0);
        $this->judge($this->jobs[$id], $reply);
    }

    public function pending(): int
    {
        return \count($this->jobs) - \count($this->outcomes) - \count($this->dropped);
    }

    /** @return list<int> numbers of jobs without an outcome, the oldest first */
    public function pendingNumbers(): array
    {
        $pending = \array_filter(
            $this->ids,
            fn (int $id): bool => !isset($this->outcomes[$id]) && !isset($this->dropped[$id]),
        );

        return \array_keys($pending);
    }

    /** How the reply fits to what was asked. */
    private function judge(Job $job, Reply $reply): void
    {
        $fits = match ($reply->outcome) {
            Outcome::Ok => $this->isAnswer($job, $reply),
            Outcome::Error => $job->error !== null && $reply->message === $job->error,
            // nothing but its own doing or ours ends the worker of a good job
            Outcome::Crashed => $job->rejected === '' && ($job->guilty || $this->wasOurDoing($reply)),
            Outcome::TimedOut => \preg_match('/exec_ttl|reset_timeout|allocate_timeout/', $reply->message) === 1,
            Outcome::Rejected => !$reply->mayHaveRun
                && \preg_match('/max_queue_size|the pool is stopped' . ($job->rejected === '' ? '' : "|$job->rejected") . '/', $reply->message) === 1,
            Outcome::Cancelled => \str_contains($reply->message, 'stop'),
        };
        if (!$fits) {
            $this->fault($job->id, "this is no outcome for {$job->describe()}");
        }
        if (!\in_array($reply->outcome, [Outcome::Ok, Outcome::Error], true) && $reply->body . $reply->context !== '') {
            $this->fault($job->id, 'an answer where there is none');
        }
    }

    private function isAnswer(Job $job, Reply $reply): bool
    {
        if ($job->act === 'grandchild') {
            return \ctype_digit($reply->body) && $reply->context === $job->answerContext;
        }
        if ($reply->body !== $job->answer || $reply->context !== $job->answerContext) {
            $this->history[$job->id][] = \sprintf(
                'expected %d bytes %s with context "%s", came %d bytes %s with context "%s"',
                \strlen((string) $job->answer),
                \substr(\md5((string) $job->answer), 0, 8),
                $job->answerContext,
                \strlen($reply->body),
                \substr(\md5($reply->body), 0, 8),
                \substr(\addcslashes($reply->context, "\0..\37\177..\377"), 0, 60),
            );

            return false;
        }

        return true;
    }

    private function wasOurDoing(Reply $reply): bool
    {
        $ours = 'ended by signal 9|closed its relay|killed by the pool|did not stop within|reset_timeout';

        return \preg_match("/$ours|{$this->plan->neighboursDoing()}/", $reply->message) === 1;
    }

    /** The workers' own record: "begun ID PID", "answered ID PID", "stops ID PID", in the order of time. */
    public function readJournal(string $file): void
    {
        /** @var array<int, array<string, list<int>>> $seen */
        $seen = [];
        $stopping = [];
        $lines = \is_file($file) ? \file($file, \FILE_IGNORE_NEW_LINES) : [];
        foreach ($lines ?: [] as $line) {
            if (\preg_match('/^(begun|answered|stops) (\d+) (\d+)$/D', $line, $part) !== 1 || !isset($this->jobs[(int) $part[2]])) {
                $this->fault((int) ($part[2] ?? 0), "the journal has a line that nobody can have written: $line");
                continue;
            }
            [, $what, $id, $pid] = [$part[0], $part[1], (int) $part[2], (int) $part[3]];
            $this->history[$id][] = "journal: $what by $pid";
            $seen[$id][$what][] = $pid;
            if ($what === 'stops') {
                $stopping[$pid] = true;
            }
            $seen[$id]['excused'][] = isset($stopping[$pid]) ? 1 : 0;
        }
        foreach ($this->jobs as $id => $job) {
            $of = ($seen[$id] ?? []) + ['begun' => [], 'answered' => [], 'stops' => []];
            $this->balance($job, $of['begun'], $of['answered'], $of['stops'], $stopping);
        }
    }

    /**
     * @param list<int>        $begun    pids
     * @param list<int>        $answered pids
     * @param list<int>        $stops    pids
     * @param array<int, true> $stopping all pids that have asked to be stopped
     */
    private function balance(Job $job, array $begun, array $answered, array $stops, array $stopping): void
    {
        // a worker that asks to be stopped has its jobs run elsewhere, those too that it goes on to begin
        $excused = \count(\array_filter($begun, static fn (int $pid): bool => isset($stopping[$pid])));
        $times = \count($begun);
        $this->count('begun', $times);
        $reply = $this->outcomes[$job->id] ?? null;
        if ($reply === null && !isset($this->dropped[$job->id])) {
            $this->fault($job->id, 'there is no outcome');

            return;
        }
        if ($times > 1) {
            $this->count('begun again after a stop', $times - 1);
        }
        if ($times > 1 + $excused) {
            $this->fault($job->id, "it was begun $times times, $excused by workers that asked to stop");
        }
        if ($reply === null) {
            return;
        }
        if (!$reply->mayHaveRun && $times > 0) {
            $this->fault($job->id, 'it is said that it has not run, but it was begun');
        }
        if (!\in_array($reply->outcome, [Outcome::Ok, Outcome::Error], true)) {
            return;
        }
        if (!\in_array($reply->pid, $begun, true) || !\in_array($reply->pid, $answered, true)) {
            $this->fault($job->id, "its answer is said to be of $reply->pid, which did not give it");
        }
        if (\count($answered) > 1 + $excused || ($stops === [] && $excused === 0 && [$times, \count($answered)] !== [1, 1])) {
            $this->fault($job->id, \sprintf('it is answered, but was begun %d times and answered %d times', $times, \count($answered)));
        }
    }

    public function count(string $what, int $by = 1): void
    {
        $this->counts[$what] = ($this->counts[$what] ?? 0) + $by;
    }

    /** @param int $id 0: of no job */
    public function fault(int $id, string $text): void
    {
        $this->faults[$id][] = $text;
    }

    public function hasFaults(): bool
    {
        return $this->faults !== [];
    }

    public function report(int $most = 10): string
    {
        $text = '';
        foreach (\array_slice($this->faults, 0, $most, true) as $id => $faults) {
            $text .= ($id === 0 ? "the round:\n" : "id $id:\n");
            foreach ($faults as $fault) {
                $text .= "  FAULT: $fault\n";
            }
            foreach ($this->history[$id] ?? [] as $line) {
                $text .= "    $line\n";
            }
        }
        $more = \count($this->faults) - $most;

        return $text . ($more > 0 ? "and $more more\n" : '');
    }
}
