<?php

declare(strict_types=1);

namespace Coyote\Tests\Server;

use Coyote\Server;
use Coyote\Source;
use Coyote\Tests\Support\LogBook;
use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\TestCase;

/**
 * Servers with real workers. One that hangs is ended by an alarm, which fails its test.
 */
abstract class ServerTestCase extends TestCase
{
    private const SECONDS = 30;

    protected LogBook $log;

    protected function setUp(): void
    {
        $this->log = new LogBook();
        \pcntl_async_signals(true);
        \pcntl_signal(\SIGALRM, static fn () => throw new \RuntimeException('the server hangs'));
        \pcntl_alarm(self::SECONDS);
    }

    protected function tearDown(): void
    {
        \pcntl_alarm(0);
        \pcntl_signal(\SIGALRM, \SIG_DFL);
    }

    /**
     * @param array<string, mixed> $pool
     *
     * @return array<string, mixed> a section of the config
     */
    protected static function section(int $workers = 1, array $pool = []): array
    {
        return ['workers' => ['command' => Workers::command(), 'pool' => ['num_workers' => $workers] + $pool]];
    }

    /**
     * @param array<string, Source> $sources by kind
     * @param array<string, mixed>  $config  over a section for each of them
     */
    protected function server(array $sources, array $config = []): Server
    {
        $server = new Server($config + \array_map(static fn (): array => self::section(), $sources), $this->log);
        foreach ($sources as $kind => $source) {
            $server->register($kind, $source);
        }

        return $server;
    }

    /** @param callable(): bool $reached */
    protected static function stepUntil(Server $server, callable $reached): void
    {
        while (!$reached()) {
            self::assertTrue($server->step(1.0), 'the server has ended too early');
        }
    }

    /** @return list<string> */
    protected function logged(string $level): array
    {
        return \array_values(\array_map(
            static fn (array $line): string => $line['text'],
            \array_filter($this->log->lines, static fn (array $line): bool => $line['level'] === $level),
        ));
    }
}
