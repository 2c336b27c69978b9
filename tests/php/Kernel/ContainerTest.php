<?php

declare(strict_types=1);

namespace Coyote\Tests\Kernel;

use Coyote\Exception\InjectionException;
use Coyote\Exception\NotFoundException;
use Coyote\Kernel\Container;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Psr\Container\ContainerExceptionInterface;
use Psr\Container\ContainerInterface;
use Psr\Container\NotFoundExceptionInterface;

require_once __DIR__ . '/services.php';

final class ContainerTest extends TestCase
{
    private Container $container;

    protected function setUp(): void
    {
        $this->container = new Container();
    }

    public function testItInjectsConstructorsAllTheWayDown(): void
    {
        $this->container->bind(App\Clock::class, App\WallClock::class);
        $report = $this->container->get(App\Report::class);

        self::assertInstanceOf(App\WallClock::class, $report->journal->clock);
        self::assertSame('untitled', $report->title);
        self::assertSame($report, $this->container->get(App\Report::class));
        self::assertSame($report->journal, $this->container->get(App\Journal::class));
    }

    public function testBindings(): void
    {
        $clock = new App\WallClock();
        $this->container->bind(App\Clock::class, $clock);
        self::assertSame($clock, $this->container->get(App\Clock::class));

        $this->container->bind('fresh', static fn (App\Clock $clock) => [$clock, new \stdClass()]);
        self::assertSame($clock, $this->container->get('fresh')[0]);
        self::assertNotSame($this->container->get('fresh')[1], $this->container->get('fresh')[1]);

        $this->container->singleton('once', static fn () => new \stdClass());
        self::assertSame($this->container->get('once'), $this->container->get('once'));

        $this->container->singleton('nothing', static fn () => null);
        self::assertNull($this->container->get('nothing'));
    }

    public function testABindingReplacesTheOneBefore(): void
    {
        $this->container->bind('id', static fn () => 'closure');
        self::assertSame('closure', $this->container->get('id'));
        $this->container->bind('id', $object = new \stdClass());
        self::assertSame($object, $this->container->get('id'));
        $this->container->singleton('id', static fn () => 'again');
        self::assertSame('again', $this->container->get('id'));
    }

    public function testMakeIsNeverShared(): void
    {
        $first = $this->container->make(App\Mailer::class, ['host' => 'localhost']);
        $second = $this->container->make(App\Mailer::class, ['host' => 'localhost']);

        self::assertNotSame($first, $second);
        self::assertSame($first->clock, $second->clock);
        self::assertSame('localhost', $first->host);
    }

    public function testMakeRefusesAnArgumentThatNobodyTakes(): void
    {
        $this->expectException(InjectionException::class);
        $this->expectExceptionMessage('App\Mailer has no parameter $hots.');
        $this->container->make(App\Mailer::class, ['host' => 'localhost', 'hots' => '']);
    }

    public function testCallInjectsFunctionsAndMethods(): void
    {
        self::assertInstanceOf(App\WallClock::class, $this->container->call(static fn (App\WallClock $clock) => $clock));
        self::assertSame('x!', $this->container->call(static fn (string $a, string $b = '!') => $a . $b, ['a' => 'x']));
        self::assertSame($this->container, $this->container->call([$this, 'giveContainer']));
    }

    public function giveContainer(ContainerInterface $container, Container $same): ContainerInterface
    {
        self::assertSame($container, $same);

        return $container;
    }

    /** An optional service is used when it is there and never made by guess. */
    public function testOptionalParameters(): void
    {
        $choosy = $this->container->make(App\Choosy::class);
        self::assertNull($choosy->at);
        self::assertNull($choosy->clock);
        self::assertNull($choosy->union);
        self::assertSame([], $choosy->rest);

        $this->container->bind(App\Clock::class, $clock = new App\WallClock());
        $choosy = $this->container->make(App\Choosy::class);
        self::assertNull($choosy->at);
        self::assertSame($clock, $choosy->clock);
        self::assertSame($clock, $choosy->union);
    }

    public function testANullableParameterWithoutDefaultGetsNullAtLast(): void
    {
        $nullable = $this->container->make(App\Nullable::class);
        self::assertNull($nullable->clock);
        self::assertInstanceOf(App\WallClock::class, $nullable->wall);
    }

    public function testHas(): void
    {
        self::assertTrue($this->container->has(App\WallClock::class));
        self::assertTrue($this->container->has(ContainerInterface::class));
        self::assertFalse($this->container->has(App\Clock::class));
        self::assertFalse($this->container->has(App\Shape::class));
        self::assertFalse($this->container->has(App\Suit::class));
        self::assertFalse($this->container->has(App\Hidden::class));
        self::assertFalse($this->container->has('no such thing'));

        $this->container->bind(App\Clock::class, App\WallClock::class);
        self::assertTrue($this->container->has(App\Clock::class));
    }

    public function testAnAliasIsTheSameEntry(): void
    {
        \class_exists('Coyote\Tests\Kernel\App\Uhr') || \class_alias(App\Clock::class, 'Coyote\Tests\Kernel\App\Uhr');
        $this->container->bind('Coyote\Tests\Kernel\App\Uhr', $clock = new App\WallClock());

        self::assertSame($clock, $this->container->get(App\Clock::class));
        self::assertSame($clock, $this->container->get(\strtolower(App\Clock::class)));
        self::assertSame($clock, $this->container->get('\\' . App\Clock::class));
    }

    /**
     * @return iterable<string, array{string, class-string, string}>
     */
    public static function whatCannotBeMade(): iterable
    {
        $app = 'Coyote\Tests\Kernel\App\\';
        $not = NotFoundExceptionInterface::class;
        $inner = ContainerExceptionInterface::class;

        yield 'a scalar' => [App\Mailer::class, $inner, "{$app}Mailer needs \$host (string), which cannot be injected: "
            . 'its type names no class that could be made, and it has no default.'];
        yield 'a scalar, far down' => [App\Campaign::class, $inner, "{$app}Mailer needs \$host (string), which cannot be "
            . 'injected: its type names no class that could be made, and it has no default. '
            . "The chain: {$app}Campaign -> {$app}Newsletter -> {$app}Mailer."];
        yield 'an interface inside' => [App\Journal::class, $inner, "{$app}Journal needs \$clock ({$app}Clock), which "
            . 'cannot be injected: it is an interface to which nothing is bound.'];
        yield 'no type' => [App\Untyped::class, $inner, "{$app}Untyped needs \$anything (no type)"];
        yield 'a cycle' => [App\Hen::class, $inner, "{$app}Hen needs itself: {$app}Hen -> {$app}Egg -> {$app}Hen."];
        yield 'itself' => [App\Linked::class, $inner, "{$app}Linked needs itself: {$app}Linked -> {$app}Linked."];
        yield 'an interface' => [App\Clock::class, $not, "The container has no {$app}Clock: it is an interface to which"];
        yield 'an abstract class' => [App\Shape::class, $not, "{$app}Shape: it is an abstract class to which nothing is"];
        yield 'an enum' => [App\Suit::class, $not, "{$app}Suit: it is an enum to which nothing is bound"];
        yield 'no constructor' => [App\Hidden::class, $not, "{$app}Hidden: its constructor is not public and nothing"];
        yield 'nothing' => ['nowhere', $not, 'The container has no nowhere: nothing is bound to that name and no such class'];
    }

    /**
     * @param class-string<\Throwable> $exception
     */
    #[DataProvider('whatCannotBeMade')]
    public function testWhatCannotBeMadeIsNamedWithItsChain(string $id, string $exception, string $message): void
    {
        for ($twice = 0; $twice < 2; ++$twice) {
            try {
                $this->container->get($id);
                self::fail('it was made');
            } catch (ContainerExceptionInterface $failure) {
                self::assertInstanceOf($exception, $failure);
                self::assertSame($exception === NotFoundExceptionInterface::class, $failure instanceof NotFoundException);
                self::assertStringContainsString($message, $failure->getMessage());
            }
        }
    }

    public function testAClosureIsNamedByItsPlace(): void
    {
        $this->container->bind('id', static fn (string $name) => $name);
        $this->expectException(InjectionException::class);
        $this->expectExceptionMessage('the closure in ' . __FILE__ . ':' . (__LINE__ - 2) . ' needs $name (string)');
        $this->container->get('id');
    }

    public function testBindingsThatNameEachOther(): void
    {
        $this->container->bind('a', 'b');
        $this->container->bind('b', 'a');
        $this->expectException(InjectionException::class);
        $this->expectExceptionMessage('a needs itself: a -> b -> a.');
        $this->container->get('a');
    }

    public function testWhatAConstructorThrowsComesAsItIs(): void
    {
        $this->expectException(\DomainException::class);
        $this->expectExceptionMessage('the disk is full');
        $this->container->get(App\Failing::class);
    }
}
