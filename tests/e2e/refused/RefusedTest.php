<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Refused;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** Where pidfd_open, pidfd_send_signal and close_range are refused, all is as anywhere. */
final class RefusedTest extends TestCase
{
    /** @return iterable<string, array{string}> */
    public static function refusals(): iterable
    {
        yield 'by seccomp' => ['EPERM'];
        yield 'by an old kernel' => ['ENOSYS'];
    }

    #[DataProvider('refusals')]
    public function testAPool(string $refusal): void
    {
        $command = \implode(' ', \array_map(\escapeshellarg(...), [
            (string) \getenv('REFUSE_CALLS'), $refusal, \PHP_BINARY, __DIR__ . '/pool.php',
        ]));
        \exec("$command 2>&1", $output, $status);
        self::assertSame(0, $status, \implode("\n", $output));
        $seen = \json_decode($output[0] ?? '', true);
        self::assertIsArray($seen, \implode("\n", $output));

        self::assertSame(1, $seen['seccomp'], 'the filter is in force');
        self::assertSame([true, 'false'], $seen['inherited'], 'a worker has no descriptor of its host');
        self::assertSame('crashed', $seen['crash'][0]);
        self::assertStringContainsString('signal 11', $seen['crash'][1]);
        self::assertTrue($seen['replaced'], 'the pool has noticed the death');
        self::assertFalse($seen['left'], 'and ended the successor');
    }

    #[DataProvider('refusals')]
    public function testAServer(string $refusal): void
    {
        $server = new ServerProcess([(string) \getenv('REFUSE_CALLS'), $refusal]);
        $server->write('app.php', ServerProcess::worker('if ($tick === 1) { exit(3); } $worker->send("OK");'));
        $server->write('.rr.yaml', "ticker:\n  interval: 20ms\n  count: 4\n  workers:\n    command: php app.php\n"
            . "    pool:\n      num_workers: 1\n");
        $ended = $server->serve()->wait();

        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertStringContainsString('exited with status 3', $ended->log);
        self::assertSame([], $ended->textsWith('error', 'could not be started'), $ended->log);
    }
}
