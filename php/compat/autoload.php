<?php

/**
 * Gives the names of spiral/boot, spiral/roadrunner 1, psr/container and psr/log to applications
 * that have not installed those packages. An installed package always wins, as a whole.
 */

declare(strict_types=1);

namespace Coyote\Compat;

require_once __DIR__ . '/Loader.php';

Loader::register([
    'spiral/boot' => [
        'Spiral\Boot\DispatcherInterface' => \Coyote\Kernel\DispatcherInterface::class,
        'Spiral\Boot\EnvironmentInterface' => \Coyote\Kernel\EnvironmentInterface::class,
        'Spiral\Boot\FinalizerInterface' => \Coyote\Kernel\FinalizerInterface::class,
        'Spiral\Boot\KernelInterface' => \Coyote\Kernel\KernelInterface::class,
        'Spiral\Boot\Environment' => \Coyote\Kernel\Environment::class,
        'Spiral\Boot\Finalizer' => \Coyote\Kernel\Finalizer::class,
        'Spiral\Boot\Bootloader\Bootloader' => \Coyote\Kernel\Bootloader::class,
        'Spiral\Boot\Exception\BootException' => \Coyote\Exception\KernelException::class,
    ],
    'spiral/roadrunner' => [
        'Spiral\RoadRunner\Worker' => RoadRunner\Worker::class,
    ],
    'psr/container' => [
        'Psr\Container\ContainerInterface' => Psr\Container\ContainerInterface::class,
        'Psr\Container\ContainerExceptionInterface' => Psr\Container\ContainerExceptionInterface::class,
        'Psr\Container\NotFoundExceptionInterface' => Psr\Container\NotFoundExceptionInterface::class,
    ],
    'psr/log' => [
        'Psr\Log\LoggerInterface' => Psr\Log\LoggerInterface::class,
        'Psr\Log\AbstractLogger' => Psr\Log\AbstractLogger::class,
        'Psr\Log\LogLevel' => Psr\Log\LogLevel::class,
        'Psr\Log\InvalidArgumentException' => Psr\Log\InvalidArgumentException::class,
    ],
]);
