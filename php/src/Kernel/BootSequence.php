<?php

declare(strict_types=1);

namespace Coyote\Kernel;

use Coyote\Exception\KernelException;

/**
 * Runs bootloaders in the order given, but each after those that it takes as arguments.
 *
 * @internal
 */
final class BootSequence
{
    /** @var list<class-string<Bootloader>> */
    private array $ordered = [];

    /** @var list<string> the bootloaders that wait for the one being placed */
    private array $waiting = [];

    public function __construct(private readonly Container $container)
    {
    }

    /**
     * @param list<string> $classes
     */
    public function run(array $classes): void
    {
        foreach ($classes as $class) {
            $this->place($this->bootloader($class));
        }

        // Made one by one: a constructor may need what an earlier init() has bound
        foreach ($this->ordered as $class) {
            $this->call($class, 'init');
        }
        foreach ($this->ordered as $class) {
            $this->call($class, 'boot');
        }
    }

    /**
     * @param class-string<Bootloader> $class
     */
    private function place(string $class): void
    {
        if (\in_array($class, $this->ordered, true)) {
            return;
        }
        if (\in_array($class, $this->waiting, true)) {
            throw new KernelException(
                'These bootloaders wait for each other: ' . \implode(' -> ', [...$this->waiting, $class]) . '.',
            );
        }

        $this->waiting[] = $class;
        foreach ($this->needed($class) as $needed) {
            $this->place($needed);
        }
        \array_pop($this->waiting);

        $this->ordered[] = $class;
    }

    /**
     * @param class-string<Bootloader> $class
     *
     * @return list<class-string<Bootloader>>
     */
    private function needed(string $class): array
    {
        $needed = [];
        foreach (['__construct', 'init', 'boot'] as $method) {
            $parameters = \method_exists($class, $method)
                ? (new \ReflectionMethod($class, $method))->getParameters()
                : [];
            foreach ($parameters as $parameter) {
                $type = $parameter->getType();
                if ($type instanceof \ReflectionNamedType && \is_subclass_of($type->getName(), Bootloader::class)) {
                    $needed[] = $this->bootloader($type->getName());
                }
            }
        }

        return $needed;
    }

    /**
     * @return class-string<Bootloader>
     */
    private function bootloader(string $class): string
    {
        if (!\class_exists($class)) {
            throw new KernelException(\sprintf(
                'The bootloader %s does not exist. Is its file where the autoloader looks, and its namespace right?',
                $class,
            ));
        }
        if (!\is_subclass_of($class, Bootloader::class)) {
            throw new KernelException(
                $class . ' is no bootloader: it does not extend ' . Bootloader::class . '.'
                . Hint::forBootloader($class),
            );
        }

        return (new \ReflectionClass($class))->getName();
    }

    /**
     * @param class-string<Bootloader> $class
     */
    private function call(string $class, string $method): void
    {
        $bootloader = $this->container->get($class);
        if (!\method_exists($bootloader, $method)) {
            return;
        }

        $callable = [$bootloader, $method];
        if (!\is_callable($callable)) {
            throw new KernelException(\sprintf('%s::%s() must be public.', $class, $method));
        }
        $this->container->call($callable);
    }
}
