<?php

declare(strict_types=1);

namespace Coyote\Tests\Example;

use PHPUnit\Framework\TestCase;

/**
 * The example that hashes a folder, as somebody types it.
 */
final class HashTest extends TestCase
{
    private string $folder;

    protected function setUp(): void
    {
        $this->folder = \sys_get_temp_dir() . '/coyote-hash-' . \getmypid();
        \mkdir("$this->folder/a folder", recursive: true);
        for ($i = 0; $i < 40; $i++) {
            \file_put_contents("$this->folder/a folder/$i.bin", \random_bytes($i * 1000 + 1));
        }
        \file_put_contents("$this->folder/<info>", 'a name that looks like a tag');
    }

    protected function tearDown(): void
    {
        \exec('rm -rf ' . \escapeshellarg($this->folder));
    }

    /** @return array{int, string, string} status, stdout, stderr */
    private function hash(string ...$arguments): array
    {
        $process = \proc_open(
            [\PHP_BINARY, __DIR__ . '/../../../php/examples/hash/hash.php', ...$arguments],
            [['file', '/dev/null', 'r'], ['file', "$this->folder.out", 'w'], ['file', "$this->folder.err", 'w']],
            $pipes,
        );
        self::assertIsResource($process);
        $status = \proc_close($process);
        $printed = [(string) \file_get_contents("$this->folder.out"), (string) \file_get_contents("$this->folder.err")];
        \unlink("$this->folder.out");
        \unlink("$this->folder.err");

        return [$status, ...$printed];
    }

    /** @return list<string> as sha256sum prints them, in the order of lines */
    private function expected(): array
    {
        $lines = [];
        foreach ([...\glob("$this->folder/*/*") ?: [], "$this->folder/<info>"] as $file) {
            $lines[] = \hash_file('sha256', $file) . "  $file";
        }
        \sort($lines);

        return $lines;
    }

    public function testHashesEveryFileAndShowsHowFarItIs(): void
    {
        [$status, $stdout, $stderr] = $this->hash($this->folder, '--workers=2');
        self::assertSame(0, $status, $stderr);
        $lines = \explode("\n", \rtrim($stdout));
        \sort($lines);
        self::assertSame($this->expected(), $lines);
        self::assertMatchesRegularExpression('~\b41\b~', $stderr);
    }

    public function testAFileThatCannotBeReadIsToldAndTheOthersAreHashed(): void
    {
        \symlink('/proc/self/mem', "$this->folder/z");
        [$status, $stdout] = $this->hash($this->folder, '-w', '2');
        self::assertSame(1, $status);
        self::assertStringContainsString("$this->folder/z: ", $stdout);
        self::assertSame([], \array_diff($this->expected(), \explode("\n", $stdout)));
    }

    public function testAWrongFolderIsToldWithoutWorkers(): void
    {
        [$status, $stdout] = $this->hash("$this->folder/none");
        self::assertSame(2, $status);
        self::assertStringContainsString("$this->folder/none is no folder", $stdout);
    }
}
