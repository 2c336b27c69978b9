<?php

declare(strict_types=1);

namespace Coyote\Kernel;

use Coyote\Exception\InjectionException;

/**
 * Finds the arguments of one function call in a container.
 *
 * A parameter with a default gets what is bound to its type, and else the default: an optional
 * service is never made by guess. Of a union the first bound type is taken.
 *
 * @internal
 */
final class Injector
{
    public function __construct(private readonly Container $container)
    {
    }

    /**
     * @param string               $owner whose parameters they are, for messages
     * @param list<string>         $chain what is being made, the owner last
     * @param array<string, mixed> $given by parameter name
     *
     * @return list<mixed>
     *
     * @throws InjectionException when a parameter gets nothing
     */
    public function arguments(
        \ReflectionFunctionAbstract $function,
        string $owner,
        array $chain,
        array $given,
    ): array {
        $arguments = [];
        foreach ($function->getParameters() as $parameter) {
            $name = $parameter->getName();
            $classes = $this->classes($parameter);

            if (\array_key_exists($name, $given)) {
                $arguments[] = $given[$name];
                unset($given[$name]);
            } elseif (!$parameter->isVariadic()) {
                $arguments[] = $this->argument($parameter, $classes, $owner, $chain);
            }
        }

        if ($given !== []) {
            throw new InjectionException(\sprintf('%s has no parameter $%s.', $owner, \array_key_first($given)));
        }

        return $arguments;
    }

    /** Why the container can't make something by its name alone. */
    public static function whyNotMade(string $id): string
    {
        return match (true) {
            \interface_exists($id) => 'it is an interface to which nothing is bound',
            !\class_exists($id) => 'nothing is bound to that name and no such class exists',
            \enum_exists($id) => 'it is an enum to which nothing is bound',
            (new \ReflectionClass($id))->isAbstract() => 'it is an abstract class to which nothing is bound',
            default => 'its constructor is not public and nothing is bound to it',
        };
    }

    /**
     * @param list<string> $chain
     */
    public static function askedForBy(array $chain): string
    {
        return $chain === [] ? '' : ' Asked for by ' . \implode(' -> ', $chain) . '.';
    }

    /**
     * @param list<string> $classes
     * @param list<string> $chain
     */
    private function argument(\ReflectionParameter $parameter, array $classes, string $owner, array $chain): mixed
    {
        foreach ($classes as $class) {
            if ($this->container->isBound($class)) {
                return $this->container->get($class);
            }
        }
        if ($parameter->isDefaultValueAvailable()) {
            return $parameter->getDefaultValue();
        }
        foreach ($classes as $class) {
            if ($this->container->has($class)) {
                return $this->container->get($class);
            }
        }
        if ($parameter->allowsNull() && $parameter->hasType()) {
            return null;
        }

        $type = (string) ($parameter->getType() ?? 'no type');
        $reason = match (\count($classes)) {
            0 => 'its type names no class that could be made, and it has no default',
            1 => self::whyNotMade($classes[0]),
            default => 'nothing is bound to any of its types',
        };

        throw new InjectionException(\sprintf(
            '%s needs $%s (%s), which cannot be injected: %s.%s%s',
            $owner,
            $parameter->getName(),
            $type,
            $reason,
            \count($chain) > 1 ? ' The chain: ' . \implode(' -> ', $chain) . '.' : '',
            Hint::forClass($owner) ?: Hint::forClass($classes[0] ?? ''),
        ));
    }

    /**
     * The classes that the parameter's type names, each of them loaded: PHP's own check of an
     * argument does not load the alias that the type may be.
     *
     * @return list<string>
     */
    private function classes(\ReflectionParameter $parameter): array
    {
        $classes = [];
        foreach ($this->names($parameter->getType()) as $name) {
            $class = match ($name) {
                'self' => $parameter->getDeclaringClass()?->getName() ?? $name,
                'parent' => ($parameter->getDeclaringClass()?->getParentClass() ?: null)?->getName() ?? $name,
                default => $name,
            };
            \class_exists($class) || \interface_exists($class);
            $classes[] = $class;
        }

        return $parameter->getType() instanceof \ReflectionIntersectionType ? [] : $classes;
    }

    /**
     * @return list<string>
     */
    private function names(?\ReflectionType $type): array
    {
        if ($type instanceof \ReflectionNamedType) {
            return $type->isBuiltin() ? [] : [$type->getName()];
        }

        $names = [];
        if ($type instanceof \ReflectionUnionType || $type instanceof \ReflectionIntersectionType) {
            foreach ($type->getTypes() as $part) {
                \array_push($names, ...$this->names($part));
            }
        }

        return $names;
    }
}
