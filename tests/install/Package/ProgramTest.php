<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Package;

use Coyote\Tests\Install\Support\Command;
use Coyote\Tests\Install\Support\Finished;
use Coyote\Tests\Install\Support\Project;
use Coyote\Tests\Install\Support\Scratch;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** vendor/bin/coyote: as if the program itself stood there. */
final class ProgramTest extends TestCase
{
    private const SERVES = 'took tick 0';

    /** @return iterable<string, array{string}> */
    public static function ways(): iterable
    {
        yield 'what coyote-build puts there' => ['vendor/bin/coyote'];
        yield 'a link to it' => ['link to coyote'];
        yield 'Composer\'s script' => ['vendor/proxies/coyote'];
        yield 'a link to Composer\'s script' => ['link-to-script'];
    }

    protected function setUp(): void
    {
        $folder = Project::built()->folder;
        if (!\is_dir("$folder/vendor/proxies")) {
            // as far from the package as vendor/bin is
            \mkdir("$folder/vendor/proxies");
            \file_put_contents("$folder/vendor/proxies/coyote", Project::shared()->proxy);
            \chmod("$folder/vendor/proxies/coyote", 0755);
            \symlink('vendor/bin/coyote', "$folder/link to coyote");
            \symlink('vendor/proxies/coyote', "$folder/link-to-script");
            \copy($this->worker(), "$folder/worker.php");
            \file_put_contents("$folder/.rr.yaml", "ticker:\n  interval: 20ms\n  workers:\n    command: php worker.php\n");
        }
    }

    public function testThereIsALinkWhereComposerHadAScript(): void
    {
        $project = Project::built();

        self::assertStringContainsString('COMPOSER_RUNTIME_BIN_DIR', $project->proxy);
        \clearstatcache(true);
        self::assertSame(
            \realpath("$project->package/php/bin/coyote"),
            \realpath($project->folder . '/vendor/bin/coyote'),
        );
        self::assertStringStartsNotWith('/', (string) \readlink($project->folder . '/vendor/bin/coyote'));
    }

    #[DataProvider('ways')]
    public function testOutputAndExitCodes(string $program): void
    {
        $project = Project::built();
        self::assertEquals(new Finished(0, "coyote 0.1.0\n", ''), $project->run(["./$program", 'version']));
        self::assertSame(0, $project->run(["./$program", 'check'])->status);
        self::assertSame(1, $project->run(["./$program", 'check', '-o', 'ticker.intervall=1'])->status);
        self::assertSame(2, $project->run(["./$program", 'nonsense'])->status);
    }

    public function testSignalsReachTheServer(): void
    {
        $server = $this->serve('vendor/bin/coyote');
        self::assertSame(
            \realpath(Project::built()->buildFolder() . '/coyote'),
            \readlink("/proc/{$server->pid()}/exe"),
            'the script has become the program',
        );
        $server->signal(\SIGHUP);
        $server->until('it is reset', static fn (string $text): bool => \str_contains($text, 'reset'));
        $server->signal(\SIGTERM);
        self::assertSame(0, $server->end()->status);
    }

    /** Composer's script dies of a signal without handing it on: the server must not live on. */
    public function testNoServerIsLeftBehindComposersScript(): void
    {
        $server = $this->serve('vendor/proxies/coyote');
        $children = \explode(' ', \trim((string) \file_get_contents("/proc/{$server->pid()}/task/{$server->pid()}/children")));
        self::assertCount(1, $children);
        $server->signal(\SIGTERM);
        self::assertSame(128 + \SIGTERM, $server->end()->status);
        Command::after('the server has ended', static fn (): bool => !\file_exists("/proc/$children[0]"));
    }

    public function testTheSystemsProgramWhereNoneWasBuilt(): void
    {
        $project = Project::built();
        $system = new Scratch();
        \copy($project->buildFolder() . '/coyote', "$system->path/coyote");
        \chmod("$system->path/coyote", 0755);
        $path = "{$project->folder}/vendor/bin:{$project->folder}/vendor/proxies:$system->path:" . \getenv('PATH');
        $run = $project->run(['vendor/bin/coyote', 'version'], ['COYOTE_BUILD_DIR' => '/nowhere', 'PATH' => $path]);

        self::assertEquals(new Finished(0, "coyote 0.1.0\n", ''), $run);
    }

    public function testNoneAnywhere(): void
    {
        $project = Project::built();
        $path = "{$project->folder}/vendor/bin:" . \getenv('PATH');
        foreach (['coyote', 'coyote-embed'] as $program) {
            $run = $project->run(["vendor/bin/$program", 'version'], ['COYOTE_BUILD_DIR' => '/nowhere', 'PATH' => $path]);
            self::assertSame(127, $run->status, $run->all());
            self::assertStringContainsString("/nowhere/$program", $run->errors);
            self::assertStringContainsString('vendor/bin/coyote-build', $run->errors);
        }
    }

    /** The script and PHP's classes look for it in the same place. */
    public function testWhereItIsLookedFor(): void
    {
        $project = Project::built();
        $print = 'require $argv[1]; echo Coyote\Ffi\BuildFolder::path();';
        foreach ([
            ['XDG_CACHE_HOME' => ''],
            ['XDG_CACHE_HOME' => 'relative'],
            ['XDG_CACHE_HOME' => '/a cache/'],
            ['HOME' => '', 'XDG_CACHE_HOME' => ''],
            ['HOME' => '/home of one/', 'XDG_CACHE_HOME' => ''],
            ['COYOTE_BUILD_DIR' => '/a build/'],
            ['COYOTE_BUILD_DIR' => 'relative'],
        ] as $environment) {
            $folder = $project->run(
                [\PHP_BINARY, '-r', $print, "$project->package/php/src/Ffi/BuildFolder.php"],
                $environment,
            )->output;
            self::assertNotSame('', $folder);
            // a place where there is none, so that it says where it has looked; or the very program there
            $run = $project->run(['vendor/bin/coyote', 'version'], $environment);
            if ($run->status === 127) {
                self::assertStringContainsString(" $folder/coyote ", $run->errors);
            } else {
                self::assertFileExists("$folder/coyote");
            }
        }
    }

    public function testEmbed(): void
    {
        $run = Project::built()->run(['vendor/bin/coyote-embed', 'version']);

        self::assertSame(0, $run->status, $run->all());
        self::assertStringContainsString('libphp, built for ' . \PHP_VERSION, $run->output);
    }

    private function serve(string $program): Command
    {
        $server = Project::built()->start([$program, 'serve']);
        $server->until('it serves', static fn (string $text): bool => \str_contains($text, self::SERVES));

        return $server;
    }

    private function worker(): string
    {
        return \dirname(__DIR__) . '/Support/worker.php';
    }
}
