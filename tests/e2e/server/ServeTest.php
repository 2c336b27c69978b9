<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

final class ServeTest extends TestCase
{
    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = new ServerProcess();
    }

    private function config(string $ticker, string $more = ''): void
    {
        $this->server->write('.rr.yaml', "ticker:\n  workers.command: php app.php\n  $ticker\n$more");
    }

    /** @return list<array<string, mixed>> what the workers wrote down, a JSON object a line */
    private function notes(string $file = 'notes'): array
    {
        $notes = [];
        foreach (\array_filter(\explode("\n", $this->server->read($file))) as $line) {
            $note = \json_decode($line, true, 8, \JSON_THROW_ON_ERROR);
            self::assertIsArray($note);
            $notes[] = $note;
        }

        return $notes;
    }

    private const NOTE = 'file_put_contents("notes", json_encode(%s) . "\n", FILE_APPEND);';

    public function testTicksArriveAsTheDocumentPrintsThem(): void
    {
        $this->config("interval: 30ms\n  count: 3");
        $note = \sprintf(self::NOTE, '["context" => $payload->context, "body" => $payload->body]');
        $this->server->write('app.php', ServerProcess::worker($note . '$worker->send("OK");'));
        $before = \time();
        $ended = $this->server->serve()->wait();
        self::assertSame([0, ''], [$ended->exitCode, $ended->output], $ended->log);

        $notes = $this->notes();
        self::assertSame(['context' => '{"lastTick": 0}', 'body' => '{"tick": 0}'], $notes[0]);
        self::assertSame(['{"tick": 0}', '{"tick": 1}', '{"tick": 2}'], \array_column($notes, 'body'));
        self::assertSame(1, \preg_match('/^\{"lastTick": (\d+)\}$/D', (string) $notes[2]['context'], $found));
        self::assertGreaterThanOrEqual($before, (int) $found[1]);
        self::assertLessThanOrEqual(\time(), (int) $found[1]);
        self::assertSame([0 => 'ok', 1 => 'ok', 2 => 'ok'], $ended->outcomes());
    }

    public function testTheLogSaysWhatIsServedFromWhereAndByHowMany(): void
    {
        $this->config("interval: 10ms\n  count: 1\n  workers.pool.num_workers: 2");
        $this->server->write('app.php', ServerProcess::worker('$worker->send();'));
        $this->server->start(['serve']);
        $ended = $this->server->wait();
        self::assertMatchesRegularExpression('/^[0-9:.]+Z info    coyote [0-9.]+, pid \d+, serves \.rr\.yaml: ticker$/m', $ended->log);
        self::assertMatchesRegularExpression('/ticker: serving: source ticker, 2 workers, php app\.php$/m', $ended->log);
        self::assertMatchesRegularExpression('/all services have ended$/m', $ended->log);
        self::assertStringNotContainsString("\x1b", $ended->log);
        self::assertStringNotContainsString('debug', $ended->log);
    }

    public function testAWorkerSeesWhomItServes(): void
    {
        $this->config("interval: 10ms\n  count: 1\n  workers.env: {own_key: 7}", "env:\n  shared: all\n"
            . "slow-one:\n  source: ticker\n  interval: 10ms\n  count: 1\n  workers: {command: php app.php}\n");
        $note = \sprintf(self::NOTE, '["all" => getenv(), "sapi" => PHP_SAPI]');
        $this->server->write('app.php', ServerProcess::worker($note . '$worker->send();'));
        $ended = $this->server->serve([], ['FROM_OUTSIDE' => 'kept'])->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $seen = [];
        foreach ($this->notes() as $note) {
            self::assertIsArray($note['all']);
            $seen[isset($note['all']['RR_SLOW_ONE']) ? 'slow-one' : 'ticker'] = $note['all'];
        }
        self::assertSame(['slow-one', 'ticker'], [...\array_intersect(['slow-one', 'ticker'], \array_keys($seen))]);
        foreach ($seen as $variables) {
            self::assertSame('true', $variables['RR'] ?? null);
            self::assertSame('ticker', $variables['RR_MODE'] ?? null);
            self::assertSame('true', $variables['RR_TICKER'] ?? null);
            self::assertSame('pipes://fd/3:fd/4', $variables['RR_RELAY'] ?? null);
            self::assertSame('all', $variables['SHARED'] ?? null);
            self::assertSame('kept', $variables['FROM_OUTSIDE'] ?? null);
        }
        self::assertSame('7', $seen['ticker']['OWN_KEY'] ?? null);
        self::assertArrayNotHasKey('OWN_KEY', $seen['slow-one']);
        self::assertArrayNotHasKey('RR_SLOW_ONE', $seen['ticker']);
    }

    public function testAFailingExecIsLoggedWithItsReasonAndTheNextTickComes(): void
    {
        $this->config("interval: 20ms\n  count: 4");
        $this->server->write('app.php', ServerProcess::worker(
            '$tick % 2 === 0 ? $worker->error("boom $tick") : $worker->send("OK");',
        ));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([0 => 'error: boom 0', 1 => 'ok', 2 => 'error: boom 2', 3 => 'ok'], $ended->outcomes());
        self::assertSame(['event 0: error: boom 0', 'event 2: error: boom 2'], $ended->texts('warning', 'ticker'));
    }

    public function testAWorkerThatDiesIsExplainedAndReplaced(): void
    {
        $this->config("interval: 100ms\n  count: 3\n  workers.pool.num_workers: 1");
        $note = \sprintf(self::NOTE, '["pid" => getmypid(), "tick" => $tick]');
        $this->server->write('app.php', ServerProcess::worker($note
            . 'if (is_file("died")) { $worker->send(); continue; }'
            . 'touch("died"); fwrite(STDERR, "last words\n"); posix_kill(getmypid(), SIGKILL);'));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $outcomes = $ended->outcomes();
        self::assertMatchesRegularExpression('/^crashed: worker \d+ was ended by signal 9 \(Killed\) \(job 1\)$/D', $outcomes[0]);
        self::assertCount(1, $ended->textsWith('error', 'it said: last words'));
        self::assertSame(['ok', 'ok'], \array_slice(\array_values($outcomes), 1));
        $pids = \array_column($this->notes(), 'pid');
        self::assertNotSame($pids[0], $pids[1]);
        self::assertSame($pids[1], $pids[2]);
    }

    /** With a drift of the exec's time, or of a millisecond each, the last tick would be far behind. */
    public function testTheGridDoesNotDrift(): void
    {
        $this->config("interval: 20ms\n  count: 60\n  workers.pool.num_workers: 1");
        $note = \sprintf(self::NOTE, '["tick" => $tick, "at" => hrtime(true) / 1e9]');
        $this->server->write('app.php', ServerProcess::worker($note . 'usleep(15000); $worker->send();'));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $notes = $this->notes();
        self::assertCount(60, $notes);
        [$first, $last] = [$notes[0], $notes[59]];
        $due = 0.02 * (int) $last['tick'];
        self::assertGreaterThanOrEqual($due - 0.02, $last['at'] - $first['at']);
        self::assertLessThan($due + 0.5, $last['at'] - $first['at']);
    }

    public function testABusyPoolSkipsTicksAndSaysHowMany(): void
    {
        $this->config("interval: 10ms\n  count: 4\n  workers.pool.num_workers: 1");
        $this->server->write('app.php', ServerProcess::worker(
            'file_put_contents("ticks", "$tick\n", FILE_APPEND); usleep(80000); $worker->send();',
        ));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        $ticks = \array_map(intval(...), \explode("\n", \trim($this->server->read('ticks'))));
        self::assertCount(4, $ticks);
        self::assertGreaterThanOrEqual(3 * 7, $ticks[3]);
        $told = 0;
        foreach ($ended->texts('warning', 'ticker') as $text) {
            self::assertSame(1, \preg_match('/^skipped (\d+) ticks?: all workers were busy$/D', $text, $found), $text);
            $told += (int) $found[1];
        }
        self::assertSame($ticks[3] - 3, $told);
        self::assertLessThanOrEqual(2, \count($ended->texts('warning', 'ticker')));
    }

    /** Its successor is ready, and gets no event yet, for the old one still holds one. */
    public function testAWorkerThatDiesAfterItsSuccessorIsReadyMakesRoom(): void
    {
        $this->config("interval: 10ms\n  count: 2\n  workers.pool: {num_workers: 1, destroy_timeout: 200ms}");
        $this->server->write('app.php', ServerProcess::worker(
            'if ($tick === 0) { $worker->stop(); sleep(60); } $worker->send();',
        ));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertStringStartsWith('crashed: ', $ended->outcomes()[0]);
        self::assertContains('ok', $ended->outcomes());
    }

    public function testSeveralTicksMayBeUnderWay(): void
    {
        $this->config("interval: 20ms\n  count: 3\n  workers.pool.num_workers: 3");
        // each waits until all three have begun
        $this->server->write('app.php', ServerProcess::worker(
            'touch("begun$tick"); while (count(glob("begun*")) < 3) { usleep(1000); } $worker->send();',
        ));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertEquals([0 => 'ok', 1 => 'ok', 2 => 'ok'], $ended->outcomes());
    }

    public function testServicesSideBySideEndEachByItself(): void
    {
        $this->config("interval: 10ms\n  count: 2", "other:\n  source: ticker\n  interval: 50ms\n  count: 3\n"
            . "  workers: {command: php app.php}\n");
        $this->server->write('app.php', ServerProcess::worker('$worker->send();'));
        $ended = $this->server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertContains('ended: its source has no more events', $ended->texts('info', 'ticker'));
        self::assertContains('ended: its source has no more events', $ended->texts('info', 'other'));
        $oks = \array_filter($ended->lines, static fn (array $line): bool => \str_ends_with($line['text'], ': ok'));
        self::assertCount(5, $oks);
    }

    public function testTheFirstFailureStopsTheServicesBesideIt(): void
    {
        $this->config('interval: 10ms', "broken:\n  source: ticker\n  interval: 10ms\n"
            . "  workers: {command: php nothing.php}\n");
        $this->server->write('app.php', ServerProcess::worker('$worker->send();'));
        $ended = $this->server->serve()->wait();
        self::assertSame(1, $ended->exitCode, $ended->log);
        self::assertStringContainsString('nothing.php', $ended->texts('error', 'broken')[0]);
        self::assertContains('stopped', $ended->texts('info', 'ticker'));
        self::assertContains(
            'stopped after a failure; the working directory is ' . \realpath($this->server->folder),
            $ended->texts('error'),
        );
    }

    public function testTheConfigsFolderIsTheWorkingDirectory(): void
    {
        \mkdir($this->server->folder . '/site');
        $this->server->write('site/app.php', ServerProcess::worker('touch("here"); $worker->send();'));
        $this->server->write('site/.rr.yaml', "ticker:\n  interval: 1\n  count: 1\n  workers.command: php app.php\n");
        $ended = $this->server->run(['serve', '-c', 'site/.rr.yaml']);
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertFileExists($this->server->folder . '/site/here');
        self::assertMatchesRegularExpression('~serves site/\.rr\.yaml: ticker$~m', $ended->log);

        $ended = $this->server->run(['serve', '-c', 'site/.rr.yaml', '-w', '.', '-o', 'ticker.workers.command=php site/app.php']);
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertFileExists($this->server->folder . '/here');
    }

    public function testTheLogSectionAndTheOptionsThatWin(): void
    {
        $this->config("interval: 10ms\n  count: 1", "log: {format: json, level: warning}\n");
        $this->server->write('app.php', ServerProcess::worker('$worker->error("no");'));
        $ended = $this->server->run(['serve']);
        self::assertSame(['event 0: error: no'], $ended->texts('warning'));
        self::assertSame([], $ended->texts('info'));
        $ended = $this->server->run(['serve', '--log-format', 'text', '--log-level', 'error']);
        self::assertSame('', $ended->log);
    }

    public function testALogThatNobodyReadsDoesNotEndTheServer(): void
    {
        $this->config('interval: 20ms');
        $this->server->write('app.php', ServerProcess::worker(
            'file_put_contents("ticks", "$tick\n", FILE_APPEND); $worker->send();',
        ));
        $this->server->serve();
        $this->server->waitForLog('event 0: ok');
        $this->server->closeLog();
        $at = \substr_count($this->server->read('ticks'), "\n");
        $this->server->waitForFile('ticks', "\n" . ($at + 5) . "\n");
        $this->server->signal(\SIGTERM);
        self::assertSame(0, $this->server->wait()->exitCode);
    }
}
