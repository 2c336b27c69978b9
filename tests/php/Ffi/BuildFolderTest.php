<?php

declare(strict_types=1);

namespace Coyote\Tests\Ffi;

use Coyote\Ffi\BuildFolder;
use Coyote\Ffi\Probe;
use Coyote\Ffi\Status;
use Coyote\Tests\Support\Script;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What PHP repeats of the C side has to be the same there.
 */
final class BuildFolderTest extends TestCase
{
    private const ROOT = __DIR__ . '/../../..';

    /** @return iterable<string, array{array<string, string>, string}> */
    public static function environments(): iterable
    {
        $folder = 'coyote/' . BuildFolder::VERSION . '-' . \php_uname('m');

        yield 'home' => [['HOME' => '/home/ann'], "/home/ann/.cache/$folder"];
        yield 'cache' => [['HOME' => '/home/ann', 'XDG_CACHE_HOME' => '/var/cache/ann/'], "/var/cache/ann/$folder"];
        yield 'a relative cache is none' => [['HOME' => '/home/ann', 'XDG_CACHE_HOME' => 'cache'], "/home/ann/.cache/$folder"];
        yield 'told' => [['HOME' => '/home/ann', 'COYOTE_BUILD_DIR' => '/opt/coyote/'], '/opt/coyote'];
        yield 'the home that the system knows' => [[], \posix_getpwuid(\posix_geteuid())['dir'] . "/.cache/$folder"];
    }

    /** @param array<string, string> $environment */
    #[DataProvider('environments')]
    public function testTheFolder(array $environment, string $expected): void
    {
        $run = Script::run(
            'require PHP . "/src/Ffi/BuildFolder.php"; echo Coyote\Ffi\BuildFolder::library();',
            $environment + ['HOME' => '', 'XDG_CACHE_HOME' => '', 'COYOTE_BUILD_DIR' => ''],
        );

        self::assertSame("$expected/libcoyote.so.0", $run->stdout, $run->stderr);
    }

    public function testTheVersionIsTheProjects(): void
    {
        $project = (string) \file_get_contents(self::ROOT . '/CMakeLists.txt');

        self::assertStringContainsString('VERSION ' . BuildFolder::VERSION . ' ', $project);
    }

    public function testTheAbiIsTheLibrarys(): void
    {
        $floor = (string) \file_get_contents(self::ROOT . '/capi/abi/CMakeLists.txt');

        self::assertStringContainsString('set(COYOTE_ABI_VERSION ' . Probe::ABI . ')', $floor);
    }

    public function testStatusesAreThoseOfTheHeader(): void
    {
        $header = (string) \file_get_contents(self::ROOT . '/bindings.h');
        \preg_match_all('/^    COY_(OK|E\w+) = (-?\d+),/m', $header, $statuses, \PREG_SET_ORDER);
        $expected = \array_map('intval', \array_column($statuses, 2, 1));

        self::assertNotSame([], $expected);
        self::assertSame($expected, (new \ReflectionClass(Status::class))->getConstants());
    }
}
