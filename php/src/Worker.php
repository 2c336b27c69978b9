<?php

declare(strict_types=1);

namespace Coyote;

use Coyote\Exception\MisuseException;
use Coyote\Exception\RelayException;

/**
 * Takes payloads from the server, one after the other, and answers each exactly once.
 *
 *     foreach (Worker::create() as $payload) { ... $worker->send('OK'); }
 *     Worker::create()->serve(fn (Payload $payload) => 'OK');
 *
 * A payload whose body is empty has the body `''`; only a stop gives null. Every method but
 * create() throws RelayException when the way to the server breaks.
 *
 * @implements \IteratorAggregate<int, Payload>
 *
 * @since 0.1
 */
final class Worker implements \IteratorAggregate
{
    private static ?self $ofProcess = null;

    /** A payload was taken and not yet answered. */
    private bool $owes = false;
    private bool $askedToStop = false;
    private bool $stopped = false;

    public function __construct(private readonly Relay $relay)
    {
    }

    /**
     * The worker on the given relay, or on the one that the environment names.
     *
     * A process has one way to its server, so without a relay every call gives the same worker.
     *
     * @throws RelayException when the environment names no relay that can be opened
     */
    public static function create(?Relay $relay = null): self
    {
        if ($relay !== null) {
            return new self($relay);
        }

        return self::$ofProcess ??= new self(RelayFactory::fromEnvironment());
    }

    /**
     * Waits, without a time limit, for the next payload.
     *
     * @return Payload|null null: stop, now and for ever after
     *
     * @throws MisuseException while the payload before it has no answer
     */
    public function next(): ?Payload
    {
        if ($this->owes) {
            throw new MisuseException(
                'next() was called while the payload before has no answer: call send(), error() or stop() first.',
            );
        }
        if ($this->stopped) {
            return null;
        }

        $payload = $this->relay->receive();
        $this->owes = $payload !== null;
        $this->stopped = $payload === null;

        return $payload;
    }

    /**
     * Answers the payload taken last. Blocks while the server does not read.
     *
     * @throws MisuseException when there is no payload to answer
     */
    public function send(string $body = '', string $context = ''): void
    {
        $this->answer('send');
        $this->relay->send(new Payload($body, $context));
        $this->owes = false;
    }

    /**
     * Answers the payload taken last with a failure; the worker lives on.
     *
     * Of an exception the class, message, place and trace are sent, and those of its causes.
     *
     * @throws MisuseException when there is no payload to answer
     */
    public function error(string|\Throwable $error): void
    {
        $this->answer('error');
        $this->relay->error(\is_string($error) ? $error : self::describe($error));
        $this->owes = false;
    }

    /**
     * Asks the server to stop this worker; a payload without an answer goes back to the server.
     *
     * serve() and foreach end by it; what the server has sent meanwhile is run by another worker.
     * For next() it is a request: it goes on to give payloads until the server says stop. Where
     * workers have several payloads at a time (prefetch), those are run once more by another.
     */
    public function stop(): void
    {
        if ($this->stopped || ($this->askedToStop && !$this->owes)) {
            return;
        }

        $this->relay->stop();
        $this->askedToStop = true;
        $this->owes = false;
    }

    /**
     * Answers every payload with what the handler makes of it, until the server says stop or the
     * handler has called stop().
     *
     * The handler returns the body of the answer, a whole Payload, or null for an empty answer;
     * null too when it has answered by itself. What it throws becomes error(), and the worker
     * lives on; thrown after an answer it is only logged, by error_log().
     *
     * @param callable(Payload): (string|Payload|null) $handler
     */
    public function serve(callable $handler): void
    {
        while (($payload = $this->nextUnlessStopping()) !== null) {
            try {
                $reply = $this->reply($handler($payload));
            } catch (\Throwable $failure) {
                $this->owes ? $this->error($failure) : \error_log(self::describe($failure));
                continue;
            }

            if ($reply !== null) {
                $this->send($reply->body, $reply->context);
            }
        }
    }

    /**
     * @return \Generator<int, Payload>
     */
    public function getIterator(): \Generator
    {
        while (($payload = $this->nextUnlessStopping()) !== null) {
            yield $payload;
        }
    }

    private function nextUnlessStopping(): ?Payload
    {
        return $this->askedToStop ? null : $this->next();
    }

    private function answer(string $method): void
    {
        if (!$this->owes) {
            throw new MisuseException(\sprintf(
                '%s() was called without a payload to answer: next() has given none, or it has its answer.',
                $method,
            ));
        }
    }

    /** What to send for the handler's result; null when it has answered by itself. */
    private function reply(mixed $result): ?Payload
    {
        if (!$this->owes) {
            return $result === null ? null : throw new MisuseException(
                'The handler answered by itself and returned an answer too.',
            );
        }

        return match (true) {
            $result instanceof Payload => $result,
            \is_string($result) => new Payload($result),
            $result === null => new Payload(),
            default => throw new MisuseException(\sprintf(
                'The handler returned %s; it must return a string, a Payload or null.',
                \get_debug_type($result),
            )),
        };
    }

    private static function describe(\Throwable $error): string
    {
        $parts = [];
        for (; $error !== null; $error = $error->getPrevious()) {
            $parts[] = \sprintf(
                "%s: %s in %s:%d\n%s",
                $error::class,
                $error->getMessage(),
                $error->getFile(),
                $error->getLine(),
                $error->getTraceAsString(),
            );
        }

        return \implode("\n\nCaused by ", $parts);
    }
}
