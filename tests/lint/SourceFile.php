<?php

declare(strict_types=1);

namespace Coyote\Lint;

/** A C file of capi/. */
final class SourceFile
{
    private readonly string $withoutComments;

    private function __construct(
        /** Below the root: "capi/wire/goridge3.h". */
        public readonly string $path,
        string $text,
    ) {
        $this->withoutComments = self::replace($text, false);
    }

    /** @return list<self> */
    public static function all(string $root): array
    {
        $files = [];
        $found = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator($root . '/capi', \FilesystemIterator::SKIP_DOTS),
        );
        /** @var \SplFileInfo $file */
        foreach ($found as $file) {
            if (\preg_match('~\.[ch]$~', $file->getFilename()) === 1) {
                $path = \substr($file->getPathname(), \strlen($root) + 1);
                $files[$path] = new self($path, (string) \file_get_contents($file->getPathname()));
            }
        }
        \ksort($files);
        return \array_values($files);
    }

    /** Its folder below capi/: "wire", "service/event". */
    public function folder(): string
    {
        return \substr(\dirname($this->path), \strlen('capi/'));
    }

    /** @return array<int, string> line => what stands behind #include, quotes and all */
    public function includes(): array
    {
        return $this->find('~^\s*#\s*include\s*(.*?)\s*$~', $this->withoutComments);
    }

    /**
     * @param non-empty-string $pattern with one group
     * @return array<int, string> line => what the group matched in code, neither comment nor text
     */
    public function code(string $pattern): array
    {
        return $this->find($pattern, self::replace($this->withoutComments, true));
    }

    /**
     * @param non-empty-string $pattern
     * @return array<int, string>
     */
    private function find(string $pattern, string $text): array
    {
        $found = [];
        foreach (\explode("\n", $text) as $index => $line) {
            if (\preg_match($pattern, $line, $match) === 1) {
                $found[$index + 1] = $match[1];
            }
        }
        return $found;
    }

    private static function replace(string $text, bool $literals): string
    {
        return (string) \preg_replace_callback(
            '~//[^\n]*|/\*.*?\*/|"(?:\\\\.|[^"\\\\\n])*"|\'(?:\\\\.|[^\'\\\\\n])*\'~s',
            static fn (array $match): string => match (true) {
                $match[0][0] === '/' => ' ' . \str_repeat("\n", \substr_count($match[0], "\n")),
                $literals => '""',
                default => $match[0],
            },
            $text,
        );
    }
}
