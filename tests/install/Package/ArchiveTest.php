<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Package;

use Coyote\Tests\Install\Support\Command;
use Coyote\Tests\Install\Support\Scratch;
use Coyote\Tests\Install\Support\Sources;
use PHPUnit\Framework\TestCase;

/** What is handed out. That it builds, the other tests show. */
final class ArchiveTest extends TestCase
{
    public function testWhatIsInIt(): void
    {
        $scratch = new Scratch();
        Sources::archive($scratch->path);
        $files = Scratch::files($scratch->path);

        foreach ($files as $file) {
            self::assertDoesNotMatchRegularExpression(
                '~^(tests|build|vendor|\.ci|\.git|dev$|.*\.dist|\.clang|\.editorconfig)|\.(c|php|sh)\.orig$|/ticks\.txt$~',
                $file,
            );
        }
        foreach (['LICENSE', 'README.md', 'CMakeLists.txt', 'bindings.h', 'bindings/cplusplus_begin.inc', 'composer.json',
            'extension.neon', 'capi/abi/abi_pool.c', 'capi/man/coyote.3', 'php/autoload.php', 'php/stubs/Bindings.php',
            'php/compat/autoload.php', 'php/examples/ticker/.rr.yaml', 'examples/c/hash_files.c'] as $file) {
            self::assertContains($file, $files);
        }
        foreach (['coyote', 'coyote-build', 'coyote-embed'] as $program) {
            self::assertTrue(\is_executable("$scratch->path/php/bin/$program"), "$program can be executed");
        }
        self::assertLessThan(4 * 1024 * 1024, $this->sizeOf($scratch->path, $files));
    }

    public function testComposerAgreesWithGit(): void
    {
        $git = new Scratch();
        Sources::archive($git->path);
        $clone = new Scratch();
        Sources::checkOut($clone->path);
        $run = Command::run(
            ['composer', 'archive', '--no-interaction', '--no-plugins', '--format=tar', '--file=package'],
            $clone->path,
            ['COMPOSER_ALLOW_SUPERUSER' => '1', 'COMPOSER_DISABLE_NETWORK' => '1', 'COMPOSER_HOME' => $git->path . '/.home'],
        );
        self::assertSame(0, $run->status, $run->all());
        $composer = new Scratch();
        (new \PharData("$clone->path/package.tar"))->extractTo($composer->path);
        Scratch::remove($git->path . '/.home');

        self::assertSame(Scratch::files($git->path), Scratch::files($composer->path));
    }

    /** @param list<string> $files */
    private function sizeOf(string $folder, array $files): int
    {
        return (int) \array_sum(\array_map(static fn (string $file): int => (int) \filesize("$folder/$file"), $files));
    }
}
