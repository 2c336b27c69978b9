<?php

declare(strict_types=1);

namespace Coyote\Tests\Kernel;

use Coyote\Kernel\Environment;
use PHPUnit\Framework\Attributes\BackupGlobals;
use PHPUnit\Framework\TestCase;

#[BackupGlobals(true)]
final class EnvironmentTest extends TestCase
{
    protected function tearDown(): void
    {
        \putenv('COYOTE_TEST');
        \putenv('COYOTE_OTHER');
    }

    public function testItIsGetenvUnderServerUnderTheGivenValues(): void
    {
        \putenv('COYOTE_TEST=getenv');
        \putenv('COYOTE_OTHER=getenv');
        self::assertSame('getenv', (new Environment())->get('COYOTE_TEST'));

        $_SERVER['COYOTE_TEST'] = 'server';
        self::assertSame('server', (new Environment())->get('COYOTE_TEST'));
        self::assertSame('getenv', (new Environment())->get('COYOTE_OTHER'));

        self::assertSame('given', (new Environment(['COYOTE_TEST' => 'given']))->get('COYOTE_TEST'));
    }

    public function testWhatServerHoldsBesidesVariablesIsLeftOut(): void
    {
        self::assertArrayHasKey('argv', $_SERVER);
        self::assertArrayNotHasKey('argv', (new Environment())->getAll());
        self::assertArrayNotHasKey('REQUEST_TIME_FLOAT', (new Environment())->getAll());
    }

    public function testWordsHaveMeanings(): void
    {
        $environment = new Environment(['T' => 'true', 'F' => '(False)', 'N' => 'NULL', 'E' => 'empty', 'Z' => '0', 'I' => 5]);

        self::assertTrue($environment->get('T'));
        self::assertFalse($environment->get('F', 'default'));
        self::assertSame('default', $environment->get('N', 'default'));
        self::assertSame('', $environment->get('E', 'default'));
        self::assertSame('0', $environment->get('Z', 'default'));
        self::assertSame(5, $environment->get('I'));
        self::assertSame('default', $environment->get('COYOTE_NOWHERE', 'default'));
        self::assertTrue($environment->getAll()['T']);
        self::assertNull($environment->getAll()['N']);
    }

    public function testSetChangesThisObjectAndItsId(): void
    {
        $environment = new Environment();
        $id = $environment->getID();
        self::assertSame($id, (new Environment())->getID());

        $environment->set('COYOTE_TEST', 'new');
        self::assertSame('new', $environment->get('COYOTE_TEST'));
        self::assertNotSame($id, $environment->getID());
        self::assertFalse(\getenv('COYOTE_TEST'));
    }
}
