<?php

declare(strict_types=1);

namespace Coyote\Tests\Support;

/**
 * An installed package: files in a folder of its own, and the code of an autoloader for them.
 */
final class FakePackage
{
    public readonly string $directory;

    /**
     * @param array<string, string> $declarations class or interface name => its declaration
     */
    public function __construct(array $declarations)
    {
        $this->directory = \sys_get_temp_dir() . '/coyote-package-' . \bin2hex(\random_bytes(6));
        \mkdir($this->directory);
        foreach ($declarations as $name => $declaration) {
            $namespace = \substr($name, 0, (int) \strrpos($name, '\\'));
            \file_put_contents($this->file($name), "<?php namespace $namespace; $declaration");
        }
    }

    public function __destruct()
    {
        \array_map(\unlink(...), \glob($this->directory . '/*') ?: []);
        \rmdir($this->directory);
    }

    /** PHP code that registers the package's autoloader. */
    public function register(bool $prepend = false): string
    {
        return \sprintf(
            'spl_autoload_register(function (string $class): void {
                $file = %s . "/" . strtolower(strtr($class, "\\\\", ".")) . ".php";
                if (is_file($file)) { require $file; }
            }, true, %s); ',
            \var_export($this->directory, true),
            \var_export($prepend, true),
        );
    }

    private function file(string $name): string
    {
        return $this->directory . '/' . \strtolower(\strtr($name, '\\', '.')) . '.php';
    }
}
