<?php

declare(strict_types=1);

namespace Coyote\Kernel;

/**
 * Prepares one part of an application when the kernel boots.
 *
 * A subclass may have the public methods init() and boot(), each with any arguments that the
 * container can inject. init() of all bootloaders runs before boot() of the first: bind in init(),
 * use what others have bound in boot(). A bootloader that takes another as an argument runs after
 * it. Neither method is declared here, so that each subclass chooses its own arguments.
 *
 * @since 0.1
 */
abstract class Bootloader
{
}
