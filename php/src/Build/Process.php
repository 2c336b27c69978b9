<?php

declare(strict_types=1);

namespace Coyote\Build;

/**
 * Programs that are run: for what they say, or into a log.
 *
 * @internal
 */
final class Process
{
    /** The first of these that the PATH has, or that is a path itself; null: none. */
    public static function find(string ...$names): ?string
    {
        foreach ($names as $name) {
            if (\str_contains($name, '/')) {
                if (self::isProgram($name)) {
                    return $name;
                }
                continue;
            }
            foreach (\explode(':', (string) \getenv('PATH')) as $folder) {
                if ($folder !== '' && self::isProgram("$folder/$name")) {
                    return "$folder/$name";
                }
            }
        }

        return null;
    }

    /**
     * What it prints to its standard output, without the end of the last line; null: it failed.
     *
     * @param list<string> $command
     */
    public static function answer(array $command, string $input = ''): ?string
    {
        $null = ['file', '/dev/null', 'w'];
        $process = @\proc_open($command, [['pipe', 'r'], ['pipe', 'w'], $null], $pipes);
        if ($process === false) {
            return null;
        }
        \fwrite($pipes[0], $input);
        \fclose($pipes[0]);
        $answer = (string) \stream_get_contents($pipes[1]);
        \fclose($pipes[1]);

        return \proc_close($process) === 0 ? \rtrim($answer, "\n") : null;
    }

    /**
     * All that it prints goes to the end of the log; its status comes back.
     *
     * @param list<string> $command
     */
    public static function run(array $command, string $log): int
    {
        \file_put_contents($log, '$ ' . \implode(' ', \array_map(\escapeshellarg(...), $command)) . "\n", \FILE_APPEND);
        $process = @\proc_open($command, [['file', '/dev/null', 'r'], ['file', $log, 'a'], ['file', $log, 'a']], $pipes);

        return $process === false ? 127 : \proc_close($process);
    }

    private static function isProgram(string $file): bool
    {
        return \is_file($file) && \is_executable($file);
    }
}
