<?php

/**
 * Bootloaders and a dispatcher of a made-up application; what runs is noted in Journal::$lines.
 */

declare(strict_types=1);

namespace Coyote\Tests\Kernel\Boot;

use Coyote\Kernel\Bootloader;
use Coyote\Kernel\Container;
use Coyote\Kernel\DispatcherInterface;
use Coyote\Kernel\FinalizerInterface;
use Coyote\Kernel\KernelInterface;

final class Journal
{
    /** @var list<string> */
    public static array $lines = [];
}

final class Dispatcher implements DispatcherInterface
{
    public function __construct(
        private readonly string $name,
        private readonly bool $willing,
        private readonly ?\Throwable $failure = null,
    ) {
    }

    public function canServe(): bool
    {
        return $this->willing;
    }

    public function serve(): string
    {
        Journal::$lines[] = 'serve ' . $this->name;

        return $this->failure === null ? $this->name : throw $this->failure;
    }
}

final class Base extends Bootloader
{
    public function init(Container $container): void
    {
        Journal::$lines[] = 'init Base';
        $container->bind('greeting', static fn (): string => 'hello');
    }

    public function boot(): void
    {
        Journal::$lines[] = 'boot Base';
    }
}

final class Needing extends Bootloader
{
    public function __construct(Container $container)
    {
        $greeting = $container->get('greeting');
        Journal::$lines[] = 'new Needing, ' . (\is_string($greeting) ? $greeting : '?');
    }

    public function boot(Base $base, KernelInterface $kernel, FinalizerInterface $finalizer): void
    {
        Journal::$lines[] = 'boot Needing';
        $kernel->addDispatcher(new Dispatcher('needing', true));
        $finalizer->addFinalizer(static function (bool $terminate): void {
            Journal::$lines[] = 'finalize ' . \var_export($terminate, true);
        });
    }
}

final class Silent extends Bootloader
{
}

final class Hen extends Bootloader
{
    public function boot(Egg $egg): void
    {
    }
}

final class Egg extends Bootloader
{
    public function init(Hen $hen): void
    {
    }
}

final class Closed extends Bootloader
{
    /** @phpstan-ignore-next-line */
    private function boot(): void
    {
    }
}

final class Wanting extends Bootloader
{
    public function boot(string $name): void
    {
    }
}
