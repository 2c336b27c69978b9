<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\Ended;
use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * A worker that dies is told in one line of the log, in words and as fields.
 */
final class DeathTest extends TestCase
{
    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = new ServerProcess();
        $this->server->write('.rr.yaml', "ticker:\n"
            . "  interval: 20ms\n"
            . "  count: 3\n"
            . "  workers:\n"
            . "    command: php app.php\n"
            . "    pool: {num_workers: 1, supervisor: {exec_ttl: 20s}}\n");
    }

    /** The script waits for its end in tick 1, once. */
    private function waits(): void
    {
        $this->server->write('app.php', ServerProcess::worker(
            'if ($tick === 0 || is_file("waits")) { $worker->send(); continue; }'
            . 'fwrite(STDERR, "first words\nlast words\n"); file_put_contents("waits", getmypid() . "."); sleep(60);',
        ));
    }

    private function serve(string $format): Ended
    {
        $this->server->start(['serve', '--log-format', $format]);
        $this->server->waitForFile('waits', '.');
        \posix_kill((int) $this->server->read('waits'), \SIGKILL);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);

        return $ended;
    }

    public function testAKillFromOutsideIsOneStructuredLine(): void
    {
        $this->waits();
        $ended = $this->serve('json');
        $deaths = $ended->events('worker_died');
        self::assertCount(1, $deaths, $ended->log);
        $pid = (int) $this->server->read('waits');
        $death = $deaths[0];
        self::assertSame('error', $death['level']);
        self::assertSame('ticker', $death['service']);
        self::assertSame($pid, $death['pid']);
        self::assertSame('signal', $death['cause']);
        self::assertSame(9, $death['signal']);
        self::assertSame('Killed', $death['signal_name']);
        self::assertFalse($death['core_dumped']);
        self::assertFalse($death['oom_killed']);
        self::assertArrayNotHasKey('exit_status', $death);
        self::assertSame(1, $death['jobs_done']);
        self::assertSame(2, $death['payload_id']);
        self::assertIsString($death['payload_head']);
        self::assertSame(1, \preg_match('/^\{"tick": (\d+)\}$/D', $death['payload_head'], $tick), $ended->log);
        self::assertGreaterThan(\strlen($death['payload_head']), $death['payload_size']);
        self::assertArrayNotHasKey('payload_key', $death);
        self::assertSame("first words\nlast words", $death['last_output']);
        self::assertIsInt($death['age_ms']);
        self::assertGreaterThan(1 << 20, $death['peak_memory_bytes']);
        self::assertIsString($death['text']);
        self::assertStringContainsString("; it had job 2 ({$death['payload_size']} bytes): {$death['payload_head']};", $death['text']);
        // the event's own line is short, and names the same worker and job
        self::assertSame(
            [$death['text'], "event {$tick[1]}: crashed: worker $pid was ended by signal 9 (Killed) (job 2)"],
            self::sorted($ended->texts('error', 'ticker')),
            $ended->log,
        );
    }

    /**
     * @param list<string> $texts
     *
     * @return list<string> with those of workers first
     */
    private static function sorted(array $texts): array
    {
        \usort($texts, static fn (string $one, string $other): int => $other <=> $one);

        return $texts;
    }

    public function testPeopleReadTheWordsAlone(): void
    {
        $this->waits();
        $ended = $this->serve('text');
        $lines = \array_values(\array_filter(
            \explode("\n", $ended->log),
            static fn (string $line): bool => \str_contains($line, 'it had job 2'),
        ));
        self::assertCount(1, $lines, $ended->log);
        self::assertStringContainsString('; it said: first words | last words', $lines[0]);
        self::assertStringNotContainsString('worker_died', $ended->log);
        self::assertStringNotContainsString('payload_head', $ended->log);
    }

    public function testOneThatAJobTookTooLongNamesTheJob(): void
    {
        $this->waits();
        $this->server->write('.rr.yaml', \str_replace('20s', '300ms', $this->server->read('.rr.yaml')));
        $this->server->start(['serve', '--log-format', 'json']);
        $ended = $this->server->wait();
        $deaths = $ended->events('worker_died');
        self::assertCount(1, $deaths, $ended->log);
        self::assertSame('exec_ttl', $deaths[0]['cause']);
        self::assertSame(2, $deaths[0]['payload_id']);
        self::assertIsString($deaths[0]['payload_head']);
        self::assertStringStartsWith('{"tick": ', $deaths[0]['payload_head']);
        self::assertCount(1, $ended->textsWith('error', '(exec_ttl); its worker was killed (job 2)'), $ended->log);
    }

    public function testWhatIsToEndIsToldAtDebugAlone(): void
    {
        $this->server->write('app.php', ServerProcess::worker('$worker->send();'));
        $this->server->write('.rr.yaml', \str_replace('num_workers: 1', 'num_workers: 1, max_jobs: 2', $this->server->read('.rr.yaml')));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $deaths = $ended->events('worker_died');
        self::assertCount(2, $deaths, $ended->log);
        self::assertSame(['debug', 'debug'], \array_column($deaths, 'level'));
        self::assertSame(['expected', 'expected'], \array_column($deaths, 'cause'));
        self::assertSame([0, 0], \array_column($deaths, 'exit_status'));
        self::assertSame([2, 1], \array_column($deaths, 'jobs_done'));
    }

    public function testOneThatCanNotBootIsStructuredToo(): void
    {
        $this->server->write('app.php', '<?php fwrite(STDERR, "no database\n"); exit(3);');
        $ended = $this->server->serve()->wait();
        self::assertSame(1, $ended->exitCode, $ended->log);
        $deaths = $ended->events('worker_died');
        self::assertCount(1, $deaths, $ended->log);
        self::assertSame('boot', $deaths[0]['cause']);
        self::assertSame(3, $deaths[0]['exit_status']);
        self::assertSame(0, $deaths[0]['jobs_done']);
        self::assertSame('no database', $deaths[0]['last_output']);
        self::assertArrayNotHasKey('payload_id', $deaths[0]);
    }
}
