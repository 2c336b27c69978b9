<?php

declare(strict_types=1);

namespace Coyote\Tests\Example;

use Coyote\Tests\Support\Application;
use PHPUnit\Framework\TestCase;

/**
 * The example of a server in PHP, and the one of the README, run as somebody would.
 */
final class SourceTest extends TestCase
{
    private const SECONDS = 30;

    private Application $application;
    private string $folder;

    /** @var resource|null */
    private mixed $process = null;

    protected function setUp(): void
    {
        $this->application = new Application('source');
        $this->folder = $this->application->directory;
        \copy(\dirname(__DIR__, 3) . '/bindings.h', \dirname($this->folder, 3) . '/bindings.h');
        \mkdir("$this->folder/spool");
    }

    protected function tearDown(): void
    {
        if ($this->process !== null) {
            \proc_terminate($this->process, \SIGKILL);
            \proc_close($this->process);
        }
    }

    public function testEveryOrderIsInvoicedOrFailsWithItsReason(): void
    {
        foreach (\range(1, 9) as $n) {
            $this->order("$n.json", "{\"customer\": \"bob\", \"cents\": $n}");
        }
        $this->order('bad.json', '{"customer": "eve"}');
        $this->order('none.txt', 'not an order');
        $this->start('serve.php', '--once');
        self::assertSame(0, $this->end(), $this->log());

        $invoices = \array_filter(\explode("\n", $this->read('invoices.txt')));
        self::assertSame(\array_map(static fn (int $n): string => "bob: $n", \range(1, 9)), $invoices, 'in the order of the customer');
        self::assertSame(['bad.json', 'bad.json.txt'], $this->files('spool/failed'));
        self::assertStringStartsWith('error: DomainException: an order needs a customer', $this->read('spool/failed/bad.json.txt'));
        self::assertSame([], $this->files('spool/claimed'));
        self::assertSame(['claimed', 'failed', 'none.txt'], $this->files('spool'));
        self::assertMatchesRegularExpression('/info    orders\[\d+\]: invoiced bob \{"customer":"bob","cents":9\}/', $this->log());
    }

    public function testALibraryThatIsNamedRelativelyIsFoundFromWhereItIsStarted(): void
    {
        $elsewhere = \dirname($this->folder);
        \symlink((string) \realpath((string) \getenv('COYOTE_LIBRARY')), "$elsewhere/libcoyote.so.0");
        $this->order('1.json', '{"customer": "bob", "cents": 1}');
        $this->startIn($elsewhere, ['COYOTE_LIBRARY' => './libcoyote.so.0'], "$this->folder/serve.php", '--once');
        self::assertSame(0, $this->end(), $this->log());
        self::assertSame("bob: 1\n", $this->read('invoices.txt'));
    }

    public function testOrdersThatComeLaterAreServedUntilItIsStopped(): void
    {
        $this->start('serve.php');
        $this->await(fn (): bool => \str_contains($this->log(), 'serving'));
        $this->order('1.json', '{"customer": "bob", "cents": 1}');
        $this->await(fn (): bool => $this->read('invoices.txt') === "bob: 1\n");
        \proc_terminate($this->process ?? throw new \LogicException(), \SIGTERM);
        self::assertSame(0, $this->end(), $this->log());
        self::assertSame([], $this->files('spool/claimed'));
    }

    public function testWhatADeadServerHadClaimedIsServedByTheNext(): void
    {
        $this->order('1.json', '{"customer": "bob", "cents": 1}');
        \file_put_contents("$this->folder/worker.php", '<?php sleep(60);');
        $this->start('serve.php');
        $this->await(fn (): bool => \is_dir("$this->folder/spool/claimed"));
        \mkdir("$this->folder/spool/claimed/kept");
        \rename("$this->folder/spool/1.json", "$this->folder/spool/claimed/1.json");
        \proc_terminate($this->process ?? throw new \LogicException(), \SIGKILL);
        $this->end();

        \copy(\dirname(__DIR__, 3) . '/php/examples/source/worker.php', "$this->folder/worker.php");
        $this->start('serve.php', '--once');
        self::assertSame(0, $this->end(), $this->log());
        self::assertSame("bob: 1\n", $this->read('invoices.txt'));
    }

    public function testAMistakeInItsConfigIsToldWithItsPlace(): void
    {
        $config = \str_replace('200ms', 'soon', $this->read('.rr.yaml'));
        \file_put_contents("$this->folder/.rr.yaml", $config);
        $this->start('serve.php');
        self::assertSame(255, $this->end());
        self::assertMatchesRegularExpression('/\.rr\.yaml:4:12: orders\.every: .*soon/', $this->log());
    }

    public function testTheSourceOfTheReadme(): void
    {
        $readme = (string) \file_get_contents(\dirname(__DIR__, 3) . '/README.md');
        self::assertSame(1, \preg_match('/^## Your own source, in PHP\n.*?^```php\n(.*?)^```$/ms', $readme, $found));
        $code = \str_replace("'vendor/autoload.php'", '__DIR__ . "/../../autoload.php"', $found[1], $replaced);
        self::assertSame(1, $replaced);
        $lines = \array_filter(\explode("\n", $code), static fn (string $line): bool => \preg_match('/^(<\?php.*|require .*|)$/D', $line) === 0);
        self::assertLessThan(15, \count($lines));

        \file_put_contents("$this->folder/pulse.php", $code);
        \file_put_contents("$this->folder/.rr.yaml", "pulse:\n    interval: 0.02\n    workers: {command: php pulses.php, pool.num_workers: 1}\n");
        \file_put_contents("$this->folder/pulses.php", '<?php require __DIR__ . "/../../autoload.php";
            Coyote\Worker::create()->serve(static function (Coyote\Payload $payload): string {
                file_put_contents("beats", $payload->body . getenv("RR_PULSE") . "\n", FILE_APPEND);
                return "OK";
            });');
        $this->start('pulse.php');
        $this->await(fn (): bool => \substr_count($this->read('beats'), "\n") >= 3);
        \proc_terminate($this->process ?? throw new \LogicException(), \SIGTERM);
        self::assertSame(0, $this->end(), $this->log());
        self::assertStringStartsWith("{\"tick\":0}true\n{\"tick\":1}true\n{\"tick\":2}true\n", $this->read('beats'));
    }

    private function order(string $name, string $order): void
    {
        \file_put_contents("$this->folder/spool/$name.new", $order);
        \rename("$this->folder/spool/$name.new", "$this->folder/spool/$name");
    }

    private function start(string ...$arguments): void
    {
        $this->startIn($this->folder, [], ...$arguments);
    }

    /** @param array<string, string> $environment over the tests' own */
    private function startIn(string $folder, array $environment, string ...$arguments): void
    {
        $log = ['file', "$this->folder/log", 'a'];
        $process = \proc_open(
            [\PHP_BINARY, '-d', 'display_errors=stderr', '-d', 'log_errors=0', ...$arguments],
            [['file', '/dev/null', 'r'], $log, $log],
            $pipes,
            $folder,
            $environment + \getenv(),
        );
        self::assertIsResource($process);
        $this->process = $process;
    }

    /** Its exit code. */
    private function end(): int
    {
        $process = $this->process ?? throw new \LogicException('nothing was started');
        $status = ['exitcode' => -1];
        $this->await(static function () use ($process, &$status): bool {
            $status = \proc_get_status($process);

            return !$status['running'];
        });
        \proc_close($process);
        $this->process = null;

        return $status['exitcode'];
    }

    /** @param callable(): bool $reached */
    private function await(callable $reached): void
    {
        for ($end = \microtime(true) + self::SECONDS; !$reached(); \usleep(2000)) {
            self::assertLessThan($end, \microtime(true), "waited in vain; the log:\n" . $this->log());
        }
    }

    private function log(): string
    {
        return $this->read('log');
    }

    private function read(string $name): string
    {
        return (string) @\file_get_contents("$this->folder/$name");
    }

    /** @return list<string> */
    private function files(string $folder): array
    {
        return \array_values(\array_diff(\scandir("$this->folder/$folder") ?: [], ['.', '..']));
    }
}
