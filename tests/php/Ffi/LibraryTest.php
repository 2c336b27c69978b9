<?php

declare(strict_types=1);

namespace Coyote\Tests\Ffi;

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
