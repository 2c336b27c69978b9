<?php

declare(strict_types=1);

namespace Coyote\Tests;

use Coyote\EmbedRelay;
use Coyote\Exception\RelayException;
use Coyote\Tests\Support\Script;
use PHPUnit\Framework\TestCase;

/**
 * The relay on functions of the form that coyote-embed builds in, declared here by a script.
 */
final class EmbedRelayTest extends TestCase
{
    public function testItIsChosenAndGivesAllThatTheFunctionsGive(): void
    {
        $script = Script::run(
            'namespace Coyote\Embed; require COMPOSER; ' . self::functions('[["b1", "c1"], ["", null], ["0", ""]]')
            . '$worker = \Coyote\Worker::create();
               foreach ($worker as $payload) {
                   var_export([$payload->body, $payload->context]);
                   match ($payload->body) {
                       "b1" => $worker->send("OK", "c"),
                       "" => $worker->error(new \DomainException("no")),
                       "0" => $worker->stop(),
                   };
               }
               var_export($worker->next());',
            ['RR_RELAY' => 'tcp://nowhere'],
        );

        self::assertSame('', $script->stderr);
        self::assertSame(
            "array(0=>'b1',1=>'c1',)send(OK,c)array(0=>'',1=>'',)error(DomainException:no)"
            . "array(0=>'0',1=>'',)stop()NULL",
            \preg_replace('/\s+/', '', $script->stdout),
        );
    }

    public function testServeRunsOnIt(): void
    {
        $script = Script::run(
            'namespace Coyote\Embed; require COMPOSER; ' . self::functions('[["1", ""], ["2", ""]]')
            . '\Coyote\Worker::create()->serve(function ($payload) {
                   return $payload->body === "1" ? throw new \DomainException("no") : "OK";
               });',
        );

        self::assertSame('error(DomainException:no)send(OK,)', \preg_replace('/\s+/', '', $script->stdout), $script->stderr);
    }

    public function testOutsideItSaysWhereItWorks(): void
    {
        self::assertFalse(EmbedRelay::isAvailable());
        $this->expectException(RelayException::class);
        $this->expectExceptionMessage('EmbedRelay works inside coyote-embed alone');
        new EmbedRelay();
    }

    private static function functions(string $events): string
    {
        return 'function receive(?string &$context = null): ?string {
                static $events = ' . $events . ';
                [$body, $context] = array_shift($events) ?? [null, null];
                return $body;
            }
            function send(string $body = "", string $context = ""): void { echo "send($body,$context)"; }
            function error(string $message): void { echo "error(", strtok($message, " "), strtok(" "), ")"; }
            function stop(): void { echo "stop()"; } ';
    }
}
