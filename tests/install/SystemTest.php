<?php

declare(strict_types=1);

namespace Coyote\Tests\Install;

use Coyote\Tests\Install\Support\Command;
use Coyote\Tests\Install\Support\Finished;
use Coyote\Tests\Install\Support\Scratch;
use Coyote\Tests\Install\Support\Sources;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** cmake --install, cpack, and programs on what they have installed. */
final class SystemTest extends TestCase
{
    private static ?Scratch $scratch = null;
    private static string $prefix = '';

    public static function setUpBeforeClass(): void
    {
        self::$scratch = new Scratch('-');
        $staged = self::$scratch->path . '/staged';
        $run = Command::run(
            ['cmake', '--install', self::build(), '--prefix', '/opt/coyote'],
            self::$scratch->path,
            ['DESTDIR' => $staged],
        );
        self::assertSame(0, $run->status, $run->all());
        // it is used from where it was not built for
        self::$prefix = self::$scratch->path . '/moved';
        \rename("$staged/opt/coyote", self::$prefix);
    }

    public static function tearDownAfterClass(): void
    {
        self::$scratch = null;
    }

    public function testWhatIsInstalled(): void
    {
        $prefix = self::$prefix;
        foreach (['lib/libcoyote.so', 'lib/libcoyote.so.0', 'include/coyote/bindings.h', 'bin/coyote', 'bin/coyote-embed',
            'include/coyote/bindings/cplusplus_begin.inc', 'lib/pkgconfig/coyote.pc', 'lib/cmake/coyote/coyote-config.cmake',
            'share/man/man3/coyote.3', 'share/man/man1/coyote.1'] as $file) {
            self::assertFileExists("$prefix/$file");
        }
        self::assertFileEquals(Sources::root() . '/bindings.h', "$prefix/include/coyote/bindings.h");
        $dynamic = $this->command(['readelf', '-dW', "$prefix/lib/libcoyote.so", "$prefix/bin/coyote", "$prefix/bin/coyote-embed"]);
        self::assertStringContainsString('soname: [libcoyote.so.0]', $dynamic->output);
        self::assertStringNotContainsString(self::build(), $dynamic->output);
        foreach (Scratch::files($prefix) as $file) {
            if (\preg_match('/\.(pc|cmake|h|[13])$/', $file) === 1) {
                self::assertStringNotContainsString(self::build(), (string) \file_get_contents("$prefix/$file"), $file);
            }
        }
    }

    /** @return iterable<string, array{list<string>}> */
    public static function languages(): iterable
    {
        foreach (['c11', 'c17'] as $standard) {
            yield $standard => [['cc', '-x', 'c', "-std=$standard"]];
        }
        foreach (['c++11', 'c++17'] as $standard) {
            yield $standard => [['c++', '-x', 'c++', "-std=$standard"]];
        }
    }

    /** @param list<string> $compiler */
    #[DataProvider('languages')]
    public function testTheHeader(array $compiler): void
    {
        $flags = \explode(' ', \trim($this->command(['pkg-config', '--cflags', 'coyote'])->output));
        $run = Command::run(
            [...$compiler, ...$flags, '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only', '-'],
            self::$prefix,
            [],
            "#include <coyote/bindings.h>\nint main(void) { return coy_abi_version(); }\n",
        );
        self::assertSame(0, $run->status, $run->all());
    }

    public function testTheExampleByPkgConfig(): void
    {
        $example = $this->example('by-pkg-config');
        $run = $this->command(['make', 'CFLAGS=-std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wconversion -Werror'], $example);
        self::assertSame(0, $run->status, $run->all());
        $this->assertHashes("$example/hash_files", $example);
    }

    public function testTheExampleByCMake(): void
    {
        $example = $this->example('by-cmake');
        foreach ([['cmake', '-S', '.', '-B', 'build'], ['cmake', '--build', 'build']] as $command) {
            $run = $this->command($command, $example);
            self::assertSame(0, $run->status, $run->all());
        }
        $this->assertHashes("$example/build/hash_files", $example);
    }

    public function testAnotherVersionIsNotTaken(): void
    {
        $example = $this->example('newer');
        \file_put_contents("$example/CMakeLists.txt", \str_replace('coyote 0.1', 'coyote 0.2', (string) \file_get_contents("$example/CMakeLists.txt")));
        $run = $this->command(['cmake', '-S', '.', '-B', 'build'], $example);

        self::assertNotSame(0, $run->status);
        self::assertStringContainsString('version: 0.1.0', $run->errors);
    }

    public function testTheHeaderInPhp(): void
    {
        $script = 'echo FFI::load($argv[1])->coy_version();';
        $run = $this->command([\PHP_BINARY, '-r', $script, '--', self::$prefix . '/include/coyote/bindings.h']);

        self::assertEquals(new Finished(0, '0.1.0', ''), $run);
    }

    /** @return iterable<string, array{string}> */
    public static function pages(): iterable
    {
        yield 'of the interface' => ['man3/coyote.3'];
        yield 'of the program' => ['man1/coyote.1'];
    }

    #[DataProvider('pages')]
    public function testManualPages(string $page): void
    {
        $file = self::$prefix . "/share/man/$page";
        $lint = $this->command(['mandoc', '-T', 'lint', $file])->output;
        // whether the other page is installed is not the page's mistake
        self::assertSame('', \preg_replace('/^.*referenced manual not found.*\n/m', '', $lint));
        $groff = $this->command(['groff', '-ww', '-mandoc', '-Tutf8', $file]);
        self::assertSame('', $groff->errors);
        if ($page === 'man3/coyote.3') {
            $text = (string) \preg_replace('/.\x08|\x1b\[[0-9;]*m/', '', $groff->output);
            \preg_match_all('/^[a-z].*?(coy_\w+)\(/m', (string) \file_get_contents(Sources::root() . '/bindings.h'), $functions);
            self::assertGreaterThan(80, \count($functions[1]));
            foreach ($functions[1] as $function) {
                self::assertMatchesRegularExpression("/\b$function\([^)]/", $text, 'in the synopsis');
                self::assertStringContainsString("     $function()\n", $text, 'in the description');
            }
        }
    }

    public function testDebianPackages(): void
    {
        $folder = self::$scratch?->path . '/deb';
        \mkdir($folder);
        $run = $this->command(['cpack', '-G', 'DEB', '--config', self::build() . '/CPackConfig.cmake', '-B', $folder]);
        self::assertSame(0, $run->status, $run->all());
        $architecture = \trim($this->command(['dpkg', '--print-architecture'])->output);
        $library = "$folder/coyote_0.1.0_$architecture.deb";
        $embed = "$folder/coyote-embed_0.1.0_$architecture.deb";

        foreach (['libc6 (>= ', 'libjansson4 (>= 2.14)', 'libyaml-0-2', 'zlib1g'] as $package) {
            self::assertStringContainsString($package, $this->command(['dpkg-deb', '-f', $library, 'Depends'])->output);
        }
        self::assertStringNotContainsString('php', $this->command(['dpkg-deb', '-f', $library, 'Depends'])->output);
        $php = \sprintf('libphp%d.%d-embed', \PHP_MAJOR_VERSION, \PHP_MINOR_VERSION);
        self::assertStringContainsString($php, $this->command(['dpkg-deb', '-f', $embed, 'Depends'])->output);
        $this->command(['dpkg-deb', '-e', $library, "$folder/control"]);
        self::assertStringContainsString('ldconfig', (string) \file_get_contents("$folder/control/triggers"));
        $this->command(['dpkg-deb', '-x', $library, "$folder/root"]);
        $run = Command::run(["$folder/root/usr/bin/coyote", 'version'], $folder);
        self::assertEquals(new Finished(0, "coyote 0.1.0\n", ''), $run);
    }

    public function testDebianPackagesNeedTheirTools(): void
    {
        $folder = self::$scratch?->path . '/deb-without';
        \mkdir($folder);
        $run = $this->command([
            'cpack', '-G', 'DEB', '--config', self::build() . '/CPackConfig.cmake', '-B', $folder,
            '-D', 'CMAKE_SYSTEM_IGNORE_PATH=/usr/bin;/bin',
        ]);

        self::assertNotSame(0, $run->status, $run->all());
        self::assertStringContainsString('apt-get install dpkg-dev file', $run->errors);
        self::assertSame([], \glob("$folder/*.deb"));
    }

    private static function build(): string
    {
        return (string) \getenv('COYOTE_BUILD');
    }

    /** A copy of examples/c beside a copy of the PHP that its worker wants. */
    private function example(string $name): string
    {
        $folder = self::$scratch?->path . "/$name";
        \mkdir("$folder/examples", 0777, true);
        \symlink(Sources::root() . '/php', "$folder/php");
        $this->command(['cp', '-r', Sources::root() . '/examples/c', "$folder/examples/c"]);
        Scratch::remove("$folder/examples/c/build");
        Scratch::remove("$folder/examples/c/hash_files");

        return "$folder/examples/c";
    }

    private function assertHashes(string $program, string $folder): void
    {
        $names = \glob(Sources::root() . '/php/src/*.php') ?: [];
        $expected = '';
        foreach ($names as $name) {
            $expected .= \hash_file('sha256', $name) . "  $name\n";
        }
        self::assertEquals(new Finished(0, $expected, ''), $this->command([$program, '-n', '2', ...$names], $folder));
        $many = \implode("\n", [...$names, ...\array_fill(0, 1000, $names[0]), '/nowhere', '/']) . "\n";
        $run = $this->command([$program, '-n', '3', '-a', 'crc32b'], $folder, $many);
        self::assertSame(1, $run->status, $run->all());
        self::assertCount(\count($names) + 1000, \explode("\n", \trim($run->output)));
        self::assertSame("hash_files: /nowhere: No such file or directory\nhash_files: /: Is a directory\n", $run->errors);
    }

    /** @param list<string> $words */
    private function command(array $words, ?string $folder = null, string $input = ''): Finished
    {
        return Command::run($words, $folder ?? self::$prefix, [
            'PKG_CONFIG_PATH' => self::$prefix . '/lib/pkgconfig',
            'CMAKE_PREFIX_PATH' => self::$prefix,
            'LD_LIBRARY_PATH' => self::$prefix . '/lib',
        ], $input);
    }
}
