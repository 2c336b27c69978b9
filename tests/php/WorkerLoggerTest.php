<?php

declare(strict_types=1);

namespace Coyote\Tests;

use Coyote\Exception\CoyoteException;
use Coyote\Tests\Support\Script;
use Coyote\WorkerLogger;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Psr\Log\InvalidArgumentException;

/**
 * The lines that a worker's logger writes. That the servers know them is tested with the servers.
 */
final class WorkerLoggerTest extends TestCase
{
    private const SERVED = ['RR' => 'true'];

    /** @param array<string, string> $environment */
    private static function written(string $code, array $environment = self::SERVED): string
    {
        $script = Script::run('require COMPOSER; $logger = new Coyote\WorkerLogger(); ' . $code, $environment);
        self::assertSame([0, ''], [$script->status, $script->stdout], $script->stderr);

        return $script->stderr;
    }

    /** @return array<mixed> the one record that the code writes */
    private static function record(string $code): array
    {
        $written = self::written($code);
        self::assertMatchesRegularExpression('/^\x1e[^\n]+\n$/D', $written);
        $record = \json_decode(\substr($written, 1), true, 64, \JSON_THROW_ON_ERROR);
        self::assertIsArray($record);

        return $record;
    }

    /** @return array<mixed> what became of the members of a context */
    private static function context(string $context): array
    {
        $record = self::record("\$logger->info('m', $context);");
        self::assertIsArray($record['context']);

        return $record['context'];
    }

    public function testEachLevelIsALineOfItsOwn(): void
    {
        $levels = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];
        $calls = \implode('', \array_map(static fn (string $level): string => "\$logger->$level('it is $level');", $levels));
        $lines = \array_map(static fn (string $level): string => "\x1e{\"level\":\"$level\",\"message\":\"it is $level\"}\n", $levels);
        self::assertSame(\implode('', $lines), self::written($calls));
    }

    public function testPlaceholdersAreFilledFromTheContext(): void
    {
        $record = self::record('$logger->notice("{who.name} owes {sum} {of} {flag} {nothing} {unknown} {list} {error} {not a name}", [
            "who.name" => "bob", "sum" => 1.5, "of" => new class { function __toString(): string { return "EUR"; } },
            "flag" => false, "nothing" => null, "list" => [1, "{sum}"], "error" => new DomainException("no"),
        ]);');
        self::assertSame(
            'bob owes 1.5 EUR false null {unknown} [1,"{sum}"] DomainException: no {not a name}',
            $record['message'],
        );
    }

    public function testAStringableMessageIsTaken(): void
    {
        self::assertSame('told', self::record('$logger->info(new class { function __toString(): string { return "told"; } });')['message']);
        self::assertStringContainsString('threw DomainException: no', (string) self::record(
            '$logger->info(new class { function __toString(): string { throw new DomainException("no"); } });',
        )['message']);
    }

    public function testExceptionsAreToldWithThoseBefore(): void
    {
        $context = self::context('["exception" => (function (string $secret) {
            return new RuntimeException("outer", 7, new DomainException("inner")); })("s3cret")]');
        $outer = $context['exception'];
        self::assertIsArray($outer);
        self::assertSame(['RuntimeException', 'outer', 7], [$outer['class'], $outer['message'], $outer['code']]);
        self::assertSame('Command line code', $outer['file']);
        self::assertIsInt($outer['line']);
        self::assertIsArray($outer['trace']);
        self::assertMatchesRegularExpression('/^\{closure.*\}\(\) at Command line code:\d+$/D', (string) $outer['trace'][0]);
        self::assertIsArray($outer['previous']);
        self::assertSame(['DomainException', 'inner'], [$outer['previous']['class'], $outer['previous']['message']]);
        self::assertStringNotContainsString('s3cret', (string) \json_encode($context));
    }

    /** @return iterable<string, array{string, mixed}> */
    public static function values(): iterable
    {
        yield 'text' => ['"café"', 'café'];
        yield 'bytes' => ['"\xff\x00"', "\u{FFFD}\0"];
        yield 'a number' => ['-7', -7];
        yield 'a whole float' => ['1.0', 1.0];
        yield 'no number' => ['NAN', 'NAN'];
        yield 'infinity' => ['-INF', '-INF'];
        yield 'null' => ['null', null];
        yield 'a list' => ['[1, [true]]', [1, [true]]];
        yield 'an empty list' => ['[]', []];
        yield 'a map' => ['["a" => 1, 5 => 2]', ['a' => 1, 5 => 2]];
        yield 'properties' => ['(object) ["a" => (object) []]', ['a' => []]];
        yield 'a date' => ['new DateTimeImmutable("2026-01-02 03:04:05 UTC")', '2026-01-02T03:04:05.000000+00:00'];
        yield 'an object' => ['new ArrayObject()', '[object ArrayObject]'];
        yield 'a closure' => ['fn () => 1', '[object Closure]'];
        yield 'a resource' => ['fopen("php://memory", "r")', '[resource stream]'];
        yield 'a closed resource' => ['(function () { $f = fopen("php://memory", "r"); fclose($f); return $f; })()', '[resource (closed)]'];
        yield 'JSON of its own' => [
            'new class implements JsonSerializable { function jsonSerialize(): mixed { return ["a" => NAN]; } }',
            ['a' => 'NAN'],
        ];
        yield 'JSON that throws' => [
            'new class implements JsonSerializable { function jsonSerialize(): mixed { throw new DomainException("no"); } }',
            '[object JsonSerializable@anonymous, whose jsonSerialize() threw DomainException: no]',
        ];
        yield 'text that throws' => [
            'new class { function __toString(): string { throw new DomainException("no"); } }',
            '[object class@anonymous, whose __toString() threw DomainException: no]',
        ];
    }

    #[DataProvider('values')]
    public function testAnyValueIsToldOrDescribed(string $code, mixed $expected): void
    {
        self::assertSame(['value' => $expected], self::context("['value' => $code]"));
    }

    public function testEnumsAreToldByValueOrName(): void
    {
        $context = self::record('enum Backed: int { case A = 3; } enum Plain { case B; }
            $logger->info("m", ["backed" => Backed::A, "plain" => Plain::B]);')['context'];
        self::assertSame(['backed' => '3', 'plain' => 'B'], $context);
    }

    public function testNamesOfMembersAreAny(): void
    {
        self::assertSame(
            ['0' => 'first', '' => 'empty', "\u{FFFD}*\u{FFFD}x" => 'nul', "\u{FFFD}" => 'bytes'],
            self::context('["first", "" => "empty", "\0*\0x" => "nul", "\xff" => "bytes"]'),
        );
    }

    public function testCyclesAndHugeStructuresEnd(): void
    {
        $written = self::written('ini_set("memory_limit", "64M"); $a = [1]; for ($i = 0; $i < 300; $i++) { $a[] = &$a; }
            $o = new stdClass(); $o->self = $o; $logger->info("m", ["a" => &$a, "o" => $o, "many" => range(1, 1_000_000)]);');
        self::assertLessThanOrEqual(65537, \strlen($written));
        self::assertIsArray(\json_decode(\substr($written, 1), true));
    }

    public function testALineThatIsTooLongLosesItsLongTextsFirst(): void
    {
        $record = self::record('$logger->info(str_repeat("é", 20000), ["long" => str_repeat("x", 60000), "short" => 7]);');
        self::assertIsArray($record['context']);
        self::assertSame(7, $record['context']['short']);
        self::assertMatchesRegularExpression('/^x{1024}… \(60000 bytes\)$/D', (string) $record['context']['long']);
        self::assertMatchesRegularExpression('/^é{4000,4096}… \(40000 bytes\)$/Du', (string) $record['message']);
    }

    public function testThenItsContext(): void
    {
        $code = '$logger->info("kept " . str_repeat("\1", 30000), array_fill(0, 1500, str_repeat("\1", 100)));';
        self::assertLessThanOrEqual(65537, \strlen(self::written($code)));
        $record = self::record($code);
        self::assertStringStartsWith('kept ', (string) $record['message']);
        self::assertSame(['context_lost' => '1500 members that are too much for a line'], $record['context']);
    }

    public function testOutsideAServerItIsReadable(): void
    {
        self::assertSame(
            "warning: order 17 is late {\"id\":17,\"tags\":[\"a\"]}\ninfo: plain\n",
            self::written('$logger->warning("order {id} is late", ["id" => 17, "tags" => ["a"]]); $logger->info("plain");', ['RR' => '']),
        );
    }

    public function testAnUnknownLevelIsRefused(): void
    {
        foreach (['loud', 'INFO', 7, null] as $level) {
            try {
                (new WorkerLogger())->log($level, 'm');
                self::fail('taken');
            } catch (InvalidArgumentException $refused) {
                self::assertInstanceOf(CoyoteException::class, $refused);
                self::assertStringContainsString('emergency, alert, critical', $refused->getMessage());
            }
        }
    }

    public function testALogThatNobodyReadsIsNoFailure(): void
    {
        $code = 'require ' . \var_export(\dirname(__DIR__, 2) . '/vendor/autoload.php', true) . ';
            set_error_handler(static fn () => throw new ErrorException("a warning came out"));
            fgets(STDIN); (new Coyote\WorkerLogger())->error("m"); echo "alive";';
        $process = \proc_open([\PHP_BINARY, '-r', $code], [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes, null, self::SERVED + \getenv());
        self::assertIsResource($process);
        \fclose($pipes[2]);
        \fwrite($pipes[0], "go\n");
        self::assertSame('alive', \stream_get_contents($pipes[1]));
        self::assertSame(0, \proc_close($process));
    }

    /** @return iterable<string, array{string, string}> */
    public static function signatures(): iterable
    {
        yield '1.1' => ['', ''];
        yield '2.0' => ['string|\Stringable', ''];
        yield '3.0' => ['string|\Stringable', ': void'];
    }

    #[DataProvider('signatures')]
    public function testEveryVersionOfPsrLogTakesIt(string $message, string $returns): void
    {
        $script = Script::run(\sprintf(
            'namespace Psr\Log;
            interface LoggerInterface { public function log($level, %1$s $message, array $context = [])%2$s; }
            abstract class AbstractLogger implements LoggerInterface {
                public function info(%1$s $message, array $context = [])%2$s { $this->log("info", $message, $context); }
            }
            class InvalidArgumentException extends \InvalidArgumentException {}
            require COMPOSER; (new \Coyote\WorkerLogger())->info("m");',
            $message,
            $returns,
        ), self::SERVED);
        self::assertSame("\x1e{\"level\":\"info\",\"message\":\"m\"}\n", $script->stderr);
    }

    public function testItWorksInACloneWithoutComposer(): void
    {
        $application = new Support\Application();
        $script = Script::run(
            'require "../../autoload.php"; $logger = new Coyote\WorkerLogger();
            var_dump($logger instanceof Psr\Log\LoggerInterface); $logger->log(Psr\Log\LogLevel::INFO, "m");
            try { $logger->log("loud", "m"); } catch (Psr\Log\InvalidArgumentException) { echo "refused"; }',
            self::SERVED,
            $application->directory,
        );
        self::assertSame(["bool(true)\nrefused", "\x1e{\"level\":\"info\",\"message\":\"m\"}\n"], [$script->stdout, $script->stderr]);
    }
}
