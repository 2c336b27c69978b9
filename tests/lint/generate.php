<?php

/**
 * php tests/lint/generate.php [--check]: writes what is made from bindings.h, or with --check says what is
 * no longer as it would be written; status 1 then.
 */

declare(strict_types=1);

namespace Coyote\Lint\Bindings;

foreach (['Declaration', 'Enumeration', 'Entry', 'Header', 'StubWriter', 'ManualWriter'] as $class) {
    require __DIR__ . "/bindings/$class.php";
}

$root = \dirname(__DIR__, 2);
$header = new Header((string) \file_get_contents("$root/bindings.h"));
$files = [
    'php/stubs/Bindings.php' => (new StubWriter($header))->write(),
    'capi/man/coyote.3' => (new ManualWriter($header))->write(),
];

$stale = 0;
foreach ($files as $file => $text) {
    if (!\in_array('--check', $argv, true)) {
        \file_put_contents("$root/$file", $text);
    } elseif (@\file_get_contents("$root/$file") !== $text) {
        echo "$file does not go with bindings.h: run php tests/lint/generate.php\n";
        $stale++;
    }
}
\printf("%d functions, %d files, %d stale\n", \count($header->functions()), \count($files), $stale);
exit($stale === 0 ? 0 : 1);
