<?php

declare(strict_types=1);

namespace Coyote\Kernel;

use Coyote\Exception\InjectionException;
use Coyote\Exception\NotFoundException;
use Psr\Container\ContainerInterface;

/**
 * Makes objects and injects what their constructors ask for by type.
 *
 * get() of a class that is not bound makes it once and shares it. Ids may be class names in any
 * case and by any alias: they all mean the same entry.
 *
 * @since 0.1
 */
final class Container implements ContainerInterface
{
    /** @var array<string, mixed> what exists and is shared */
    private array $shared = [];

    /** @var array<string, array{factory: \Closure|string, once: bool}> */
    private array $bindings = [];

    /** @var list<string> what is being made, the outermost first; read by error messages */
    private array $chain = [];

    private readonly Injector $injector;

    public function __construct()
    {
        $this->injector = new Injector($this);
        $this->bind(self::class, $this);
        $this->bind(ContainerInterface::class, $this);
    }

    /**
     * Binds an id to an object, to a class name (get() of the id gives get() of the class), or to
     * a closure whose arguments are injected and which is called at each get().
     */
    public function bind(string $id, object|string $concrete): void
    {
        $this->register($id, $concrete, false);
    }

    /** As bind(), but a closure is called once and its result shared. */
    public function singleton(string $id, object|string $concrete): void
    {
        $this->register($id, $concrete, true);
    }

    /**
     * @template T of object
     *
     * @param class-string<T>|string $id
     *
     * @return ($id is class-string<T> ? T : mixed)
     *
     * @throws NotFoundException  when nothing is bound to the id and no class of that name can be made
     * @throws InjectionException when something that it needs cannot be injected
     */
    public function get(string $id): mixed
    {
        $id = $this->canonical($id);
        if (\array_key_exists($id, $this->shared)) {
            return $this->shared[$id];
        }

        $binding = $this->bindings[$id] ?? null;
        if ($binding === null) {
            return $this->shared[$id] = $this->build($id, []);
        }

        $factory = $binding['factory'];
        $value = $this->within($id, fn (): mixed => \is_string($factory) ? $this->get($factory) : $this->call($factory));
        if ($binding['once']) {
            $this->shared[$id] = $value;
        }

        return $value;
    }

    /** Whether get() would find the id: it is bound, or names a class that can be made. */
    public function has(string $id): bool
    {
        $id = $this->canonical($id);

        return $this->isBound($id) || (\class_exists($id) && (new \ReflectionClass($id))->isInstantiable());
    }

    /** Whether the id was bound, or its object made and shared already. */
    public function isBound(string $id): bool
    {
        $id = $this->canonical($id);

        return isset($this->bindings[$id]) || \array_key_exists($id, $this->shared);
    }

    /**
     * Makes a new object of the class, shared with nobody.
     *
     * @template T of object
     *
     * @param class-string<T>      $class
     * @param array<string, mixed> $arguments by parameter name; the rest is injected
     *
     * @return T
     *
     * @throws InjectionException when something that it needs cannot be injected
     */
    public function make(string $class, array $arguments = []): object
    {
        $object = $this->build($this->canonical($class), $arguments);
        \assert($object instanceof $class);

        return $object;
    }

    /**
     * Calls a function or method with its arguments injected.
     *
     * @param array<string, mixed> $arguments by parameter name; the rest is injected
     *
     * @throws InjectionException when an argument cannot be injected
     */
    public function call(callable $callable, array $arguments = []): mixed
    {
        $closure = \Closure::fromCallable($callable);
        $function = new \ReflectionFunction($closure);
        $class = $function->getClosureScopeClass()?->getName();
        $name = \str_contains($function->getName(), '{closure')
            ? \sprintf('the closure in %s:%d', $function->getFileName(), $function->getStartLine())
            : ($class === null ? '' : $class . '::') . $function->getName() . '()';

        $this->chain[] = $name;
        try {
            $injected = $this->injector->arguments($function, $name, $this->chain, $arguments);
        } finally {
            \array_pop($this->chain);
        }

        return $closure(...$injected);
    }

    private function register(string $id, object|string $concrete, bool $once): void
    {
        $id = $this->canonical($id);
        unset($this->shared[$id], $this->bindings[$id]);

        if (\is_string($concrete) || $concrete instanceof \Closure) {
            $this->bindings[$id] = ['factory' => $concrete, 'once' => $once];
        } else {
            $this->shared[$id] = $concrete;
        }
    }

    /**
     * @param array<string, mixed> $arguments
     */
    private function build(string $id, array $arguments): object
    {
        if (!\class_exists($id) || !($class = new \ReflectionClass($id))->isInstantiable()) {
            throw new NotFoundException(\sprintf(
                'The container has no %s: %s.%s%s',
                $id,
                Injector::whyNotMade($id),
                Injector::askedForBy($this->chain),
                Hint::forClass($id),
            ));
        }

        return $this->within($id, function () use ($class, $id, $arguments): object {
            $constructor = $class->getConstructor();
            $injected = $constructor === null
                ? []
                : $this->injector->arguments($constructor, $id, $this->chain, $arguments);

            return $class->newInstanceArgs($injected);
        });
    }

    /**
     * @template T
     *
     * @param \Closure(): T $make
     *
     * @return T
     */
    private function within(string $id, \Closure $make): mixed
    {
        $cycle = \in_array($id, $this->chain, true);
        $this->chain[] = $id;

        try {
            return $cycle
                ? throw new InjectionException("$id needs itself: " . \implode(' -> ', $this->chain) . '.')
                : $make();
        } finally {
            \array_pop($this->chain);
        }
    }

    /**
     * The name under which a class was declared. Asking also loads aliases: PHP's own check of an
     * argument never does, and would refuse an object whose interface is named by one.
     */
    private function canonical(string $id): string
    {
        return \class_exists($id) || \interface_exists($id) ? (new \ReflectionClass($id))->getName() : $id;
    }
}
