<?php

/** php tests/lint/house.php [ROOT]: prints the house's mistakes; status 1 when there are any. */

declare(strict_types=1);

namespace Coyote\Lint;

require __DIR__ . '/Table.php';
require __DIR__ . '/SourceFile.php';
require __DIR__ . '/IncludeRule.php';
require __DIR__ . '/CMakeRule.php';
require __DIR__ . '/KernelCallRule.php';
require __DIR__ . '/ReadmeRule.php';

$root = \rtrim($argv[1] ?? \dirname(__DIR__, 2), '/');
$table = Table::read($root . '/capi/README.md');
$files = SourceFile::all($root);
$mistakes = [
    ...(new IncludeRule($root, $table))->check($files),
    ...(new CMakeRule($root, $table))->check($files),
    ...(new KernelCallRule())->check($files),
    ...(new ReadmeRule($root))->check(),
];

foreach ($mistakes as $mistake) {
    echo $mistake, "\n";
}
if ($files === []) {
    echo "$root/capi: no C files found\n";
}
\printf("%d files read, %d mistakes\n", \count($files), \count($mistakes));
exit($mistakes === [] && $files !== [] ? 0 : 1);
