<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Package;

use Coyote\Build\Distribution;
use Coyote\Build\EmbeddedPhp;
use Coyote\Build\Preload;
use Coyote\Build\Requirement;
use Coyote\Tests\Install\Support\Project;
use Coyote\Tests\Install\Support\Scratch;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** coyote-build: what it builds, when it does not, and what it says then. */
final class BuildTest extends TestCase
{
    /** The first build of all: one is killed, then two come at once, of which one works. */
    public function testKilledThenTwoAtOnce(): void
    {
        $project = Project::shared();
        $before = Scratch::files($project->package);
        $killed = $project->start(['vendor/bin/coyote-build']);
        $killed->until('it compiles', fn (): bool => $this->compiles($project));
        $killed->signal(\SIGKILL);
        self::assertSame(128 + \SIGKILL, $killed->end()->status);
        self::assertFalse(\is_link($project->buildFolder() . '/current'), 'half a build is none');

        $first = $project->start(['vendor/bin/coyote-build']);
        $first->until('it builds', static fn (string $text): bool => \str_contains($text, 'building into'));
        $second = $project->start(['vendor/bin/coyote-build']);
        $second->until('it waits', static fn (string $text): bool => \str_contains($text, 'waiting for it'));
        $first = $first->end();
        $second = $second->end();

        self::assertSame(0, $first->status, $first->all());
        self::assertStringContainsString('built libcoyote.so.0', $first->errors);
        self::assertStringContainsString("ffi.preload={$project->buildFolder()}/preload.h\n", $first->output);
        self::assertSame(0, $second->status, $second->all());
        self::assertStringContainsString('nothing to do', $second->errors);
        self::assertCount(1, $this->leftovers($project), 'of all that was begun, one build is left');
        self::assertSame($before, Scratch::files($project->package), 'nothing is written into the package');
    }

    public function testAgainDoesNothing(): void
    {
        $project = Project::built();
        $before = $this->leftovers($project);
        $again = $project->build();

        self::assertSame(0, $again->status, $again->all());
        self::assertStringContainsString('nothing to do', $again->errors);
        self::assertStringContainsString("ffi.preload={$project->buildFolder()}/preload.h\n", $again->output);
        self::assertStringContainsString("opcache.preload={$project->buildFolder()}/preload.php\n", $again->output);
        self::assertStringNotContainsString('coyote-embed is left out', $again->errors);
        self::assertSame($before, $this->leftovers($project));
    }

    public function testAgainTellsOfEmbedThatWasLeftOut(): void
    {
        $program = Project::built()->buildFolder() . '/coyote-embed';
        \rename($program, "$program.away");
        $again = Project::built()->build();
        \rename("$program.away", $program);

        self::assertStringContainsString('nothing to do', $again->errors);
        self::assertStringContainsString('coyote-embed is left out: ', $again->errors);
        self::assertStringContainsString('libphp', $again->errors);
    }

    public function testABuildThatIsKilledLeavesTheOldOneGood(): void
    {
        $project = Project::built();
        $old = \readlink($project->buildFolder() . '/current');
        $killed = $project->start(['vendor/bin/coyote-build', '--force']);
        $killed->until('it compiles', fn (): bool => $this->compiles($project));
        $killed->signal(\SIGKILL);
        $killed->end();

        self::assertSame($old, \readlink($project->buildFolder() . '/current'));
        self::assertSame("coyote 0.1.0\n", $project->run(['vendor/bin/coyote', 'version'])->output);
        self::assertStringContainsString('nothing to do', $project->build()->errors);
    }

    public function testASourceThatDoesNotCompile(): void
    {
        $project = Project::built();
        $old = \readlink($project->buildFolder() . '/current');
        $file = $project->package . '/capi/base/error.c';
        $good = (string) \file_get_contents($file);
        \file_put_contents($file, "#error a word that nobody expects\n");
        $broken = $project->build();
        \file_put_contents($file, $good);

        self::assertSame(1, $broken->status, $broken->all());
        self::assertStringContainsString('it could not be compiled', $broken->errors);
        self::assertStringContainsString('a word that nobody expects', $broken->errors);
        self::assertStringContainsString('The whole log: ' . $project->buildFolder() . '/build.log', $broken->errors);
        self::assertSame($old, \readlink($project->buildFolder() . '/current'));
        self::assertStringContainsString('nothing to do', $project->build()->errors);
    }

    public function testOptionsOfTheCompilerAreAnotherBuild(): void
    {
        $run = Project::built()->build(['CFLAGS' => '--no-such-option']);

        self::assertSame(1, $run->status, $run->all());
        self::assertStringContainsString('it could not be configured', $run->errors);
        self::assertStringContainsString('--no-such-option', $run->errors);
    }

    public function testToolsThatAreMissing(): void
    {
        $project = Project::built();
        $scratch = new Scratch();
        $command = [\PHP_BINARY, 'vendor/bin/coyote-build'];
        $run = $project->run([...$command, '--dir', "$scratch->path/build"], ['PATH' => $scratch->path]);

        self::assertSame(1, $run->status, $run->all());
        foreach (['a C compiler', 'cmake', 'make or ninja', 'pkg-config'] as $tool) {
            self::assertMatchesRegularExpression("/^    $tool +\S/m", $run->errors);
        }
        foreach (['apt-get install .* cmake .* libjansson-dev', 'apk add .*jansson-dev', 'dnf install .*jansson-devel'] as $line) {
            self::assertMatchesRegularExpression("/^    $line/m", $run->errors);
        }
        self::assertFileDoesNotExist("$scratch->path/build", 'it was found out before anything was begun');

        $run = $project->run($command, ['PATH' => $scratch->path]);
        self::assertSame(0, $run->status, 'what is built needs no tools: ' . $run->all());
        self::assertStringContainsString('the tools to build it anew are not here', $run->errors);
    }

    /** @return iterable<string, array{array<string, string>, string}> */
    public static function incomplete(): iterable
    {
        yield 'libraries' => [['PKG_CONFIG_LIBDIR' => '/nowhere'], '/^    jansson +JSON\n    yaml-0.1 .*\n    zlib /m'];
        yield 'a compiler' => [['CC' => 'nonsense -O2'], '/^    nonsense -O2, which CC names +compiles/m'];
        yield 'headers' => [['CC' => 'gcc -nostdinc'], '/^    stdio.h /m'];
    }

    /** @param array<string, string> $environment */
    #[DataProvider('incomplete')]
    public function testWhatIsMissing(array $environment, string $words): void
    {
        $scratch = new Scratch();
        $run = Project::shared()->build($environment, '--dir', "$scratch->path/build");

        self::assertSame(1, $run->status, $run->all());
        self::assertMatchesRegularExpression($words, $run->errors);
    }

    public function testToolsThatAreTooOld(): void
    {
        $scratch = new Scratch('-');
        \file_put_contents("$scratch->path/cmake", "#!/bin/sh\necho cmake version 3.10.2\n");
        \file_put_contents("$scratch->path/jansson.pc", "Name: jansson\nDescription: JSON\nVersion: 2.13.1\n");
        \chmod("$scratch->path/cmake", 0755);
        $run = Project::shared()->build(
            ['PATH' => "$scratch->path:" . \getenv('PATH'), 'PKG_CONFIG_PATH' => $scratch->path],
            '--dir',
            "$scratch->path/build",
        );

        self::assertSame(1, $run->status, $run->all());
        self::assertMatchesRegularExpression('/^    cmake 3.18 .*here is 3.10.2$/m', $run->errors);
        self::assertMatchesRegularExpression('/^    jansson 2.14 .*here is 2.13.1$/m', $run->errors);
    }

    public function testFoldersThatWillNotDo(): void
    {
        $scratch = new Scratch();
        \file_put_contents("$scratch->path/file", '');
        \mkdir("$scratch->path/taken");
        \mkdir("$scratch->path/taken/lib");
        foreach ([
            '/proc/coyote' => 'it can\'t be made',
            "$scratch->path/file" => 'can\'t be made',
            "$scratch->path/taken" => 'lib is in the way',
        ] as $folder => $words) {
            $run = Project::shared()->build([], '--dir', $folder);
            self::assertSame(1, $run->status, $run->all());
            self::assertStringContainsString($folder, $run->errors);
            self::assertStringContainsString($words, $run->errors);
            self::assertStringContainsString('--dir', $run->errors);
        }
    }

    /** A compiler whose disk is full; a full disk of our own would need a mount, which containers forbid. */
    public function testNoSpaceLeft(): void
    {
        $scratch = new Scratch();
        $compiler = new Scratch('-');
        \file_put_contents("$compiler->path/cc", <<<'SH'
            #!/bin/sh
            cc "$@" || exit
            case " $* " in
            *" -c "*) cat /proc/version >/dev/full ;;
            esac
            SH);
        \chmod("$compiler->path/cc", 0755);
        $run = Project::shared()->build(['CC' => "$compiler->path/cc"], '--dir', $scratch->path);

        self::assertSame(1, $run->status, $run->all());
        self::assertStringContainsString("there is no space left in $scratch->path", $run->errors);
        self::assertFalse(\is_link("$scratch->path/current"), 'half a build is none');
    }

    public function testNoHome(): void
    {
        $run = Project::shared()->run(
            [\PHP_BINARY, '-d', 'disable_functions=posix_getpwuid', 'vendor/bin/coyote-build'],
            ['HOME' => '', 'XDG_CACHE_HOME' => ''],
        );

        self::assertSame(1, $run->status, $run->all());
        self::assertStringContainsString('neither COYOTE_BUILD_DIR nor XDG_CACHE_HOME nor HOME', $run->errors);
    }

    public function testUsage(): void
    {
        $help = Project::shared()->build([], '--help');
        self::assertSame(0, $help->status);
        self::assertStringContainsString('Usage: coyote-build', $help->output);
        foreach (['--frce', '--dir', '--dir='] as $wrong) {
            $run = Project::shared()->build([], $wrong);
            self::assertSame(2, $run->status, $run->all());
            self::assertStringContainsString('--help', $run->errors);
        }
    }

    /** @return iterable<string, array{string, non-empty-string|null}> */
    public static function systems(): iterable
    {
        yield 'Debian' => ["ID=debian\nPRETTY_NAME=\"Debian 12\"\n", 'apt-get install'];
        yield 'Mint' => ["ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", 'apt-get install'];
        yield 'Alpine' => ["NAME=\"Alpine Linux\"\nID=alpine\n", 'apk add'];
        yield 'Fedora' => ["ID=fedora\n", 'dnf install'];
        yield 'Rocky' => ["ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", 'dnf install'];
        yield 'another' => ["ID=slackware\n", null];
        yield 'none' => ['', null];
    }

    /** @param non-empty-string|null $command */
    #[DataProvider('systems')]
    public function testTheSystemsOwnLineComesFirst(string $release, ?string $command): void
    {
        $missing = [new Requirement('zlib', '', ['apt' => 'zlib1g-dev', 'apk' => 'zlib-dev', 'dnf' => 'zlib-devel'])];
        $lines = (new Distribution($release))->lines($missing);

        self::assertCount(3, $lines);
        self::assertSame($command === null ? 0 : 1, \substr_count(\implode("\n", $lines), '# here'));
        self::assertStringStartsWith($command ?? 'apt-get install', $lines[0]);
    }

    public function testPreloadingNeedsAPathThatFfiCanRead(): void
    {
        self::assertStringContainsString('ffi.preload=/srv/coyote/preload.h', Preload::advice('/srv/coyote', '/srv/app'));
        foreach (['/srv/a b', '/srv/a"b', '/srv/a\b', '/srv/a:b'] as $folder) {
            self::assertStringContainsString('by --dir', Preload::advice($folder, '/srv/app'));
            self::assertStringNotContainsString('ffi.preload=', Preload::advice($folder, '/srv/app'));
        }
    }

    /** PHP-FPM does not start with lines that name a file which its user can't read. */
    public function testPreloadingNeedsFoldersThatOthersCanRead(): void
    {
        $scratch = new Scratch('-');
        foreach (['closed/build', 'open/build', 'closed/app/php/src/Ffi', 'open/app/php/src/Ffi'] as $folder) {
            \mkdir("$scratch->path/$folder", 0755, true);
        }
        foreach (['closed', 'open'] as $folder) {
            \file_put_contents("$scratch->path/$folder/build/preload.h", '');
            \file_put_contents("$scratch->path/$folder/app/php/src/Ffi/Library.php", '');
        }
        \chmod("$scratch->path/closed", 0700);
        $advice = static fn (string $build, string $app): string
            => Preload::advice("$scratch->path/$build", "$scratch->path/$app");

        self::assertStringContainsString("ffi.preload=$scratch->path/open/build/preload.h", $advice('open/build', 'open/app'));
        foreach ([['closed/build', 'open/app'], ['open/build', 'closed/app']] as [$build, $app]) {
            self::assertStringContainsString("$scratch->path/closed is closed to other users", $advice($build, $app));
            self::assertStringNotContainsString('opcache.preload_user=', $advice($build, $app));
        }
        self::assertStringContainsString(
            "\n    COYOTE_BUILD_DIR=/opt/coyote vendor/bin/coyote-build\n",
            $advice('closed/build', 'open/app'),
        );

        \chmod("$scratch->path/open/build/preload.h", 0600);
        self::assertStringContainsString("chmod -R o+rX $scratch->path/open/build", $advice('open/build', 'open/app'));
    }

    public function testWhyEmbedIsLeftOut(): void
    {
        $php = new EmbeddedPhp();

        self::assertNull($php->problem("-- coyote-embed: PHP 8.2\n-- Configuring done\n"));
        self::assertSame(
            'libphp was not found: install it',
            $php->problem("-- Found\n-- coyote-embed is left out: libphp was not found: install it\n-- Configuring done\n"),
        );
    }

    private function compiles(Project $project): bool
    {
        return \glob($project->buildFolder() . '/work-*/capi/base/CMakeFiles/floor_base.dir/*.o') !== [];
    }

    /** @return list<string> */
    private function leftovers(Project $project): array
    {
        return \glob($project->buildFolder() . '/{build,work,link}-*', \GLOB_BRACE) ?: [];
    }
}
