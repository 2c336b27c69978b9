<?php

declare(strict_types=1);

namespace Coyote\Tests\Loop;

use Coyote\Tests\Support\Workers;
use PHPUnit\Framework\TestCase;

/**
 * The loop of Pool::stream()'s own description.
 */
final class SelectTest extends TestCase
{
    public function testOutcomesAndOtherStreamsAreWaitedForTogether(): void
    {
        $pool = Workers::pool(2);
        $pair = \stream_socket_pair(\STREAM_PF_UNIX, \STREAM_SOCK_STREAM, 0);
        self::assertNotFalse($pair);
        $bodies = [];
        $heard = '';
        for ($open = 0; $open < 100; ++$open) {
            $pool->submit("job $open");
        }
        while ($open > 0) {
            while (($reply = $pool->next(0.0)) !== null) {
                --$open;
                $bodies[] = $reply->body();
                \count($bodies) === 50 && \fwrite($pair[1], 'half');
            }
            $read = [$pool->stream(), $pair[0]];
            $write = $except = null;
            if ($open > 0) {
                self::assertGreaterThan(0, \stream_select($read, $write, $except, 20));
                \in_array($pair[0], $read, true) && $heard .= \fread($pair[0], 10);
            }
        }
        self::assertCount(100, \array_unique($bodies));
        self::assertSame('half', $heard . \stream_get_contents($pair[0], 4 - \strlen($heard)));
        self::assertSame($pool->stream(), $pool->stream());
        $read = [$pool->stream()];
        self::assertSame(0, \stream_select($read, $write, $except, 0), 'idle');
    }

    public function testAStreamThatIsClosedDoesNotHarmThePool(): void
    {
        $pool = Workers::pool();
        \fclose($pool->stream());
        self::assertSame('x', $pool->exec('x', Workers::LONG)->body());
        $pool->submit('y');
        $read = [$pool->stream()];
        $write = $except = null;
        self::assertSame(1, \stream_select($read, $write, $except, 20), 'there is a new one');
    }
}
