<?php

/** php compiled_files.php COMPILE_COMMANDS FOLDER: the compiled files below a folder, each once. */

declare(strict_types=1);

[, $commands, $folder] = $argv;
/** @var list<array{file: string}> $entries */
$entries = \json_decode((string) \file_get_contents($commands), true, 512, \JSON_THROW_ON_ERROR);
$files = \array_unique(\array_column($entries, 'file'));
\sort($files);
foreach ($files as $file) {
    if (\str_starts_with($file, $folder . '/')) {
        echo $file, "\n";
    }
}
