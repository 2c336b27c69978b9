<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Server;

use Coyote\Tests\E2e\Support\ServerProcess;
use PHPUnit\Framework\TestCase;

/**
 * Each worker takes several of the server's descriptors.
 */
final class DescriptorLimitTest extends TestCase
{
    private const WORKERS = 20;

    private function serverUnder(string $limits): ServerProcess
    {
        $server = new ServerProcess(['sh', '-c', "ulimit $limits && exec \"\$@\"", 'sh']);
        $server->write('.rr.yaml', "ticker:\n  interval: 10ms\n  count: 1\n"
            . "  workers: {command: php -n app.php, pool.num_workers: " . self::WORKERS . "}\n");
        $server->write('app.php', ServerProcess::worker(
            'preg_match("/^Max open files +(\d+) +(\d+)/m", file_get_contents("/proc/self/limits"), $found);'
            . 'file_put_contents("seen", "$found[1] of $found[2]"); $worker->send();',
        ));

        return $server;
    }

    public function testTheServerMayHaveMoreThanItsSoftLimitAndItsWorkersMayNot(): void
    {
        $server = $this->serverUnder('-Sn 64 && ulimit -Hn 1000');
        $ended = $server->serve()->wait();
        self::assertSame(0, $ended->exitCode, $ended->log);
        self::assertSame([0 => 'ok'], $ended->outcomes());
        self::assertSame('64 of 1000', $server->read('seen'));
    }

    public function testWhereTheHardLimitIsTooLowTheServerSaysSo(): void
    {
        $ended = $this->serverUnder('-n 64')->serve()->wait();
        self::assertSame(1, $ended->exitCode, $ended->log);
        self::assertMatchesRegularExpression(
            '/worker \d+ of 20: .*Too many open files: raise this process\'s limit of open files \(ulimit -n/',
            \implode("\n", $ended->texts('error')),
        );
    }
}
