<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Chaos;

use Coyote\Tests\E2e\Support\Lane;

/**
 * A round before it begins: all that is up to chance, by the seed alone.
 */
final class Plan
{
    /** Act => how often, of all. */
    private const ACTS = [
        'data' => 600, 'error' => 60, 'sleep' => 80, 'warn' => 30, 'empty' => 30, 'print' => 20,
        'throw' => 15, 'exit' => 15, 'kill' => 15, 'cut' => 15, 'garbage' => 15, 'both' => 15,
        'half' => 6, 'head' => 6, 'spin' => 6, 'freeze' => 6, 'deaf' => 8, 'hangup' => 3,
        'stop' => 25, 'grandchild' => 15, 'grow' => 15, 'closeStdout' => 8,
    ];

    /** What is done to the pool meanwhile => how often, of all that is done. */
    private const DEEDS = [
        'kill' => 45, 'freeze' => 20, 'thaw' => 20, 'reset' => 8, 'impatient exec' => 10, 'impatient wait' => 10,
        'burst of kills' => 2,
    ];

    /** @var array<string, string|int> */
    public readonly array $settings;
    /** @var list<Job> */
    public readonly array $jobs;
    /** @var array<int, list<array{string, int}>> by how many outcomes were taken: what is done, and a number */
    public readonly array $deeds;
    /** How many jobs are on their way at once, at most. */
    public readonly int $window;
    /** The pool is stopped after so many outcomes, with jobs in every place; null: when all are taken. */
    public readonly ?int $stopAfter;
    public readonly int $stopTimeout;

    public function __construct(
        public readonly int $seed,
        public readonly Lane $lane,
        int $jobs,
    ) {
        $dice = new Dice("$seed/$lane->name");
        $this->window = $dice->between(1, 60);
        $this->settings = $this->chooseSettings($dice);
        $chosen = [];
        for ($id = 1; $id <= $jobs; $id++) {
            $chosen[] = $this->chooseJob($dice, $id);
        }
        $this->jobs = $chosen;
        $this->deeds = self::chooseDeeds($dice, $jobs);
        $this->stopAfter = $dice->percent(30) ? $dice->between(\intdiv($jobs, 2), $jobs) : null;
        $this->stopTimeout = $dice->one([0, 50, 2000]);
    }

    /** What a good job's crash may say besides that it was our doing: that of its neighbours. */
    public function neighboursDoing(): string
    {
        return match (true) {
            $this->settings['prefetch'] === 1 => '(?!)',
            // what its worker had sent last may be lost with it
            $this->lane->relay === 'tcp' => '',
            // nothing can be understood after nonsense (and it may have ended before it was killed for
            // it); one that answers too late may have gone on, and so may one that asked to stop, of
            // which nobody knows whose answers came then
            default => 'broke the protocol|where its frames go|inside a frame|expected a first byte'
                . '|exec_ttl|it had job \d+ \(\d+ bytes\): stop',
        };
    }

    /** @return array<string, string|int> */
    private function chooseSettings(Dice $dice): array
    {
        $settings = [
            'num_workers' => $dice->between(1, 4),
            'prefetch' => $dice->one([1, 1, 2, 8]),
            'exec_ttl' => $dice->one(['200ms', '300ms', '400ms']),
            'destroy_timeout' => $dice->one(['300ms', '2s']),
            'watch_tick' => '10ms',
            'max_jobs' => $dice->one([0, 0, 0, 3, 10, 40]),
            'max_worker_memory' => $dice->one([0, 100]),
        ];
        // a few are too many now and then
        $places = $settings['num_workers'] * $settings['prefetch'];
        $settings += $dice->percent(12) ? ['max_queue_size' => \max(1, $this->window - $places)] : [];
        $settings += $dice->percent(25) ? ['ttl' => $dice->one(['150ms', '500ms'])] : [];
        $settings += $dice->percent(25) ? ['idle_ttl' => $dice->one(['10ms', '100ms'])] : [];
        $settings += $dice->percent(30) ? [
            'dynamic_allocator.max_workers' => $dice->between(1, 3),
            'dynamic_allocator.spawn_rate' => $dice->one([1, 20]),
            'dynamic_allocator.idle_timeout' => $dice->one(['1ms', '100ms']),
        ] : [];
        $settings += $dice->percent(30) ? ['reset_timeout' => $dice->one(['10ms', '200ms'])] : [];
        // a worker's time to boot as well, and machines may be busy
        $settings += $dice->percent(15) ? ['allocate_timeout' => '3s'] : [];

        return $settings;
    }

    private function chooseJob(Dice $dice, int $id): Job
    {
        $act = $dice->weighted(self::ACTS);
        // with several jobs at a worker nothing tells whose answer the second one is
        $act = $act === 'both' && $this->settings['prefetch'] > 1 ? 'data' : $act;
        $context = (string) $id;
        switch ($act) {
            case 'data':
                $body = 'data ' . $dice->bytes(self::chooseSize($dice));

                return new Job($id, $act, $body, $body, $context);
            case 'empty':
                return $this->lane->isV2()
                    ? new Job($id, $act, '', rejected: 'empty body')
                    : new Job($id, $act, '', '', $context);
            case 'error':
                $text = $dice->bytes($dice->one([0, 10, 5_000]));

                return new Job($id, $act, "error $text", error: $text);
            case 'sleep':
                return new Job($id, $act, 'sleep ' . $dice->between(0, 20), 'slept', $context);
            case 'warn':
                return new Job($id, $act, 'warn something is odd', 'warned', $context);
            case 'print':
                return $this->lane->isOnStdout()
                    ? new Job($id, $act, 'print noise', guilty: true)
                    // where stdout was closed by a job before, PHP ends at an echo
                    : new Job($id, $act, 'print noise', 'printed', $context, guilty: true);
            case 'closeStdout':
                return $this->lane->isOnStdout()
                    ? new Job($id, $act, $act, guilty: true)
                    : new Job($id, $act, $act, 'closed', $context);
            case 'both':
                return new Job($id, $act, $act, 'one', guilty: true);
            case 'deaf':
                return new Job($id, $act, 'deaf answer', 'deaf', $context, guilty: true);
            case 'freeze':
                return new Job($id, $act, $act, 'thawed', $context, guilty: true);
            case 'stop':
                // it goes on to the jobs behind it, which may end it
                return new Job($id, $act, "stop FOLDER/stop-$id", 'ran elsewhere', $context, guilty: $this->settings['prefetch'] > 1);
            case 'grandchild':
                return new Job($id, $act, 'grandchild ' . $dice->between(1, 1500), answerContext: $context);
            case 'grow':
                return new Job($id, $act, 'grow ' . $dice->between(1, 120), 'grown', $context);
            default:
                $body = match ($act) {
                    'throw' => 'throw all is lost',
                    'exit' => 'exit ' . $dice->one([0, 1, 255]),
                    'garbage' => 'garbage ' . $dice->bytes($dice->between(20, 200)),
                    default => $act,
                };

                return new Job($id, $act, $body, guilty: true);
        }
    }

    private static function chooseSize(Dice $dice): int
    {
        $kind = $dice->between(1, 100);

        return match (true) {
            $kind <= 70 => $dice->between(0, 200),
            $kind <= 90 => $dice->between(4_000, 70_000),
            $kind <= 98 => $dice->between(100_000, 1_000_000),
            default => $dice->between(2_000_000, 6_000_000),
        };
    }

    /** @return array<int, list<array{string, int}>> */
    private static function chooseDeeds(Dice $dice, int $jobs): array
    {
        $often = $dice->one([0, 2, 6, 15]);
        $deeds = [];
        for ($taken = 0; $taken < $jobs; $taken++) {
            while ($dice->percent($often)) {
                $deeds[$taken][] = [$dice->weighted(self::DEEDS), $dice->between(0, 1000)];
            }
        }

        return $deeds;
    }
}
