<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * SIGHUP: new code without a pause.
 */
final class ResetTest extends TestCase
{
    private ServerProcess $server;

    protected function setUp(): void
    {
        $loop = 'file_put_contents("seen", "tick by $code\n", FILE_APPEND); $worker->send();';
        $this->server = (new ServerProcess())
            ->write('code.php', '<?php return "the old code";')
            ->write('app.php', \str_replace(
                '$worker = ',
                "\$code = require 'code.php';\n\$worker = ",
                ServerProcess::worker($loop),
            ))
            ->write('.rr.yaml', "ticker: {interval: 20ms, workers: {command: php app.php, pool: {num_workers: 2}}}\n");
        $this->server->serve();
        $this->server->waitForFile('seen', 'the old code');
    }

    public function testFreshWorkersRunTheNewCode(): void
    {
        $this->server->write('code.php', '<?php return "the new code";');
        $this->server->signal(\SIGHUP);
        $this->server->waitForFile('seen', 'the new code');
        $this->server->waitForLog('the reset is done: 2 fresh workers');
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([], $ended->texts('error'));
        foreach ($ended->outcomes() as $outcome) {
            self::assertSame('ok', $outcome);
        }
    }

    public function testResetTimeoutEndsWhatHangs(): void
    {
        $hangs = 'touch("hung"); while ($code === "the old code") { usleep(1000); } $worker->send();';
        $server = (new ServerProcess())
            ->write('code.php', '<?php return "the old code";')
            ->write('app.php', \str_replace(
                '$worker = ',
                "\$code = require 'code.php';\n\$worker = ",
                ServerProcess::worker("file_put_contents('seen', \$code);\n$hangs"),
            ))
            ->write('.rr.yaml', "ticker: {interval: 20ms, workers: {command: php app.php, pool: "
                . "{num_workers: 1, resetTimeout: 200ms}}}\n");
        $server->serve();
        $server->waitForFile('seen', 'the old code');
        $server->write('code.php', '<?php return "the new code";');
        $server->signal(\SIGHUP);
        $server->waitForFile('seen', 'the new code');
        $server->waitForLog('event 0: timed_out');
        $server->signal(\SIGTERM);
        $ended = $server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertStringContainsString('(reset_timeout)', $ended->outcomes()[0]);
        $others = \array_diff_key($ended->outcomes(), [0 => true]);
        self::assertSame(['ok'], \array_values(\array_unique($others)), $ended->log);
    }

    public function testCodeThatDoesNotBootLeavesTheOldAtWork(): void
    {
        $this->server->write('code.php', '<?php throw new RuntimeException("half deployed");');
        $this->server->signal(\SIGHUP);
        $this->server->waitForLog('the old workers go on');
        $this->server->write('seen', '');
        $this->server->waitForFile('seen', 'the old code');
        $this->server->signal(\SIGTERM);
        $ended = $this->server->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertCount(2, $ended->texts('error'), $ended->log);
        self::assertStringContainsString('half deployed', $ended->texts('error')[0]);
        self::assertStringEndsWith('exited with status 255', $ended->texts('error')[1]);
    }
}
