<?php

/**
 * The application that the server runs: it boots a kernel, and the dispatcher takes the ticks.
 */

declare(strict_types=1);

use App\Bootloader\TickerBootloader;
use Coyote\Kernel;

// Coyote's classes, then the Spiral names on which the two classes in src/ are written
require __DIR__ . '/../../autoload.php';
require __DIR__ . '/../../compat/autoload.php';

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/src/' . strtr(substr($class, strlen('App\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'App\\') && is_file($file)) {
        require $file;
    }
});

(new Kernel([TickerBootloader::class]))->serve();
