<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Event;
use Coyote\Exception\ConfigException;
use Coyote\Exception\MisuseException;
use Coyote\Exception\SourceException;
use Coyote\Outcome;
use Coyote\Reply;
use Coyote\Server;
use Coyote\Tests\Support\ListSource;
use Coyote\Tests\Support\SchemaSource;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * What a source says of its section and its workers.
 */
final class ConfigTest extends ServerTestCase
{
    public function testDefaultsArePutInAndValuesAreRead(): void
    {
        $source = new SchemaSource();
        $this->server(['orders' => $source], ['orders' => self::section() + ['most' => 3]])->serve();
        self::assertEquals(['path' => '/var/spool', 'every' => 2000, 'most' => 3, 'tags' => []], $source->config);
    }

    public function testEveryMistakeIsToldWithItsPlace(): void
    {
        $file = \sys_get_temp_dir() . '/coyote-' . \bin2hex(\random_bytes(6)) . '.yaml';
        \file_put_contents($file, "orders:\n  most: 0\n  paht: x\n  workers:\n    command: php w.php\n    pool: {num_workers: 0}\n");
        $server = (new Server($file, $this->log))->register('orders', new SchemaSource());
        \unlink($file);
        for ($time = 0; $time < 2; ++$time) {
            try {
                $time === 0 ? $server->check() : $server->serve();
                self::fail('taken');
            } catch (ConfigException $mistakes) {
                $text = $mistakes->getMessage();
                self::assertStringContainsString("$file:2:9: orders.most:", $text);
                self::assertMatchesRegularExpression('~' . \preg_quote($file, '~') . ':3:3: orders\.paht: .*path~', $text);
                self::assertStringContainsString("$file:6:", $text);
            }
        }
    }

    public function testTheMistakeOfASettingNamesIt(): void
    {
        $server = $this->server(['orders' => new SchemaSource()])->set('orders.most', '0');
        $this->expectException(ConfigException::class);
        $this->expectExceptionMessageMatches('/^set\("orders\.most"\)/');
        $server->check();
    }

    public function testAFileThatIsNotThereIsNamed(): void
    {
        try {
            new Server('/nowhere/.rr.yaml');
            self::fail('read');
        } catch (\Coyote\Exception\CoyoteException $failure) {
            self::assertStringContainsString('/nowhere/.rr.yaml', $failure->getMessage());
        }
        $this->expectException(ConfigException::class);
        new Server("nul\0.yaml");
    }

    /** @return iterable<string, array{array<mixed>}> */
    public static function trees(): iterable
    {
        yield 'bytes' => [['orders' => "\xff"]];
        yield 'a resource' => [['orders' => \STDIN]];
        yield 'not a number' => [['orders' => ['a' => \NAN]]];
    }

    /** @param array<mixed> $tree */
    #[DataProvider('trees')]
    public function testAnArrayThatIsNoConfigIsRefused(array $tree): void
    {
        $this->expectException(ConfigException::class);
        $this->expectExceptionMessage('no config');
        new Server($tree);
    }

    public function testNothingToServeIsAMistake(): void
    {
        $this->expectException(ConfigException::class);
        (new Server([], $this->log))->check();
    }

    public function testItsWorkersSeeItsEnvironment(): void
    {
        $bodies = ['env PLAIN', 'env NUMBER', 'env FLAG', 'env OWN', 'env RR_MODE'];
        $source = new class ($bodies) extends ListSource implements \Coyote\ConfigurableSource {
            /** @var array<string, string> */
            public array $answers = [];

            public function schema(): array
            {
                return ['type' => 'object'];
            }

            public function environment(): array
            {
                return ['PLAIN' => 'text', 'NUMBER' => 7, 'FLAG' => true, 'OWN' => 'the source'];
            }

            public function enabled(array $config): bool
            {
                return true;
            }

            public function settle(Event $event, Outcome $outcome, ?Reply $reply = null): void
            {
                $this->answers[$event->body] = $reply?->body() ?? '';
            }
        };
        $workers = ['command' => Workers::command(), 'env' => ['OWN' => 'the section'], 'pool' => ['num_workers' => 1]];
        $this->server(['orders' => $source], ['orders' => ['workers' => $workers]])->serve();
        self::assertSame(
            ['env PLAIN' => 'text', 'env NUMBER' => '7', 'env FLAG' => 'true', 'env OWN' => 'the section', 'env RR_MODE' => 'orders'],
            $source->answers,
        );
    }

    public function testADisabledSourceIsNotServed(): void
    {
        $off = new SchemaSource(['never']);
        $off->enabled = false;
        $asked = null;
        $off->on('enabled', static function (SchemaSource $source, array $config) use (&$asked): void {
            $asked = $config['path'];
        });
        $on = new ListSource(['a']);
        $this->server(
            ['off' => $off, 'on' => $on],
            ['off' => ['workers' => ['command' => 'nowhere/no-such-command']]],
        )->serve();

        self::assertSame('/var/spool', $asked);
        self::assertSame([[], 0], [$off->calls, $off->asked]);
        self::assertSame(['a: ok'], $on->outcomes());
    }

    public function testWhereAllAreDisabledItEndsAtOnce(): void
    {
        $off = new SchemaSource(['never']);
        $off->enabled = false;
        $this->server(['off' => $off])->serve();
        self::assertSame([], $off->calls);
    }

    /** @return iterable<string, array{\Closure(SchemaSource): mixed, class-string<\Throwable>, string}> */
    public static function mistakes(): iterable
    {
        $throw = static fn () => throw new \DomainException('no idea');
        foreach (['schema', 'environment', 'enabled'] as $method) {
            yield "$method() throws" => [
                static fn (SchemaSource $source) => $source->on($method, $throw),
                SourceException::class,
                "source orders: $method() threw DomainException: no idea in " . __FILE__,
            ];
        }
        yield 'no schema' => [
            static fn (SchemaSource $source) => $source->schema = ['type' => 'nonsense'],
            MisuseException::class,
            'source orders: schema of the section: "type" must be',
        ];
        yield 'no JSON' => [
            static fn (SchemaSource $source) => $source->schema = ['type' => "\xff"],
            MisuseException::class,
            'JSON',
        ];
        yield 'no value' => [
            static fn (SchemaSource $source) => $source->environment = ['LIST' => []],
            MisuseException::class,
            'array for LIST',
        ];
        yield 'no name' => [
            static fn (SchemaSource $source) => $source->environment = ['A=B' => 'x'],
            MisuseException::class,
            'A=B',
        ];
        yield 'a NUL' => [
            static fn (SchemaSource $source) => $source->environment = ['A' => "x\0y"],
            MisuseException::class,
            'NUL',
        ];
    }

    /**
     * @param \Closure(SchemaSource): mixed $break
     * @param class-string<\Throwable>      $exception
     */
    #[DataProvider('mistakes')]
    public function testASourceThatCantSayIsNamed(\Closure $break, string $exception, string $message): void
    {
        $source = new SchemaSource(['a']);
        $break($source);
        $server = $this->server(['orders' => $source]);
        try {
            $server->serve();
            self::fail('served');
        } catch (\Throwable $failure) {
            self::assertInstanceOf($exception, $failure, (string) $failure);
            self::assertStringContainsString($message, $failure->getMessage());
            if ($exception === SourceException::class) {
                self::assertInstanceOf(\DomainException::class, $failure->getPrevious());
            }
        }
        self::assertSame([], $source->calls);
    }

    public function testOneThatCantSayWhetherItIsEnabledEndsTheServerForAll(): void
    {
        $first = new ListSource(['a']);
        $second = new SchemaSource(['b']);
        $second->on('enabled', static fn () => throw new \DomainException('no idea'));
        $server = $this->server(['first' => $first, 'second' => $second]);
        foreach (['serve', 'step', 'serve'] as $i => $method) {
            try {
                $method === 'serve' ? $server->serve() : $server->step();
                self::fail('served');
            } catch (SourceException $failure) {
                self::assertStringContainsString('source second: enabled() threw', $failure->getMessage());
                self::assertLessThan(2, $i);
            } catch (MisuseException) {
                self::assertSame(2, $i); // it has been told
            }
        }
        self::assertSame([['open', 'close'], []], [$first->calls, $second->calls]);
    }
}
