<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Package;

use Coyote\Build\Platform;
use Coyote\Ffi\BuildFolder;
use Coyote\Tests\Install\Support\Command;
use Coyote\Tests\Install\Support\Scratch;
use Coyote\Tests\Install\Support\Sources;
use PHPUnit\Framework\TestCase;

/** What is said in several places. */
final class WordsTest extends TestCase
{
    public function testWhereItRuns(): void
    {
        $words = self::words(Platform::NEEDS);
        // the first screen
        $readme = \implode("\n", \array_slice(\explode("\n", $this->read('README.md')), 0, 24));

        self::assertStringContainsString($words, self::words($readme));
        self::assertStringContainsString("This is Darwin. $words", self::words((string) Platform::obstacle('Darwin')));
        self::assertNull(Platform::obstacle('Linux'));
        self::assertStringContainsString('Platform::obstacle(\PHP_OS_FAMILY)', $this->read('php/src/Ffi/Advice.php'));
    }

    public function testCMakeElsewhere(): void
    {
        $scratch = new Scratch('-');
        // it is told so before it looks for a compiler of that system
        \file_put_contents("$scratch->path/toolchain.cmake", "set(CMAKE_SYSTEM_NAME FreeBSD)\nset(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)\n");
        $run = Command::run(
            ['cmake', '-S', Sources::root(), '-B', "$scratch->path/build", "--toolchain=$scratch->path/toolchain.cmake"],
            $scratch->path,
        );

        self::assertNotSame(0, $run->status);
        self::assertStringContainsString('This is FreeBSD. ' . self::words(Platform::NEEDS), self::words($run->errors));
    }

    public function testVersions(): void
    {
        self::assertMatchesRegularExpression(
            '/^project\(coyote VERSION ' . \preg_quote(BuildFolder::VERSION, '/') . ' /m',
            $this->read('CMakeLists.txt'),
        );
    }

    private function read(string $file): string
    {
        return (string) \file_get_contents(Sources::root() . "/$file");
    }

    /** However the lines are broken, and whatever stands as code. */
    private static function words(string $text): string
    {
        return (string) \preg_replace(['/[`*]/', '/\s+/'], ['', ' '], $text);
    }
}
