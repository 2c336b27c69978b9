<?php

declare(strict_types=1);

namespace Coyote\Tests\Abi;

use FFI;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * Both ends through bindings.h: a pool over FFI, whose worker speaks over FFI too.
 */
final class RelayTest extends TestCase
{
    /** @return iterable<string, array{string, string}> */
    public static function lanes(): iterable
    {
        foreach (['pipes', 'unix', 'tcp'] as $relay) {
            foreach (['v2', 'v3', 'auto'] as $protocol) {
                yield "$relay, $protocol" => [$relay, $protocol];
            }
        }
    }

    #[DataProvider('lanes')]
    public function testAWorkerOverFfi(string $relay, string $protocol): void
    {
        $c = FFI::cdef(
            (string) file_get_contents(__DIR__ . '/../../../bindings.h'),
            getenv('COYOTE_BUILD') . '/libcoyote.so',
        );
        $worker = __DIR__ . '/../../fixtures/workers/ffi.php';
        $pool = $c->coy_pool_new(sprintf('"%s" -d ffi.enable=1 "%s"', PHP_BINARY, $worker));
        self::assertSame(0, $c->coy_pool_set($pool, 'num_workers', '1'));
        self::assertSame(0, $c->coy_pool_set($pool, 'protocol', $protocol));
        self::assertSame(0, $c->coy_pool_set($pool, 'relay', match ($relay) {
            'unix' => 'unix://' . sys_get_temp_dir() . '/coyote-ffi-' . getmypid() . '.sock',
            'tcp' => 'tcp://127.0.0.1:0',
            default => 'pipes',
        }));
        self::assertSame(0, $c->coy_pool_start($pool, 20000), $c->coy_error_message());

        foreach (['hello', "\0", random_bytes(100_000)] as $body) {
            $reply = $c->coy_pool_exec($pool, "a\0b", 3, $body, strlen($body), 20000);
            self::assertNotNull($reply, $c->coy_error_message());
            self::assertSame(0, $c->coy_reply_outcome($reply));
            self::assertSame(strrev($body), FFI::string($c->coy_reply_body($reply), $c->coy_reply_body_size($reply)));
            self::assertSame("a\0b", FFI::string($c->coy_reply_context($reply), $c->coy_reply_context_size($reply)));
            $c->coy_reply_free($reply);
        }
        $reply = $c->coy_pool_exec($pool, null, 0, 'error it hurts', 14, 20000);
        self::assertSame(1, $c->coy_reply_outcome($reply));
        self::assertSame('error it hurts', FFI::string($c->coy_reply_message($reply), $c->coy_reply_message_size($reply)));
        $c->coy_reply_free($reply);
        self::assertSame(0, $c->coy_pool_stop($pool, 20000));
        $c->coy_pool_free($pool);
    }
}
