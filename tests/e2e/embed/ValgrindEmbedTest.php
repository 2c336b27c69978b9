<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use PHPUnit\Framework\TestCase;

/**
 * No memory error and no loss, whatever ends a run. Fatal errors are left out: without its memory
 * manager (USE_ZEND_ALLOC=0) PHP gives nothing back after one.
 */
final class ValgrindEmbedTest extends TestCase
{
    private const VALGRIND = [
        'valgrind', '--quiet', '--error-exitcode=99', '--leak-check=full', '--errors-for-leak-kinds=definite',
        '--show-leak-kinds=definite', '--num-callers=40', '--suppressions=' . __DIR__ . '/libphp.supp',
        '--log-file=valgrind.log',
    ];

    /** A kernel with a container: objects that live to the end. */
    public function testTheExampleIsCleanUnderValgrind(): void
    {
        $example = \dirname(__DIR__, 3) . '/php/examples/ticker';
        $server = new EmbedServer(
            'require ' . \var_export("$example/app.php", true) . ';',
            ['interval' => '200ms', 'count' => 3],
            [],
            self::VALGRIND,
        );
        $ended = $server->run(['USE_ZEND_ALLOC' => '0']);
        self::assertSame(0, $ended->exitCode, $ended->log . $server->read('valgrind.log'));
        self::assertSame('', $server->read('valgrind.log'));
        self::assertSame("0\n1\n2\n", $server->read('ticks.txt'));
    }

    public function testCleanUnderValgrind(): void
    {
        $server = new EmbedServer(
            'echo "partial";
            while (($body = receive($context)) !== null) {
                switch (json_decode($body)->tick) {
                    case 1: throw new RuntimeException("boom");
                    case 2: exit(3);
                    case 3: send("answered"); throw new LogicException("after it");
                    case 4: register_shutdown_function(fn () => send("late " . random_int(0, 9))); exit;
                    case 5: error("no " . $body); continue 2;
                    case 6: stop(); send(); continue 2;
                    case 7: continue 2;
                    case 8: try { send(); send(); } catch (LogicException) { } continue 2;
                    case 9: trigger_error("noted"); echo "line\n";
                }
                send("OK" . $body, str_repeat("c", 1000));
            }',
            ['interval' => '300ms', 'count' => 14],
            [],
            self::VALGRIND,
        );
        $ended = $server->run(['USE_ZEND_ALLOC' => '0']);
        self::assertSame(0, $ended->exitCode, $ended->log . $server->read('valgrind.log'));
        self::assertSame('', $server->read('valgrind.log'));
        self::assertGreaterThan(3, count($ended->outcomes()));
        self::assertNotSame([], $ended->textsWith('error', 'boom'), $ended->log);
    }
}
