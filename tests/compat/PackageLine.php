<?php

declare(strict_types=1);

use Spiral\Goridge\SocketRelay;
use Spiral\Goridge\StreamRelay;
use Spiral\RoadRunner\Payload;
use Spiral\RoadRunner\Worker;

/**
 * The line of an unmodified package: of roadrunner 1, or of roadrunner-worker 2 and later.
 */
final class PackageLine implements Line
{
    private readonly Worker $worker;
    private readonly bool $first;

    public function __construct()
    {
        $this->first = method_exists(Worker::class, 'receive');
        $this->worker = $this->first ? new Worker(self::relayOfTheFirst()) : Worker::create();
    }

    public function next(): ?array
    {
        if ($this->first) {
            $body = $this->worker->receive($context);

            return $body === null ? null : [(string) $context, $body];
        }
        $payload = $this->worker->waitPayload();

        return $payload === null ? null : [$payload->header, $payload->body];
    }

    public function reply(string $body, string $context = ''): void
    {
        $this->first
            ? $this->worker->send($body, $context === '' ? null : $context)
            : $this->worker->respond(new Payload($body, $context));
    }

    public function error(string $text): void
    {
        $this->worker->error($text);
    }

    public function stop(): void
    {
        $this->worker->stop();
    }

    public function frame(string $body): string
    {
        throw new LogicException('a package does not show its frames');
    }

    public function output(): mixed
    {
        throw new LogicException('a package does not show its relay');
    }

    public function descriptors(): array
    {
        throw new LogicException('a package does not show its relay');
    }

    /** As its documentation has it: the script chooses. */
    private static function relayOfTheFirst(): StreamRelay|SocketRelay
    {
        $relay = (string) getenv('RR_RELAY');
        if (preg_match('~^tcp://(.+):(\d+)$~D', $relay, $part) === 1) {
            return new SocketRelay($part[1], (int) $part[2], SocketRelay::SOCK_TCP);
        }
        if (preg_match('~^unix://(.+)$~D', $relay, $part) === 1) {
            return new SocketRelay($part[1], null, SocketRelay::SOCK_UNIX);
        }

        return new StreamRelay(STDIN, STDOUT);
    }
}
