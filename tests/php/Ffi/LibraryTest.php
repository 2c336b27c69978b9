<?php

declare(strict_types=1);

namespace Coyote\Tests\Ffi;

use Coyote\Ffi\Whereabouts;
use Coyote\Tests\Support\Script;
use PHPUnit\Framework\TestCase;

/**
 * The message alone has to get its reader going. Each case in a PHP of its own.
 */
final class LibraryTest extends TestCase
{
    private const LOAD = 'require COMPOSER; Coyote\Ffi\Library::bindings(); echo Coyote\Ffi\Library::origin();';

    private string $folder;

    protected function setUp(): void
    {
        $this->folder = \sys_get_temp_dir() . '/coyote-library-' . \bin2hex(\random_bytes(6));
        \mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        \array_map(\unlink(...), \glob($this->folder . '/*') ?: []);
        \rmdir($this->folder);
    }

    /** @param array<string, string> $environment over one in which nothing is installed */
    private function load(array $environment, string $options = ''): Script
    {
        $empty = ['COYOTE_LIBRARY' => '', 'COYOTE_BUILD_DIR' => $this->folder, 'LD_LIBRARY_PATH' => ''];

        return Script::run(self::LOAD, $environment + $empty, options: $options === '' ? [] : [$options]);
    }

    /** A library of the given C code. */
    private function library(string $name, string $code): string
    {
        $file = "$this->folder/$name";
        $compiler = \proc_open(['cc', '-shared', '-x', 'c', '-o', $file, '-'], [['pipe', 'r']], $pipes);
        self::assertIsResource($compiler);
        \fwrite($pipes[0], $code);
        \fclose($pipes[0]);
        self::assertSame(0, \proc_close($compiler));

        return $file;
    }

    public function testWhatIsNamedIsTaken(): void
    {
        $file = (string) \getenv('COYOTE_LIBRARY');

        self::assertSame($file, $this->load(['COYOTE_LIBRARY' => $file])->stdout);
    }

    public function testWhatIsBuiltIsTakenBeforeTheSystems(): void
    {
        $file = (string) \getenv('COYOTE_LIBRARY');
        $system = ['LD_LIBRARY_PATH' => \dirname($file)];

        self::assertSame('libcoyote.so.0', $this->load($system)->stdout);
        \symlink((string) \realpath($file), "$this->folder/libcoyote.so.0");
        self::assertSame("$this->folder/libcoyote.so.0", $this->load($system)->stdout);
    }

    public function testNothingElseIsTriedWhenANamedOneFails(): void
    {
        \symlink((string) \getenv('COYOTE_LIBRARY'), "$this->folder/libcoyote.so.0");
        $said = $this->load(['COYOTE_LIBRARY' => '/nowhere/libcoyote.so'])->stderr;

        self::assertStringContainsString('Coyote\Exception\LibraryException', $said);
        self::assertStringContainsString('/nowhere/libcoyote.so (COYOTE_LIBRARY', $said);
        self::assertStringContainsString('there is no such file', $said);
        self::assertStringNotContainsString($this->folder, $said);
    }

    public function testEveryPlaceIsListedWithItsReasonAndTheMend(): void
    {
        \file_put_contents("$this->folder/libcoyote.so.0", 'no library at all');
        $said = $this->load([])->stderr;

        self::assertStringContainsString("$this->folder/libcoyote.so.0 (what coyote-build makes): ", $said);
        self::assertStringContainsString('file too short', $said);
        self::assertStringContainsString("libcoyote.so.0 (the system's): ", $said);
        self::assertStringContainsString('vendor/bin/coyote-build', $said);
    }

    public function testABuildOfAnotherUserIsNamedAsSuch(): void
    {
        \touch("$this->folder/libcoyote.so.0");
        // root can read everything: then somebody else tries
        $other = \posix_geteuid() === 0
            ? 'foreach (glob(PHP . "/src/{Ffi,Build,Exception}/*.php", GLOB_BRACE) as $file) { require_once $file; } posix_setuid(65534);'
            : '';
        $environment = ['COYOTE_LIBRARY' => '', 'COYOTE_BUILD_DIR' => $this->folder, 'LD_LIBRARY_PATH' => ''];
        $code = "require COMPOSER; $other Coyote\\Ffi\\Library::bindings();";
        \chmod("$this->folder/libcoyote.so.0", 0);
        $said = Script::run($code, $environment)->stderr;
        self::assertStringContainsString("may not read it: $this->folder/libcoyote.so.0 is closed to this user", $said);
        self::assertStringContainsString('COYOTE_BUILD_DIR=/opt/coyote vendor/bin/coyote-build', $said);

        \chmod($this->folder, 0);
        $said = Script::run($code, $environment)->stderr;
        \chmod($this->folder, 0700);
        self::assertStringContainsString("may not read it: $this->folder is closed to this user", $said);
    }

    public function testARelativeNameTellsWhereItWasLookedFor(): void
    {
        $environment = ['COYOTE_BUILD_DIR' => $this->folder, 'LD_LIBRARY_PATH' => ''];
        $said = Script::run(self::LOAD, ['COYOTE_LIBRARY' => 'build/x.so'] + $environment, $this->folder)->stderr;
        self::assertStringContainsString("no such file in $this->folder, the working directory", $said);

        \touch("$this->folder/x.so");
        $said = Script::run(self::LOAD, ['COYOTE_LIBRARY' => 'x.so'] + $environment, $this->folder)->stderr;
        self::assertStringContainsString("for the one in $this->folder write COYOTE_LIBRARY=./x.so", $said);
    }

    public function testAnInstalledOneThatTheLoaderDoesNotKnow(): void
    {
        self::assertSame('', Whereabouts::ofName('libcoyote.so.0', [$this->folder]));
        \touch("$this->folder/libcoyote.so.0");
        $said = Whereabouts::ofName('libcoyote.so.0', [$this->folder]);
        self::assertStringContainsString("$this->folder/libcoyote.so.0 is there", $said);
        self::assertStringContainsString('ldconfig', $said);
    }

    public function testAForeignOneInTheBuildFolderIsBuiltAnew(): void
    {
        $file = $this->library('foreign.so', 'int x;');
        \symlink($file, "$this->folder/libcoyote.so.0");
        self::assertStringContainsString('run vendor/bin/coyote-build --force', $this->load([])->stderr);

        \unlink("$this->folder/libcoyote.so.0");
        \rename($file, "$this->folder/libcoyote.so.0");
        self::assertStringContainsString("remove $this->folder/libcoyote.so.0", $this->load([])->stderr);
    }

    public function testAnOlderOneOfTheSameVersionIsToBeRenewed(): void
    {
        $this->library('libcoyote.so.0', 'int coy_abi_version(void) { return 0; } const char *coy_version(void) { return "0.1.0"; }');
        $said = $this->load(['LD_LIBRARY_PATH' => $this->folder, 'COYOTE_BUILD_DIR' => '/nowhere'])->stderr;

        self::assertStringContainsString('it is version 0.1.0 as this package, but of older sources: it has no coy_', $said);
        self::assertStringContainsString('renew the system\'s', $said);
        self::assertStringNotContainsString('install the system package', $said);
    }

    public function testABrokenOneDoesNotHideTheSystems(): void
    {
        \file_put_contents("$this->folder/libcoyote.so.0", 'no library at all');
        $run = $this->load(['LD_LIBRARY_PATH' => \dirname((string) \getenv('COYOTE_LIBRARY'))]);

        self::assertSame('libcoyote.so.0', $run->stdout, $run->stderr);
    }

    public function testAnotherBinaryInterfaceIsRefused(): void
    {
        $file = $this->library('other.so', 'int coy_abi_version(void) { return 7; } const char *coy_version(void) { return "9.1.0"; }');
        $said = $this->load(['COYOTE_LIBRARY' => $file])->stderr;

        self::assertStringContainsString('it is version 9.1.0 with the binary interface 7; this package (0.1.0) needs 0', $said);
    }

    public function testAnOlderOneIsRefusedByWhatItLacks(): void
    {
        $file = $this->library('old.so', 'int coy_abi_version(void) { return 0; } const char *coy_version(void) { return "0.0.9"; }');
        $said = $this->load(['COYOTE_LIBRARY' => $file])->stderr;

        self::assertStringContainsString('it is version 0.0.9, older than this package (0.1.0): it has no coy_', $said);
    }

    public function testSomethingElseIsRefused(): void
    {
        $said = $this->load(['COYOTE_LIBRARY' => $this->library('else.so', 'int x;')])->stderr;

        self::assertStringContainsString('this is no libcoyote', $said);
    }

    public function testFfiThatIsDisabledIsNamedWithItsFile(): void
    {
        \file_put_contents("$this->folder/99-ours.ini", "ffi.enable = false\n");
        $said = $this->load(['PHP_INI_SCAN_DIR' => ":$this->folder"])->stderr;
        self::assertStringContainsString("ffi.enable is false in $this->folder/99-ours.ini", $said);
        self::assertStringContainsString('ffi.enable=preload', $said);

        $said = $this->load([], 'ffi.enable=0')->stderr;
        self::assertStringContainsString('ffi.enable is false (PHP was told so by an option', $said);
    }

    public function testAPhpWithoutTheExtensionIsToldHowToGetIt(): void
    {
        $run = Script::run(self::LOAD, options: ['-n']);

        self::assertStringContainsString('extension FFI', $run->stderr);
        self::assertStringContainsString('apt install php', $run->stderr);
        self::assertStringContainsString('docker-php-ext-install ffi', $run->stderr);
    }

    public function testLoadingIsOfOneObject(): void
    {
        $run = Script::run('require COMPOSER; use Coyote\Ffi\Library;
            echo spl_object_id(Library::bindings()) === spl_object_id(Library::bindings()) ? "one" : "two";');

        self::assertSame('one', $run->stdout, $run->stderr);
    }
}
