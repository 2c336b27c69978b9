<?php

/**
 * For a clone that Composer has not prepared: loads Coyote\ from php/src/. With vendor/ beside it,
 * Composer's own autoloader is taken. Applications that install the package do not need this file.
 */

declare(strict_types=1);

(static function (): void {
    $composer = \dirname(__DIR__) . '/vendor/autoload.php';
    if (\is_file($composer)) {
        require_once $composer;

        return;
    }

    \spl_autoload_register(static function (string $class): void {
        $file = __DIR__ . '/src/' . \strtr(\substr($class, \strlen('Coyote\\')), '\\', '/') . '.php';
        if (\str_starts_with($class, 'Coyote\\') && \is_file($file)) {
            require $file;
        }
    });

    // The container and the logger extend psr/container and psr/log, which come with Composer alone
    require __DIR__ . '/compat/autoload.php';
})();
