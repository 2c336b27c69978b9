<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * Code that does not boot, and is mended while the server runs.
 */
final class HealthTest extends TestCase
{
    private const BROKEN = '<?php throw new RuntimeException("half deployed");';

    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = (new ServerProcess())
            ->write('.rr.yaml', "ticker: {interval: 20ms, workers: {command: php app.php, pool: {num_workers: 2}}}\n");
    }

    private function mend(): void
    {
        // in one go, as a deployment does: no worker reads the half of it
        $this->server->write('new.php', ServerProcess::worker('file_put_contents("seen", "tick $tick\n", FILE_APPEND); $worker->send();'));
        \rename($this->server->folder . '/new.php', $this->server->folder . '/app.php');
    }

    public function testWithoutFailFastTheServerServesOnceTheCodeIsMended(): void
    {
        $this->server->write('app.php', self::BROKEN);
        $this->server->serve(['-o', 'ticker.workers.pool.fail_fast=false']);
        $this->server->waitForLog('unhealthy: ');
        $this->mend();
        $this->server->waitForFile('seen', 'tick');
        $this->server->waitForLog('healthy again after');
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['ok'], \array_values(\array_unique($ended->outcomes())));
        $told = $ended->textsWith('error', 'unhealthy: ');
        self::assertCount(1, $told);
        self::assertStringContainsString('half deployed', $told[0]);
        self::assertMatchesRegularExpression('/; the next try is in 0\.\d s$/', $told[0]);
    }

    public function testCodeThatBreaksAndIsMendedWhileItServes(): void
    {
        $this->mend();
        $this->server->serve(['-o', 'ticker.workers.pool.max_jobs=1']);
        $this->server->waitForFile('seen', 'tick');
        $this->server->write('broken.php', self::BROKEN);
        \rename($this->server->folder . '/broken.php', $this->server->folder . '/app.php');
        $this->server->waitForLog('unhealthy: ');
        $this->server->write('seen', '');
        $this->mend();
        $this->server->waitForLog('healthy again after');
        $this->server->waitForFile('seen', 'tick');
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame(['ok'], \array_values(\array_unique($ended->outcomes())), $ended->log);
        self::assertCount(1, $ended->textsWith('error', 'unhealthy: '), $ended->log);
    }

    public function testItFailsFastByDefault(): void
    {
        $this->server->write('app.php', self::BROKEN);
        $ended = $this->server->serve()->wait();
        self::assertSame(1, $ended->exitCode, $ended->log);
        self::assertCount(1, $ended->textsWith('error', 'half deployed'), $ended->log);
        self::assertSame([], $ended->textsWith('error', 'unhealthy'));
    }

    public function testAStopWhileNothingBoots(): void
    {
        $this->server->write('app.php', self::BROKEN);
        $this->server->serve(['-o', 'ticker.workers.pool.fail_fast=false']);
        $this->server->waitForLog('unhealthy: ');
        $this->server->signal(\SIGTERM);
        self::assertSame(0, $this->server->wait()->exitCode);
    }

    public function testOneOfTwoThatBootsServes(): void
    {
        $this->mend();
        $this->server->write('first.php', '<?php if (@fopen("first", "x") !== false) { exit(9); } require "app.php";');
        $this->server->serve(['-o', 'ticker.workers.command=php first.php']);
        $this->server->waitForFile('seen', 'tick');
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertCount(1, $ended->textsWith('error', '1 of 2 workers did not come up'), $ended->log);
        self::assertSame([], $ended->textsWith('error', 'unhealthy'));
    }
}
