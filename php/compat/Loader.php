<?php

declare(strict_types=1);

namespace Coyote\Compat;

/**
 * The autoloader that stands behind all others and makes aliases of names nobody else has.
 *
 * All names of a package come from one side: if any other autoloader knows any of them, the
 * package is installed and none is aliased; otherwise all are, at once, so that one which is
 * registered later cannot mix in. At once also because PHP's check of an argument never loads.
 *
 * @internal
 */
final class Loader
{
    private static ?self $registered = null;

    /** @var array<string, string> lower-case name => package; without the packages decided on */
    private array $undecided = [];

    private bool $probing = false;

    /**
     * @param array<string, array<string, class-string>> $packages package => its name => our class
     */
    private function __construct(private readonly array $packages)
    {
        foreach ($packages as $package => $names) {
            foreach ($names as $name => $ours) {
                $this->undecided[\strtolower($name)] = $package;
            }
        }
    }

    /**
     * Once for a process; later calls do nothing.
     *
     * @param array<string, array<string, class-string>> $packages package => its name => our class
     */
    public static function register(array $packages): void
    {
        if (self::$registered === null) {
            self::$registered = new self($packages);
            \spl_autoload_register(self::$registered);
        }
    }

    public function __invoke(string $class): void
    {
        if (\str_starts_with($class, __NAMESPACE__ . '\\')) {
            $this->loadOwn($class);

            return;
        }

        $package = $this->undecided[\strtolower($class)] ?? null;
        if ($package === null || $this->probing) {
            return;
        }

        $installed = $this->isInstalled($package, $class);
        $this->undecided = \array_filter($this->undecided, static fn (string $of): bool => $of !== $package);

        if (!$installed) {
            foreach ($this->packages[$package] as $name => $ours) {
                \class_alias($ours, $name);
            }
        }
    }

    /** Whether another autoloader has any of the package's names; $wanted is being loaded now. */
    private function isInstalled(string $package, string $wanted): bool
    {
        $this->probing = true;
        try {
            if ($this->isBehind($wanted)) {
                return true;
            }
            foreach ($this->packages[$package] as $name => $ours) {
                if (\class_exists($name) || \interface_exists($name)) {
                    return true;
                }
            }
        } finally {
            $this->probing = false;
        }

        return false;
    }

    /**
     * Whether an autoloader registered after this one has the name. Those before it have been
     * asked; PHP itself would not ask anybody twice for a name that is being loaded.
     */
    private function isBehind(string $wanted): bool
    {
        $autoloaders = \spl_autoload_functions();
        $here = \array_search($this, $autoloaders, true);

        foreach (\array_slice($autoloaders, (int) $here + 1) as $autoloader) {
            $autoloader($wanted);
            if (\class_exists($wanted, false) || \interface_exists($wanted, false)) {
                return true;
            }
        }

        return false;
    }

    private function loadOwn(string $class): void
    {
        $file = __DIR__ . '/' . \strtr(\substr($class, \strlen(__NAMESPACE__) + 1), '\\', '/') . '.php';
        if (\is_file($file)) {
            require $file;
        }
    }
}
