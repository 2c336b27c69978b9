<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use Coyote\Tests\E2e\Support\Ended;
use PHPUnit\Framework\TestCase;

/**
 * What a script prints becomes log lines; the server's own output stays clean.
 */
final class OutputEmbedTest extends TestCase
{
    private static function serve(string $code, string $command = 'php app.php'): Ended
    {
        $script = "while (receive() !== null) { $code send(); }";
        return (new EmbedServer($script, ['count' => 1, 'workers.command' => $command]))->run();
    }

    /** @return list<string> */
    private static function printed(Ended $ended): array
    {
        $ours = ['serving:', 'coyote-embed ', 'ended:', 'all services'];
        return array_values(array_filter(
            $ended->texts('info'),
            static fn (string $text): bool => str_replace($ours, '', $text) === $text,
        ));
    }

    public function testWholeLinesWhateverThePieces(): void
    {
        $ended = self::serve('echo "one\ntw"; echo "o"; flush(); print "\n\n"; echo "three\r\nfour";');
        self::assertSame(['one', 'two', 'three', 'four'], self::printed($ended));
        self::assertSame('', $ended->output);
        foreach ($ended->lines as $line) {
            if ($line['text'] === 'two') {
                self::assertSame('ticker', $line['service']);
            }
        }
    }

    public function testAnUnfinishedLineComesWhenTheScriptWaits(): void
    {
        $server = new EmbedServer('echo "before"; while (receive() !== null) { echo "unfinished"; send(); }', [
            'interval' => '1h',
            'count' => 2,
        ]);
        $server->start();
        $server->process->waitForLog('"text":"before"');
        $server->process->signal(SIGTERM);
        self::assertSame(0, $server->process->wait()->exitCode);
    }

    public function testALineWithoutEndIsCut(): void
    {
        $ended = self::serve('echo str_repeat("x", 200_000);');
        $printed = self::printed($ended);
        self::assertSame(200_000, strlen(implode('', $printed)));
    }

    public function testBytesThatAreNoText(): void
    {
        $ended = self::serve('echo "\xff\0\x1b[2J\n";');
        self::assertSame(["\u{fffd}\0\x1b[2J"], self::printed($ended));
    }

    public function testErrorsHaveTheirLevelAndComeOnce(): void
    {
        $code = 'trigger_error("careful", E_USER_WARNING); trigger_error("by the way");
            trigger_error("old", E_USER_DEPRECATED); error_log("noted"); @trigger_error("hush"); echo $nothing;';
        foreach (['php app.php', 'php -n app.php', 'php -d display_errors=1 -d log_errors=1 app.php'] as $command) {
            $ended = self::serve($code, $command);
            self::assertCount(1, $ended->textsWith('warning', 'PHP Warning:  careful in '), $command . $ended->log);
            self::assertCount(1, $ended->textsWith('warning', 'Undefined variable $nothing'), $command);
            self::assertCount(1, $ended->textsWith('info', 'by the way'), $command . $ended->log);
            self::assertCount(1, $ended->textsWith('info', 'noted'), $command);
            self::assertStringNotContainsString('hush', $ended->log);
            self::assertSame(substr_count($ended->log, 'careful'), 1, $command);
        }
    }

    public function testErrorsThatGoToAFileAreStillDisplayed(): void
    {
        $ended = self::serve(
            'trigger_error("careful", E_USER_WARNING);',
            'php -d display_errors=1 -d log_errors=1 -d error_log=php.log app.php',
        );
        self::assertCount(1, $ended->textsWith('info', 'Warning: careful in'), $ended->log);
    }

    public function testTheStandardStreamsAreTheServersAndCantBeClosed(): void
    {
        $server = new EmbedServer(
            'fwrite(STDOUT, "out " . receive() . "\n"); fwrite(STDERR, "err\n");
            fclose(STDOUT); fclose(STDERR); fclose(STDIN); fclose(fopen("php://stdout", "w")); send();
            while (receive() !== null) { send(); exit; }',
            ['count' => 3],
        );
        $ended = $server->run();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertStringContainsString("out {\"tick\": 0}\n", $ended->output);
        self::assertStringContainsString("\nerr\n", $ended->log);
        self::assertGreaterThan(1, substr_count($ended->output, 'out {'), 'the second run has streams too');
        self::assertContains('all services have ended', $ended->texts('info'));
    }
}
