<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\KernelException;
use Coyote\Kernel\BootSequence;
use Coyote\Kernel\Container;
use Coyote\Kernel\DispatcherInterface;
use Coyote\Kernel\Environment;
use Coyote\Kernel\EnvironmentInterface;
use Coyote\Kernel\Finalizer;
use Coyote\Kernel\FinalizerInterface;
use Coyote\Kernel\Hint;
use Coyote\Kernel\KernelInterface;

/**
 * A small application kernel, for those who have no framework's.
 *
 *     (new Kernel([TickerBootloader::class]))->serve();
 *
 * Its container knows the kernel, the environment, the finalizer and the Worker.
 *
 * @since 0.1
 */
final class Kernel implements KernelInterface
{
    private readonly Container $container;
    private readonly EnvironmentInterface $environment;
    private readonly Finalizer $finalizer;
    private bool $booted = false;

    /** @var list<DispatcherInterface> */
    private array $dispatchers = [];

    /**
     * @param list<string> $bootloaders class names of Coyote\Kernel\Bootloader's subclasses
     */
    public function __construct(
        private readonly array $bootloaders = [],
        ?EnvironmentInterface $environment = null,
    ) {
        $this->container = new Container();
        $this->environment = $environment ?? new Environment();
        $this->finalizer = new Finalizer();

        $this->container->bind(self::class, $this);
        $this->container->bind(KernelInterface::class, $this);
        $this->container->bind($this->environment::class, $this->environment);
        $this->container->bind(EnvironmentInterface::class, $this->environment);
        $this->container->bind(Finalizer::class, $this->finalizer);
        $this->container->bind(FinalizerInterface::class, $this->finalizer);
        $this->container->singleton(Worker::class, static fn (): Worker => Worker::create());
    }

    public function container(): Container
    {
        return $this->container;
    }

    public function addDispatcher(DispatcherInterface $dispatcher): static
    {
        $this->dispatchers[] = $dispatcher;

        return $this;
    }

    /**
     * Runs the bootloaders. serve() does so by itself; a second call does nothing.
     *
     * @throws KernelException when a bootloader is none, or bootloaders wait for each other
     */
    public function boot(): static
    {
        if (!$this->booted) {
            $this->booted = true;
            (new BootSequence($this->container))->run($this->bootloaders);
        }

        return $this;
    }

    /**
     * Boots, lets the first dispatcher that can serve do so until it ends, then finalizes with
     * terminate set.
     *
     * @return mixed what the dispatcher returned
     *
     * @throws KernelException when no dispatcher can serve
     */
    public function serve(): mixed
    {
        $this->boot();

        foreach ($this->dispatchers as $dispatcher) {
            if ($dispatcher->canServe()) {
                return $this->run($dispatcher);
            }
        }

        throw new KernelException($this->whyNobodyServes());
    }

    private function run(DispatcherInterface $dispatcher): mixed
    {
        try {
            return $dispatcher->serve();
        } catch (\Error $error) {
            $hint = Hint::forError($error);

            throw $hint === '' ? $error : new KernelException($hint, 0, $error);
        } finally {
            // An exception from here carries the one above as its previous
            $this->finalizer->finalize(true);
        }
    }

    private function whyNobodyServes(): string
    {
        $asked = \array_map(static fn (DispatcherInterface $dispatcher): string => $dispatcher::class, $this->dispatchers);

        $seen = [];
        foreach ($this->environment->getAll() as $name => $value) {
            if (\str_starts_with($name, 'RR_')) {
                $seen[] = $name . '=' . (\is_scalar($value) ? \var_export($value, true) : \get_debug_type($value));
            }
        }

        return \sprintf(
            'No dispatcher can serve. Asked: %s. RR_* variables seen: %s. %s',
            $asked === [] ? 'none, for no bootloader has added one' : \implode(', ', $asked),
            $seen === [] ? 'none' : \implode(', ', $seen),
            $seen === []
                ? 'The script was not started by a server: run `coyote serve`.'
                : 'A dispatcher tells its service by such a variable in canServe(): compare the two.',
        );
    }
}
