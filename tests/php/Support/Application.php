<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

/**
 * A copy of php/ with an example, to change and to run without Composer's vendor/.
 */
final class Application
{
    /** Where app.php is: the working directory of its runs. */
    public readonly string $directory;

    private readonly string $root;

    public function __construct(string $example = 'ticker')
    {
        $this->root = \sys_get_temp_dir() . '/coyote-application-' . \bin2hex(\random_bytes(6));
        $this->directory = $this->root . "/php/examples/$example";
        $source = \dirname(__DIR__, 3) . '/php';

        \mkdir($this->root);
        \mkdir($this->root . '/php');
        foreach ($this->walk($source, \RecursiveIteratorIterator::SELF_FIRST) as $file) {
            $target = $this->root . '/php' . \substr($file->getPathname(), \strlen($source));
            $file->isDir() ? \mkdir($target) : \copy($file->getPathname(), $target);
        }
        @\unlink($this->directory . '/ticks.txt');
    }

    public function __destruct()
    {
        foreach ($this->walk($this->root, \RecursiveIteratorIterator::CHILD_FIRST) as $file) {
            $file->isDir() && !$file->isLink() ? \rmdir($file->getPathname()) : \unlink($file->getPathname());
        }
        \rmdir($this->root);
    }

    /** Lays the two classes of the project's origin over the example's. */
    public function layTheSeedOver(): void
    {
        $seed = \dirname(__DIR__, 2) . '/fixtures/seed';
        \copy("$seed/TickerDispatcher.php", $this->directory . '/src/Dispatcher/TickerDispatcher.php');
        \copy("$seed/TickerBootloader.php", $this->directory . '/src/Bootloader/TickerBootloader.php');
    }

    /** Makes the copy one that Composer has prepared. */
    public function addVendor(): void
    {
        \symlink(\dirname(__DIR__, 3) . '/vendor', $this->root . '/vendor');
    }

    public function ticks(): string
    {
        return (string) @\file_get_contents($this->directory . '/ticks.txt');
    }

    /**
     * @return iterable<\SplFileInfo>
     */
    private function walk(string $directory, int $mode): iterable
    {
        return new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator($directory, \FilesystemIterator::SKIP_DOTS),
            $mode,
        );
    }
}
