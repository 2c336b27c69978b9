<?php

declare(strict_types=1);

namespace Coyote\Kernel;

/**
 * More words for errors whose cause is a package that is installed beside this one.
 *
 * @internal
 */
final class Hint
{
    private const WORKER = 'Spiral\RoadRunner\Worker';
    private const BOOTLOADER = 'Spiral\Boot\Bootloader\Bootloader';

    private const NO_RECEIVE = 'The installed spiral/roadrunner-worker is version 2 or later: '
        . 'its Worker has no receive() and cannot be made by the container. Either remove that package '
        . '(composer remove spiral/roadrunner-worker), and php/compat gives the Worker of version 1; '
        . 'or use Coyote\Worker, with next() and send(); '
        . 'or bind its Worker::create() and use waitPayload() and respond().';

    private const OTHER_KERNEL = 'spiral/boot is installed, and its classes are not this kernel\'s: '
        . 'run the application in a kernel of spiral/boot, or extend Coyote\Kernel\Bootloader and implement '
        . 'Coyote\Kernel\DispatcherInterface.';

    /** Why the container cannot make the class, if a package is the reason. */
    public static function forClass(string $class): string
    {
        if ($class === self::WORKER && self::lacksReceive()) {
            return ' ' . self::NO_RECEIVE;
        }

        return \str_starts_with($class, 'Spiral\Boot\\') ? ' ' . self::OTHER_KERNEL : '';
    }

    /** Why the class is no bootloader, if a package is the reason. */
    public static function forBootloader(string $class): string
    {
        return \is_subclass_of($class, self::BOOTLOADER) ? ' ' . self::OTHER_KERNEL : '';
    }

    /** What to do about an Error, if a package is the reason. */
    public static function forError(\Error $error): string
    {
        $call = 'undefined method ' . self::WORKER . '::receive()';

        return \str_contains($error->getMessage(), $call) && self::lacksReceive() ? self::NO_RECEIVE : '';
    }

    private static function lacksReceive(): bool
    {
        return \class_exists(self::WORKER) && !(new \ReflectionClass(self::WORKER))->hasMethod('receive');
    }
}
