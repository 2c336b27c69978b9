<?php

declare(strict_types=1);

namespace Coyote\Tests\Compat;

use Coyote\Tests\Support\FakePackage;
use Coyote\Tests\Support\Script;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * Whose class a name is, in processes in which packages are installed, or not, in any order.
 */
final class LoaderTest extends TestCase
{
    private const COMPAT = 'require PHP . "/compat/autoload.php"; ';
    private const BOOT = [
        'Spiral\Boot\DispatcherInterface',
        'Spiral\Boot\EnvironmentInterface',
        'Spiral\Boot\FinalizerInterface',
        'Spiral\Boot\KernelInterface',
        'Spiral\Boot\Environment',
        'Spiral\Boot\Finalizer',
        'Spiral\Boot\Bootloader\Bootloader',
        'Spiral\Boot\Exception\BootException',
    ];

    public function testWithoutPackagesAllNamesAreOurs(): void
    {
        self::assertSame(
            \array_fill_keys([...self::BOOT, 'Spiral\RoadRunner\Worker'], 'coyote'),
            $this->whose('require COMPOSER; ' . self::COMPAT, [...self::BOOT, 'Spiral\RoadRunner\Worker']),
        );
    }

    public function testNothingIsLoadedBeforeItIsAskedFor(): void
    {
        $script = Script::run(
            'require COMPOSER; ' . self::COMPAT
            . 'echo json_encode(array_map(fn ($n) => class_exists($n, false) || interface_exists($n, false), '
            . \var_export(self::BOOT, true) . '));',
        );
        self::assertSame(\json_encode(\array_fill(0, \count(self::BOOT), false)), $script->stdout, $script->stderr);
    }

    public function testRequiredTwiceItIsRegisteredOnceAndLast(): void
    {
        $script = Script::run(
            'require COMPOSER; ' . self::COMPAT . self::COMPAT
            . 'echo implode(" ", array_map(get_debug_type(...), spl_autoload_functions()));',
        );
        self::assertStringEndsWith('Coyote\Compat\Loader', $script->stdout, $script->stderr);
        self::assertSame(1, \substr_count($script->stdout, 'Coyote'));
    }

    /**
     * @return iterable<string, array{list<string>}>
     */
    public static function orders(): iterable
    {
        yield 'package, compat' => [['package', 'compat']];
        yield 'compat, package' => [['compat', 'package']];
        yield 'compat, package in front' => [['compat', 'front']];
    }

    /**
     * @param list<string> $order
     */
    #[DataProvider('orders')]
    public function testAnInstalledPackageWinsInEveryOrder(array $order): void
    {
        foreach (self::BOOT as $asked) {
            $package = $this->fakeBoot(self::BOOT);
            $names = [$asked, ...\array_diff(self::BOOT, [$asked])];
            self::assertSame(
                \array_fill_keys($names, 'package'),
                $this->whose('require COMPOSER; ' . $this->inOrder($order, $package), $names),
                "asked for $asked first",
            );
        }

        $package = new FakePackage(['Spiral\RoadRunner\Worker' => 'class Worker {}']);
        self::assertSame(
            ['Spiral\RoadRunner\Worker' => 'package', 'Spiral\Boot\KernelInterface' => 'coyote'],
            $this->whose(
                'require COMPOSER; ' . $this->inOrder($order, $package),
                ['Spiral\RoadRunner\Worker', 'Spiral\Boot\KernelInterface'],
            ),
        );
    }

    /**
     * A version of the package that has only one of the names: the others do not exist then, as
     * without us.
     *
     * @param list<string> $order
     */
    #[DataProvider('orders')]
    public function testNoPackageIsMadeUpOfTwoSides(array $order): void
    {
        foreach (['Spiral\Boot\KernelInterface', 'Spiral\Boot\Bootloader\Bootloader'] as $only) {
            foreach (self::BOOT as $asked) {
                $package = $this->fakeBoot([$only]);
                $names = [$asked, ...\array_diff(self::BOOT, [$asked])];
                self::assertSame(
                    \array_replace(\array_fill_keys($names, 'nobody'), [$only => 'package']),
                    $this->whose('require COMPOSER; ' . $this->inOrder($order, $package), $names),
                    "only $only, asked for $asked first",
                );
            }
        }
    }

    /** The real Environment implements the real interface, which is loaded while ours is asked. */
    public function testAPackageWhoseClassesNeedEachOther(): void
    {
        $package = new FakePackage([
            'Spiral\Boot\EnvironmentInterface' => 'interface EnvironmentInterface {}',
            'Spiral\Boot\Environment' => 'class Environment implements EnvironmentInterface {}',
        ]);
        foreach (self::orders() as [$order]) {
            self::assertSame(
                ['Spiral\Boot\EnvironmentInterface' => 'package', 'Spiral\Boot\Environment' => 'package'],
                $this->whose(
                    'require COMPOSER; ' . $this->inOrder($order, $package),
                    ['Spiral\Boot\EnvironmentInterface', 'Spiral\Boot\Environment'],
                ),
            );
        }
    }

    public function testAPackageThatComesAfterUseDoesNotMixIn(): void
    {
        $package = $this->fakeBoot(self::BOOT);
        self::assertSame(
            \array_fill_keys(self::BOOT, 'coyote'),
            $this->whose(
                'require COMPOSER; ' . self::COMPAT . 'interface_exists("Spiral\Boot\KernelInterface"); '
                . $package->register(true),
                self::BOOT,
            ),
        );
    }

    public function testPsrContainerIsComposersWhereItIsInstalled(): void
    {
        $names = [
            'Psr\Container\ContainerInterface',
            'Psr\Container\ContainerExceptionInterface',
            'Psr\Container\NotFoundExceptionInterface',
        ];
        self::assertSame(
            \array_fill_keys($names, 'package'),
            $this->whose(self::COMPAT . 'require COMPOSER; ', $names),
        );
        self::assertSame(\array_fill_keys($names, 'coyote'), $this->whose(self::COMPAT, $names));
    }

    public function testNamesAreFoundInAnyCase(): void
    {
        $script = Script::run(
            'require COMPOSER; ' . self::COMPAT
            . 'echo (new ReflectionClass("\\\\spiral\\\\BOOT\\\\dispatcherinterface"))->getName();',
        );
        self::assertSame('Coyote\Kernel\DispatcherInterface', $script->stdout, $script->stderr);
    }

    /** PHP never loads a class to check an argument: all names must be there with the first. */
    public function testArgumentsOfOurClassesFitTheirNames(): void
    {
        $script = Script::run(
            'require COMPOSER; ' . self::COMPAT
            . 'class D implements Spiral\Boot\DispatcherInterface { function canServe(): bool { return true; } function serve() {} }
               (function (Spiral\Boot\EnvironmentInterface $e, ?Spiral\Boot\FinalizerInterface $f, Spiral\Boot\DispatcherInterface $d) {
                   echo "fits";
               })(new Coyote\Kernel\Environment(), new Coyote\Kernel\Finalizer(), new D());',
        );
        self::assertSame('fits', $script->stdout, $script->stderr);
    }

    public function testTheContainerLoadsTheNamesThatItInjects(): void
    {
        $script = Script::run(
            'require COMPOSER; ' . self::COMPAT
            . 'class S {
                   function __construct(public Spiral\Boot\FinalizerInterface $f, public Spiral\Boot\KernelInterface|int $k) {}
               }
               $kernel = new Coyote\Kernel();
               $s = $kernel->container()->get(S::class);
               echo get_debug_type($s->f), " ", get_debug_type($s->k);',
        );
        self::assertSame('Coyote\Kernel\Finalizer Coyote\Kernel', $script->stdout, $script->stderr);
    }

    public function testTheContainerLoadsTheNamesOfGivenArguments(): void
    {
        $script = Script::run(
            'require COMPOSER; ' . self::COMPAT
            . 'class S { function __construct(public Spiral\Boot\FinalizerInterface $f) {} }
               $f = new Coyote\Kernel\Finalizer();
               echo (new Coyote\Kernel\Container())->make(S::class, ["f" => $f])->f === $f ? "given" : "another";',
        );
        self::assertSame('given', $script->stdout, $script->stderr);
    }

    public function testThePackageClaimsNoForeignNames(): void
    {
        $root = \dirname(__DIR__, 3);
        $composer = \json_decode((string) \file_get_contents("$root/composer.json"), true, 512, \JSON_THROW_ON_ERROR);

        self::assertArrayNotHasKey('replace', $composer);
        self::assertArrayNotHasKey('provide', $composer);
        self::assertSame(['psr-4' => ['Coyote\\' => 'php/src/']], $composer['autoload']);
        self::assertSame(['php', 'psr/container', 'psr/log'], \array_keys($composer['require']));

        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator("$root/php/compat"));
        foreach ($files as $file) {
            \assert($file instanceof \SplFileInfo);
            if ($file->getExtension() === 'php') {
                $code = (string) \file_get_contents($file->getPathname());
                self::assertMatchesRegularExpression('/^namespace Coyote\\\\Compat[\\\\;]/m', $code, $file->getPathname());
            }
        }
    }

    /**
     * @param list<string> $names
     */
    private function fakeBoot(array $names): FakePackage
    {
        $declarations = [];
        foreach ($names as $name) {
            $short = \substr($name, (int) \strrpos($name, '\\') + 1);
            $declarations[$name] = (\str_ends_with($short, 'Interface') ? 'interface ' : 'class ') . $short . ' {}';
        }

        return new FakePackage($declarations);
    }

    /**
     * @param list<string> $order
     */
    private function inOrder(array $order, FakePackage $package): string
    {
        return \implode(\array_map(static fn (string $part): string => match ($part) {
            'compat' => self::COMPAT,
            'package' => $package->register(),
            'front' => $package->register(true),
            default => throw new \LogicException($part),
        }, $order));
    }

    /**
     * Whose each name is, asked for in the order given.
     *
     * @param list<string> $names
     *
     * @return array<string, string> package, coyote or nobody
     */
    private function whose(string $code, array $names): array
    {
        // Without Composer Coyote's own classes come from php/autoload.php's loader
        $script = Script::run(
            'spl_autoload_register(function ($c) {
                $f = PHP . "/src/" . strtr(substr($c, 7), "\\\\", "/") . ".php";
                if (str_starts_with($c, "Coyote\\\\") && is_file($f)) { require $f; }
            }); ' . $code . '
            foreach (' . \var_export($names, true) . ' as $name) {
                $whose[$name] = !class_exists($name) && !interface_exists($name) ? "nobody"
                    : (str_starts_with((new ReflectionClass($name))->getName(), "Coyote") ? "coyote" : "package");
            }
            echo json_encode($whose);',
        );
        self::assertSame('', $script->stderr);

        $whose = \json_decode($script->stdout, true, 512, \JSON_THROW_ON_ERROR);
        \assert(\is_array($whose));

        return $whose;
    }
}
