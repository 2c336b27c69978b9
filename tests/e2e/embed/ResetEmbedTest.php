<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use PHPUnit\Framework\TestCase;

/**
 * SIGHUP: the script starts again, with its new code.
 */
final class ResetEmbedTest extends TestCase
{
    public function testTheScriptStartsAgain(): void
    {
        $server = new EmbedServer(
            '$code = require "code.php"; while (receive() !== null) { file_put_contents("seen", $code); send(); }',
            ['interval' => '20ms', 'count' => 100000],
        );
        $server->process->write('code.php', '<?php return "the old code";');
        $server->start();
        $server->process->waitForFile('seen', 'the old code');
        $server->process->write('code.php', '<?php return "the new code";');
        $server->process->signal(SIGHUP);
        $server->process->waitForFile('seen', 'the new code');
        $server->process->signal(SIGTERM);
        $ended = $server->process->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertContains('a reset: the script starts again', $ended->texts('info'));
        foreach ($ended->outcomes() as $outcome) {
            self::assertSame('ok', $outcome);
        }
    }

    public function testAnIdleScriptToo(): void
    {
        $server = new EmbedServer(
            'file_put_contents("boots", "boot\n", FILE_APPEND); while (receive() !== null) { send(); }',
            ['interval' => '1h'],
        );
        $server->start();
        $server->process->waitForLog('event 0: ok');
        $server->process->signal(SIGHUP);
        $server->process->waitForFile('boots', "boot\nboot\n");
        $server->process->signal(SIGHUP);
        $server->process->waitForFile('boots', "boot\nboot\nboot\n");
        $server->process->signal(SIGTERM);
        $ended = $server->process->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([], $ended->texts('warning'));
    }
}
