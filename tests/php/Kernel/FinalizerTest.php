<?php

declare(strict_types=1);

namespace Coyote\Tests\Kernel;

use Coyote\Exception\FinalizerException;
use Coyote\Kernel\Finalizer;
use PHPUnit\Framework\TestCase;

final class FinalizerTest extends TestCase
{
    public function testAllRunInOrderAndHearWhetherItIsTheEnd(): void
    {
        $calls = [];
        $finalizer = new Finalizer();
        $finalizer->finalize();
        $finalizer->addFinalizer(static function (bool $terminate) use (&$calls): void {
            $calls[] = ['a', $terminate];
        });
        $finalizer->addFinalizer(static function () use (&$calls): void {
            $calls[] = ['b'];
        });

        $finalizer->finalize();
        $finalizer->finalize(true);
        self::assertSame([['a', false], ['b'], ['a', true], ['b']], $calls);
    }

    public function testOneThatThrowsLosesNoOther(): void
    {
        $calls = 0;
        $first = new \DomainException('no disk');
        $second = new \TypeError('no type');
        $finalizer = new Finalizer();
        $finalizer->addFinalizer(static fn () => throw $first);
        $finalizer->addFinalizer(static function () use (&$calls): void {
            ++$calls;
        });
        $finalizer->addFinalizer(static fn () => throw $second);
        $finalizer->addFinalizer(static function () use (&$calls): void {
            ++$calls;
        });

        try {
            $finalizer->finalize();
            self::fail('the failures were lost');
        } catch (FinalizerException $failure) {
            self::assertSame([$first, $second], $failure->failures);
            self::assertSame($first, $failure->getPrevious());
            self::assertStringContainsString('2 of 4 finalizers failed: DomainException: no disk in ', $failure->getMessage());
            self::assertStringContainsString('; TypeError: no type in ', $failure->getMessage());
        }
        self::assertSame(2, $calls);
    }
}
