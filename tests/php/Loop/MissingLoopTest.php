<?php

declare(strict_types=1);

namespace Coyote\Tests\Loop;

use Coyote\Tests\Support\Script;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** A project that has Coyote, and no loop. */
final class MissingLoopTest extends TestCase
{
    /** @return iterable<string, array{string, string}> */
    public static function pools(): iterable
    {
        yield 'ReactPHP' => ['ReactPool', 'composer require react/event-loop react/promise'];
        yield 'Revolt' => ['RevoltPool', 'composer require revolt/event-loop'];
    }

    #[DataProvider('pools')]
    public function testItSaysWhatToRequire(string $class, string $mend): void
    {
        $run = Script::run(<<<CODE
            spl_autoload_register(static function (string \$class): void {
                if (str_starts_with(\$class, 'Coyote\\\\')) {
                    require PHP . '/src/' . strtr(substr(\$class, 7), '\\\\', '/') . '.php';
                }
            });
            require PHP . '/compat/autoload.php';
            new Coyote\\Loop\\$class(new Coyote\\Pool('php worker.php'));
            CODE);

        self::assertSame(255, $run->status);
        self::assertStringContainsString('Coyote\Exception\MisuseException', $run->stderr);
        self::assertStringContainsString($mend, $run->stderr);
    }
}
