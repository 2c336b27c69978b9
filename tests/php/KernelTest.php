<?php

declare(strict_types=1);

namespace Coyote\Tests;

use Coyote\Exception\FinalizerException;
use Coyote\Exception\InjectionException;
use Coyote\Exception\KernelException;
use Coyote\Kernel;
use Coyote\Kernel\Environment;
use Coyote\Kernel\EnvironmentInterface;
use Coyote\Kernel\Finalizer;
use Coyote\Kernel\FinalizerInterface;
use Coyote\Kernel\KernelInterface;
use Coyote\Tests\Kernel\Boot;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/Kernel/bootloaders.php';

final class KernelTest extends TestCase
{
    protected function setUp(): void
    {
        Boot\Journal::$lines = [];
    }

    public function testItBootsServesAndFinalizes(): void
    {
        $kernel = new Kernel([Boot\Needing::class, Boot\Silent::class, Boot\Base::class]);
        self::assertSame('needing', $kernel->serve());

        self::assertSame([
            'init Base',
            'new Needing, hello',
            'boot Base',
            'boot Needing',
            'serve needing',
            'finalize true',
        ], Boot\Journal::$lines);
    }

    public function testABootloaderThatIsOnlyAskedForRunsToo(): void
    {
        (new Kernel([Boot\Needing::class]))->boot()->boot();
        self::assertSame(['init Base', 'new Needing, hello', 'boot Base', 'boot Needing'], Boot\Journal::$lines);
    }

    public function testTheFirstThatCanServeDoes(): void
    {
        $kernel = new Kernel();
        $kernel->addDispatcher(new Boot\Dispatcher('a', false))
            ->addDispatcher(new Boot\Dispatcher('b', true))
            ->addDispatcher(new Boot\Dispatcher('c', true));

        self::assertSame('b', $kernel->serve());
        self::assertSame(['serve b'], Boot\Journal::$lines);
    }

    public function testItsServicesAreInTheContainer(): void
    {
        $kernel = new Kernel([], $environment = new Environment(['X' => 'y']));
        $container = $kernel->container();

        self::assertSame($kernel, $container->get(KernelInterface::class));
        self::assertSame($kernel, $container->get(Kernel::class));
        self::assertSame($environment, $container->get(EnvironmentInterface::class));
        self::assertSame($environment, $container->get(Environment::class));
        self::assertSame($container->get(FinalizerInterface::class), $container->get(Finalizer::class));
        self::assertTrue($container->isBound(\Coyote\Worker::class));
    }

    public function testWhenNobodyServesItSaysWhoWasAskedAndWhatWasSeen(): void
    {
        $kernel = new Kernel([], new Environment(['RR_TICKER' => 'true', 'RR_MODE' => 'ticker', 'OTHER' => '1']));
        $kernel->addDispatcher(new Boot\Dispatcher('a', false));

        $this->expectException(KernelException::class);
        $this->expectExceptionMessageMatches(
            "~^No dispatcher can serve. Asked: Coyote.Tests.Kernel.Boot.Dispatcher. "
            . "RR_\\* variables seen: RR_TICKER=true, RR_MODE='ticker'. A dispatcher tells its service by~",
        );
        $kernel->serve();
    }

    public function testWithoutDispatchersOrAServer(): void
    {
        $this->expectException(KernelException::class);
        $this->expectExceptionMessage(
            'Asked: none, for no bootloader has added one. RR_* variables seen: none. '
            . 'The script was not started by a server: run `coyote serve`.',
        );
        (new Kernel())->serve();
    }

    public function testAFailingDispatcherIsFinalizedAfter(): void
    {
        $failure = new \DomainException('no');
        $kernel = new Kernel([Boot\Base::class]);
        $kernel->addDispatcher(new Boot\Dispatcher('a', true, $failure));
        $kernel->container()->get(FinalizerInterface::class)->addFinalizer(static fn () => throw new \LogicException('nor this'));

        try {
            $kernel->serve();
            self::fail('both failures were lost');
        } catch (FinalizerException $second) {
            self::assertInstanceOf(\LogicException::class, $second->failures[0]);
            $chain = [];
            for ($previous = $second; $previous !== null; $previous = $previous->getPrevious()) {
                $chain[] = $previous;
            }
            self::assertContains($failure, $chain);
        }
    }

    /**
     * @return iterable<string, array{list<string>, class-string<\Throwable>, string}>
     */
    public static function wrongBootloaders(): iterable
    {
        $boot = 'Coyote\Tests\Kernel\Boot\\';
        yield 'none' => [['App\Nowhere'], KernelException::class, 'The bootloader App\Nowhere does not exist.'];
        yield 'another class' => [[\stdClass::class], KernelException::class, 'stdClass is no bootloader: it does not extend'];
        yield 'a cycle' => [[Boot\Hen::class], KernelException::class, "wait for each other: {$boot}Hen -> {$boot}Egg -> {$boot}Hen."];
        yield 'private' => [[Boot\Closed::class], KernelException::class, "{$boot}Closed::boot() must be public."];
        yield 'a scalar' => [[Boot\Wanting::class], InjectionException::class, "{$boot}Wanting::boot() needs \$name (string), which"];
    }

    /**
     * @param list<string>             $bootloaders
     * @param class-string<\Throwable> $exception
     */
    #[DataProvider('wrongBootloaders')]
    public function testAWrongBootloaderIsNamed(array $bootloaders, string $exception, string $message): void
    {
        $this->expectException($exception);
        $this->expectExceptionMessage($message);
        (new Kernel($bootloaders))->boot();
    }
}
