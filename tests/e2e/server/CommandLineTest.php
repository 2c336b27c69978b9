<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\Ended;
use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

final class CommandLineTest extends TestCase
{
    private const VALID = "ticker:\n  interval: 1\n  workers.command: php app.php\n";

    private ServerProcess $server;

    protected function setUp(): void
    {
        $this->server = new ServerProcess();
    }

    private function call(string ...$arguments): Ended
    {
        return $this->server->run(\array_values($arguments));
    }

    public function testHelpIsEverywhereAndHasExamples(): void
    {
        $calls = [['--help'], ['-h'], ['help'], ['serve', '--help'], ['check', '--help'], ['version', '--help'],
            ['help', 'serve'], ['help', 'check'], ['help', 'version'], ['help', 'help']];
        foreach ($calls as $arguments) {
            $ended = $this->server->run($arguments);
            $call = \implode(' ', $arguments);
            self::assertSame(0, $ended->exitCode, $call);
            self::assertSame('', $ended->log, $call);
            self::assertStringContainsString('Usage: coyote', $ended->output, $call);
            self::assertMatchesRegularExpression('/^Examples?:\n  coyote /m', $ended->output, $call);
        }
    }

    public function testTheHelpOfServeNamesEveryOptionAndTheExitCodes(): void
    {
        $help = $this->call('serve', '--help')->output;
        foreach (['-c, --config FILE', '-w, --work-dir DIR', '-o, --override KEY=VALUE', '--log-format FORMAT',
            '--log-level LEVEL', '-h, --help', "  0  ", "  1  ", "  2  ", '128+N'] as $part) {
            self::assertStringContainsString($part, $help);
        }
        foreach (\explode("\n", $help) as $line) {
            self::assertLessThanOrEqual(88, \strlen($line));
        }
    }

    public function testVersion(): void
    {
        foreach ([['version'], ['--version'], ['serve', '--version']] as $arguments) {
            $ended = $this->server->run($arguments);
            self::assertSame(0, $ended->exitCode);
            self::assertMatchesRegularExpression('/^coyote \d+\.\d+\.\d+\n$/D', $ended->output);
        }
    }

    public function testNothingToDoIsWrongUsageAndSaysWhatThereIs(): void
    {
        $ended = $this->call();
        self::assertSame(2, $ended->exitCode);
        self::assertSame('', $ended->output);
        self::assertStringContainsString('Usage: coyote COMMAND', $ended->log);
    }

    public function testWrongUsageNamesTheNearest(): void
    {
        $cases = [
            'unknown command "srve"; did you mean "serve"?' => ['srve'],
            'unknown command "chek"; did you mean "check"?' => ['help', 'chek'],
            'unknown command "xyzzyx"' => ['xyzzyx', '--help'],
            'unknown option --confg; did you mean --config?' => ['serve', '--confg', 'x'],
            'unknown option -z' => ['check', '-z'],
            '-c needs a value' => ['serve', '-c'],
            '-o interval: an override is KEY=VALUE' => ['serve', '-o', 'interval'],
            '--log-level loud: it may be debug, info, warning or error' => ['serve', '--log-level', 'loud'],
            '"app.php" is too much: serve takes options only' => ['serve', 'app.php'],
        ];
        $this->server->write('.rr.yaml', self::VALID);
        foreach ($cases as $words => $arguments) {
            $ended = $this->server->run($arguments);
            self::assertSame(2, $ended->exitCode, $words);
            self::assertSame('', $ended->output, $words);
            self::assertStringContainsString("coyote: $words", $ended->log);
            $command = \in_array($arguments[0], ['serve', 'check'], true) ? "$arguments[0] " : '';
            self::assertStringContainsString("Try \"coyote $command--help\".", $ended->log);
        }
    }

    public function testAMissingConfigSaysWhatToDo(): void
    {
        foreach (['serve', 'check'] as $command) {
            $ended = $this->call($command);
            self::assertSame(1, $ended->exitCode);
            self::assertStringContainsString("there is no .rr.yaml or .rr.json in {$this->server->folder}", $ended->log);
            self::assertStringContainsString('-c FILE', $ended->log);
            self::assertStringContainsString('command: "php app.php"', $ended->log);

            $ended = $this->call($command, '-c', 'else.yaml');
            self::assertSame(1, $ended->exitCode);
            self::assertStringContainsString("there is no file else.yaml in {$this->server->folder}", $ended->log);
        }
    }

    public function testAnUnreadableConfigOrFolderIsTold(): void
    {
        $ended = $this->call('check', '-c', $this->server->folder);
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString('Is a directory', $ended->log);

        $ended = $this->call('check', '-w', 'nowhere');
        self::assertSame(1, $ended->exitCode);
        self::assertStringContainsString('nowhere: No such file or directory', $ended->log);
    }

    public function testTheExampleOfTheMissingConfigIsValid(): void
    {
        $example = \preg_replace('/^.*?\n\n/s', '', $this->call('check')->log);
        $ended = $this->server->write('.rr.yaml', (string) $example)->run(['check']);
        self::assertSame(0, $ended->exitCode, $ended->log);
    }

    public function testDefaultFilesAndWorkDir(): void
    {
        \mkdir($this->server->folder . '/site');
        $this->server->write('site/.rr.json', '{"ticker": {"interval": 1, "workers": {"command": "php app.php"}}}');
        $ended = $this->call('check', '--work-dir', 'site');
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertStringStartsWith('.rr.json is valid: 1 service:', $ended->output);

        $this->server->write('site/.rr.yaml', self::VALID);
        self::assertStringStartsWith('.rr.yaml is valid', $this->call('check', '-w', 'site')->output);
    }

    public function testCheckSaysWhatWouldBeServed(): void
    {
        $this->server->write('two.yaml', "version: '2.7'\n" . self::VALID
            . "slow:\n  source: ticker\n  interval: 1h\n  workers: {command: 'php \"my app.php\"', pool: {num_workers: 1}}\n");
        $ended = $this->call('check', '-c', 'two.yaml', '-o', 'ticker.workers.pool.num_workers=3');
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame('', $ended->log);
        self::assertSame("two.yaml is valid: 2 services:\n"
            . "  ticker: source ticker, 3 workers, php app.php\n"
            . "  slow: source ticker, 1 worker, php \"my app.php\"\n", $ended->output);
    }

    public function testOutputThatCantBeWrittenIsAFailure(): void
    {
        $binary = (string) \getenv('COYOTE_BINARY');
        \exec(\escapeshellarg($binary) . ' --help >/dev/full 2>&1', $output, $exitCode);
        self::assertSame(1, $exitCode);
    }
}
