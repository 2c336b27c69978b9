<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Pool;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Pool;
use Coyote\Tests\E2e\Support\PoolException;
use PHPUnit\Framework\Attributes\DataProvider;

/**
 * Pools that do not come to be: the error quotes what the process said.
 */
final class BootTest extends PoolTestCase
{
    private static function assertNoStart(Pool $pool, string ...$words): void
    {
        try {
            $pool->start();
            self::fail('it did start');
        } catch (PoolException $refused) {
            self::assertSame(Pool::EWORKER, $refused->getCode(), $refused->getMessage());
            foreach ($words as $text) {
                self::assertStringContainsString($text, $refused->getMessage());
            }
        }
    }

    private static function assertStartsLater(Pool $pool, int $timeout): void
    {
        try {
            $pool->start($timeout);
            self::fail('it did start');
        } catch (PoolException $refused) {
            self::assertSame(Pool::ETIMEOUT, $refused->getCode(), $refused->getMessage());
        }
    }

    #[DataProvider('lanes')]
    public function testAWrongCommand(Lane $lane): void
    {
        self::assertNoStart($this->newPool($lane, command: 'phq worker.php'), 'phq', 'No such file');
        self::assertNoStart($this->newPool($lane, command: __FILE__), __FILE__, 'not executable');
    }

    #[DataProvider('lanes')]
    public function testAMissingScript(Lane $lane): void
    {
        $pool = $this->newPool($lane, command: \sprintf('"%s" nowhere.php', \PHP_BINARY));
        self::assertNoStart($pool, 'Could not open input file: nowhere.php');
    }

    #[DataProvider('lanes')]
    public function testAFailingBoot(Lane $lane): void
    {
        $pool = $this->newPool($lane, ['env.BOOT' => 'throw the database is away']);
        self::assertNoStart($pool, 'the database is away', 'exited with status 255', 'before it answered the handshake');
        $pool = $this->newPool($lane, ['env.BOOT' => 'exit 7', 'num_workers' => 2]);
        self::assertNoStart($pool, 'exited with status 7');
    }

    /** A script that ends well, and never was a worker. */
    #[DataProvider('lanes')]
    public function testAScriptThatIsNoWorker(Lane $lane): void
    {
        \file_put_contents("$this->folder/page.php", '<?php echo "Hello, I am a web page\n";');
        $pool = $this->newPool($lane, command: \sprintf('"%s" "%s/page.php"', \PHP_BINARY, $this->folder));
        self::assertNoStart($pool, 'Hello, I am');
    }

    public function testABootWithoutEnd(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $key = $lane->isSocket() ? 'relay_timeout' : 'allocate_timeout';
            $pool = $this->newPool($lane, ['env.BOOT' => 'sleep 60000', $key => '300ms']);
            self::assertStartsLater($pool, 0);
            yield;
            self::assertNoStart($pool, 'did not answer the handshake within 0.3 s', $key);
        });
    }

    public function testASlowBootIsWaitedFor(): void
    {
        $this->onAllLanes(function (Lane $lane): \Generator {
            $pool = $this->newPool($lane, ['env.BOOT' => 'sleep 300']);
            self::assertStartsLater($pool, 20);
            $job = $pool->submit('echo early');
            yield;
            self::assertOk($pool->start()->wait($job), 'early');
        });
    }
}
