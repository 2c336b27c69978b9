<?php

/* What tests/fixtures/workers/table/worker.php is, by the classes of a package; $COMPAT_AUTOLOAD says where
 * they lie: {"psr4": {PREFIX: [FOLDER]}, "files": [FILE]}. */

declare(strict_types=1);

$autoload = json_decode((string) getenv('COMPAT_AUTOLOAD'), true, flags: JSON_THROW_ON_ERROR);
spl_autoload_register(static function (string $class) use ($autoload): void {
    foreach ($autoload['psr4'] as $prefix => $folders) {
        foreach (str_starts_with($class, $prefix) ? $folders : [] as $folder) {
            $file = $folder . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
            if (is_file($file)) {
                require $file;

                return;
            }
        }
    }
});
array_map(static fn (string $file): mixed => require $file, $autoload['files']);

require __DIR__ . '/../fixtures/workers/table/Line.php';
require __DIR__ . '/../fixtures/workers/table/Acts.php';
require __DIR__ . '/PackageLine.php';

(new Acts(new PackageLine()))->serve();
