<?php

declare(strict_types=1);

namespace Coyote\Tests\Compat;

use Coyote\Tests\Support\FakePackage;
use Coyote\Tests\Support\Script;
use PHPUnit\Framework\TestCase;

/**
 * What is said when an installed package does not fit what the application wants of it.
 */
final class InstalledPackageTest extends TestCase
{
    /** As in versions 2 and 3: other methods, and a relay to construct. */
    private const WORKER = ['Spiral\RoadRunner\Worker' => 'interface R {} class Worker {
        function __construct(R $relay) {}
        static function create() { return new self(new class implements R {}); }
        function waitPayload() {}
    }'];

    private const SERVE = 'require COMPOSER; require PHP . "/compat/autoload.php";
        class D implements Spiral\Boot\DispatcherInterface {
            function __construct(private Psr\Container\ContainerInterface $c) {}
            function canServe(): bool { return true; }
            function serve() { $this->c->get(Spiral\RoadRunner\Worker::class)->receive($context); }
        }
        $kernel = new Coyote\Kernel(); ';

    private const MEND = 'The installed spiral/roadrunner-worker is version 2 or later: its Worker has no receive()';

    public function testAWorkerWithoutReceiveIsNamedWhenTheContainerIsAsked(): void
    {
        $package = new FakePackage(self::WORKER);
        $script = Script::run(
            $package->register() . self::SERVE . '$kernel->addDispatcher($kernel->container()->get(D::class))->serve();',
        );

        self::assertSame(255, $script->status);
        self::assertStringContainsString('Spiral\RoadRunner\Worker needs $relay', $script->stderr);
        self::assertStringContainsString(self::MEND, $script->stderr);
        self::assertStringContainsString('composer remove spiral/roadrunner-worker', $script->stderr);
    }

    public function testAWorkerWithoutReceiveIsNamedWhenItIsCalled(): void
    {
        $package = new FakePackage(self::WORKER);
        $script = Script::run(
            $package->register() . self::SERVE
            . '$kernel->container()->bind(Spiral\RoadRunner\Worker::class, fn () => Spiral\RoadRunner\Worker::create());
            $kernel->addDispatcher($kernel->container()->get(D::class))->serve();',
        );

        self::assertSame(255, $script->status);
        self::assertStringContainsString('Coyote\Exception\KernelException: ' . self::MEND, $script->stderr);
        self::assertStringContainsString('undefined method Spiral\RoadRunner\Worker::receive()', $script->stderr);
    }

    public function testABoundWorkerOfLaterVersionsIsLeftAlone(): void
    {
        $package = new FakePackage(self::WORKER);
        $script = Script::run(
            $package->register() . self::SERVE
            . '$kernel->container()->bind(Spiral\RoadRunner\Worker::class, fn () => Spiral\RoadRunner\Worker::create());
            $kernel->container()->get(Spiral\RoadRunner\Worker::class)->waitPayload(); echo "ok";',
        );

        self::assertSame('ok', $script->stdout, $script->stderr);
    }

    public function testABootloaderOfAnInstalledSpiralBootIsSentToItsKernel(): void
    {
        $package = new FakePackage([
            'Spiral\Boot\Bootloader\Bootloader' => 'abstract class Bootloader {}',
            'Spiral\Boot\KernelInterface' => 'interface KernelInterface {}',
        ]);
        $script = Script::run(
            $package->register() . 'require COMPOSER; require PHP . "/compat/autoload.php";
            class B extends Spiral\Boot\Bootloader\Bootloader { function boot(Spiral\Boot\KernelInterface $kernel) {} }
            (new Coyote\Kernel([B::class]))->serve();',
        );

        self::assertSame(255, $script->status);
        self::assertStringContainsString(
            'B is no bootloader: it does not extend Coyote\Kernel\Bootloader. spiral/boot is installed, and its classes '
            . 'are not this kernel\'s: run the application in a kernel of spiral/boot',
            $script->stderr,
        );
    }
}
