<?php

declare(strict_types=1);

namespace Coyote\Tests\Pool;

use Coyote\Exception\ConfigException;
use Coyote\Exception\SystemException;
use Coyote\Pool;
use Coyote\Pool\Settings;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class SettingsTest extends TestCase
{
    public function testEveryWayToWriteThemIsUnderstood(): void
    {
        $pool = new Pool(Workers::command(), [
            'num_workers' => 2,
            'pool.prefetch' => '3',
            'pool' => ['max_jobs' => 100, 'supervisor' => ['exec_ttl' => 1.5], 'dynamic_allocator.max_workers' => 1],
            'supervisor' => ['ttl' => '1m30s'],
            'supervisor.watch_tick' => 0.25,
            'debug' => false,
            'max_payload_size' => '1MiB',
            'env' => ['WORD' => 'nested, with.dots', 'NUMBER' => 7],
            'env.DOTTED' => 'dotted',
            'relay_timeout' => 2.0,
            'allocate_timeout' => 1e-3 * 20_000,
        ]);
        self::assertSame('nested, with.dots', $pool->exec('env WORD', Workers::LONG)->body());
        self::assertSame('7', $pool->exec('env NUMBER')->body());
        self::assertSame('dotted', $pool->exec('env DOTTED')->body());
    }

    public function testValuesBecomeTextAndTheLastWins(): void
    {
        self::assertSame(
            ['a' => '2', 'b.c' => 'true', 'b.d.e' => '0.000001', 'f' => '-1.5', 'b.x' => 'later', 'g' => 'text'],
            Settings::flatten([
                'a' => 2,
                'b' => ['c' => true, 'd' => ['e' => 1e-6], 'x' => 'early'],
                'f' => -1.5,
                'b.x' => 'later',
                'g' => new class () {
                    public function __toString(): string
                    {
                        return 'text';
                    }
                },
            ]),
        );
    }

    /** @return iterable<string, array{array<array-key, mixed>, string}> */
    public static function mistakes(): iterable
    {
        yield 'misspelt' => [['num_worker' => 1], 'did you mean "num_workers"?'];
        yield 'out of range' => [['pool' => ['num_workers' => 0]], 'from 1 to 500'];
        yield 'no number' => [['num_workers' => 'two'], 'expected an integer'];
        yield 'a list' => [['pool' => [1, 2]], 'pool is a list'];
        yield 'a list at the top' => [['php worker.php'], 'is a list'];
        yield 'null' => [['exec_ttl' => null], 'exec_ttl is null'];
        yield 'infinite' => [['exec_ttl' => \INF], 'exec_ttl is INF'];
        yield 'negative' => [['exec_ttl' => -1.5], 'exec_ttl'];
        yield 'an object' => [['exec_ttl' => new \stdClass()], 'stdClass'];
        yield 'a NUL' => [['env' => ['A' => "a\0b"]], 'NUL'];
        yield 'not UTF-8' => [['env' => ['A' => "\xff"]], 'UTF-8'];
    }

    /** @param array<string, mixed> $settings */
    #[DataProvider('mistakes')]
    public function testMistakesAreToldAtOnce(array $settings, string $says): void
    {
        $this->expectException(ConfigException::class);
        $this->expectExceptionMessage($says);
        new Pool(Workers::command(), $settings);
    }

    public function testACommandThatIsNoneIsRefused(): void
    {
        foreach (['', 'php "worker.php', "php\0worker.php"] as $command) {
            try {
                new Pool($command);
                self::fail('it was taken');
            } catch (ConfigException $failure) {
                self::assertStringContainsString('command', $failure->getMessage());
            }
        }
    }

    public function testAPoolOfAConfig(): void
    {
        $file = (string) \tempnam(\sys_get_temp_dir(), 'coyote');
        \file_put_contents($file, \json_encode([
            'env' => ['OF_ALL' => 'everybody'],
            'orders' => [
                'source' => 'ticker',
                'interval' => 1,
                'workers' => ['command' => Workers::command(), 'env' => ['NAME' => 'orders'], 'pool' => ['num_workers' => 1]],
            ],
        ]));
        try {
            $pool = Pool::fromConfig($file, 'orders', ['env.MORE' => 'here']);
            self::assertSame('orders', $pool->exec('env NAME', Workers::LONG)->body());
            self::assertSame('everybody', $pool->exec('env OF_ALL')->body());
            self::assertSame('here', $pool->exec('env MORE')->body());
            try {
                Pool::fromConfig($file, 'invoices');
                self::fail('there is no such section');
            } catch (ConfigException $failure) {
                self::assertStringContainsString('invoices', $failure->getMessage());
            }
            \file_put_contents($file, 'orders: {workers: {command: php, pool: {num_workers: none}}}');
            $this->expectException(ConfigException::class);
            $this->expectExceptionMessage("$file:1:");
            Pool::fromConfig($file, 'orders');
        } finally {
            \unlink($file);
        }
    }

    public function testAFileThatIsNotThere(): void
    {
        $this->expectException(SystemException::class);
        $this->expectExceptionMessage('/nowhere.yaml');
        Pool::fromConfig('/nowhere.yaml', 'orders');
    }
}
