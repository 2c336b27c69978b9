<?php

declare(strict_types=1);

namespace Coyote\Tests\Example;

use Coyote\Tests\Support\Application;
use Coyote\Tests\Support\Frames;
use Coyote\Tests\Support\Script;
use Coyote\Tests\Support\WorkerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * The ticker example as a server runs it: its own classes, and the two of the project's origin.
 */
final class TickerTest extends TestCase
{
    private const ENVIRONMENT = ['RR' => 'true', 'RR_MODE' => 'ticker', 'RR_TICKER' => 'true'];

    /** In place of what coyote-embed builds in: three ticks, then stop. */
    private const EMBED = '<?php namespace Coyote\Embed;
        function receive(?string &$context = null): ?string {
            static $tick = 0;
            $context = \sprintf(\'{"lastTick": %d}\', $tick * 100);
            return $tick < 3 ? \sprintf(\'{"tick": %d}\', $tick++) : null;
        }
        function send(string $body = "", string $context = ""): void { \fwrite(\STDERR, "<$body|$context>"); }
        function error(string $message): void { \fwrite(\STDERR, "error: $message"); }
        function stop(): void { \fwrite(\STDERR, "stop"); }';

    private Application $application;

    protected function setUp(): void
    {
        $this->application = new Application();
    }

    /**
     * @return iterable<string, array{bool, string, bool}>
     */
    public static function runs(): iterable
    {
        foreach (['the example' => false, 'the seed' => true] as $what => $seed) {
            yield "$what, on descriptors" => [$seed, WorkerProcess::ON_DESCRIPTORS, false];
            yield "$what, on standard streams" => [$seed, 'pipes', false];
            yield "$what, with Composer" => [$seed, WorkerProcess::ON_DESCRIPTORS, true];
        }
    }

    #[DataProvider('runs')]
    public function testSpawned(bool $seed, string $relay, bool $composer): void
    {
        $seed && $this->application->layTheSeedOver();
        $composer && $this->application->addVendor();
        $worker = $this->start($relay);

        $worker->write(Frames::control('{"pid":1}'));
        self::assertSame(Frames::pidReply($worker->pid), $worker->readFrame(), $worker->stderr());
        foreach ([0, 1700000000, 1700000001] as $tick => $last) {
            $worker->write(Frames::exec("{\"tick\": $tick}", "{\"lastTick\": $last}"));
            self::assertSame(Frames::reply('OK'), $worker->readFrame(), $worker->stderr());
        }
        $worker->write(Frames::stop());

        self::assertSame(0, $worker->wait(), $worker->stderr());
        self::assertSame("0\n1\n2\n", $this->application->ticks());
        self::assertSame('', $worker->rest());

        $printed = $worker->stdout() . $worker->stderr();
        if ($seed) {
            self::assertSame('', $printed);
        } else {
            self::assertMatchesRegularExpression(
                '/^took tick 0, the last one never\ntook tick 1, the last one at [\d:]{8}\ntook tick 2, .*\n$/',
                $printed,
            );
        }
    }

    public function testInside(): void
    {
        foreach ([false, true] as $seed) {
            $this->application = new Application();
            $seed && $this->application->layTheSeedOver();
            $prelude = $this->application->directory . '/embed.php';
            \file_put_contents($prelude, self::EMBED);

            $script = Script::run(
                \sprintf('require %s; require "app.php";', \var_export($prelude, true)),
                self::ENVIRONMENT,
                $this->application->directory,
            );
            self::assertSame(0, $script->status);
            self::assertSame('<OK|><OK|><OK|>', $script->stderr);
            self::assertSame("0\n1\n2\n", $this->application->ticks());
            self::assertSame($seed ? 0 : 3, \substr_count($script->stdout, "\n"));
        }
    }

    public function testATickThatIsNoneIsAnErrorAndTheNextIsTaken(): void
    {
        $worker = $this->start(WorkerProcess::ON_DESCRIPTORS);
        $worker->write(Frames::exec('{"tock": 1}', '{"lastTick": 0}'));
        self::assertSame(
            Frames::error('expected JSON with the number "tick", got: {"tock": 1}'),
            $worker->readFrame(),
            $worker->stderr(),
        );

        $worker->write(Frames::exec('{"tick": 1}', '{"lastTick": 0}'));
        self::assertSame(Frames::reply('OK'), $worker->readFrame());
        self::assertSame("1\n", $this->application->ticks());
    }

    public function testRunByHandItSaysWhatIsMissing(): void
    {
        $script = Script::run('require "app.php";', [], $this->application->directory);

        self::assertSame(255, $script->status);
        self::assertStringContainsString('No dispatcher can serve. Asked: App\Dispatcher\TickerDispatcher.', $script->stderr);
        self::assertStringContainsString('run `coyote serve`', $script->stderr);
    }

    /** What is served is what the origin says, not what somebody has mended. */
    public function testTheSeedIsAsItWas(): void
    {
        $seed = \dirname(__DIR__, 2) . '/fixtures/seed';
        self::assertSame(
            [
                '4dc814cf972a8d5a4768e9afb791705a124b8d0680ee6a5ebb6ef1ffdfc21bd6',
                '0883f35cd1d8d5710a472ce23d7051c40536f0d7db0827d1d238f8afe9929fcb',
            ],
            [
                \hash_file('sha256', "$seed/TickerDispatcher.php"),
                \hash_file('sha256', "$seed/TickerBootloader.php"),
            ],
        );
    }

    private function start(string $relay): WorkerProcess
    {
        return new WorkerProcess(['app.php'], self::ENVIRONMENT, $this->application->directory, $relay);
    }
}
