<?php

declare(strict_types=1);

namespace Coyote\Tests\Compat;

use Coyote\Tests\E2e\Support\Lane;
use Coyote\Tests\E2e\Support\Outcome;
use Coyote\Tests\E2e\Support\Pool;
use Coyote\Tests\E2e\Support\Processes;
use Coyote\Tests\E2e\Support\Reply;

/**
 * What a row works with: pools of one package's workers on one lane. What is not as it must be is thrown.
 */
final class Rig
{
    private const SECONDS = 30;

    public readonly string $folder;
    private ?Pool $pool = null;

    public function __construct(public readonly Lane $lane, private readonly string $autoload)
    {
        $this->folder = \sys_get_temp_dir() . '/coyote-compat-' . \bin2hex(\random_bytes(6));
        \mkdir($this->folder);
    }

    public function __destruct()
    {
        $this->pool?->free();
        \array_map(\unlink(...), \glob("$this->folder/*") ?: []);
        \rmdir($this->folder);
    }

    /** @param array<string, string|int> $settings */
    public function pool(array $settings = []): Pool
    {
        $this->pool?->free();
        $command = \sprintf('"%s" "%s/worker.php"', \PHP_BINARY, __DIR__);
        $this->pool = new Pool($command, $settings + [
            'num_workers' => 1,
            'destroy_timeout' => '20s',
            'env.COMPAT_AUTOLOAD' => $this->autoload,
        ] + $this->lane->settings($this->folder));

        return $this->pool->start();
    }

    /** Ends its pool; nobody may be left. */
    public function end(): void
    {
        $this->pool?->free();
        $this->pool = null;
        $this->same([], Processes::childrenOf((int) \getmypid()), 'the workers that are left');
    }

    public function same(mixed $expected, mixed $is, string $what): void
    {
        if ($expected !== $is) {
            throw new \RuntimeException(\sprintf('%s: %s, not %s', $what, self::show($is), self::show($expected)));
        }
    }

    public function true(bool $is, string $what): void
    {
        $is || throw new \RuntimeException("not so: $what");
    }

    public function ok(Reply $reply, string $body, string $context = ''): Reply
    {
        $this->same([Outcome::Ok, ''], [$reply->outcome, $reply->message], 'the outcome');
        $this->same($body, $reply->body, 'the body');
        $this->same($context, $reply->context, 'the context');

        return $reply;
    }

    public function failed(Reply $reply, Outcome $outcome, bool $mayHaveRun, string ...$words): Reply
    {
        $this->same([$outcome, $mayHaveRun], [$reply->outcome, $reply->mayHaveRun], "the outcome ($reply->message)");
        foreach ($words as $text) {
            $this->true(\str_contains($reply->message, $text), "\"$text\" is in: $reply->message");
        }

        return $reply;
    }

    public function pid(Pool $pool): int
    {
        $reply = $pool->exec('pid');
        $this->ok($reply, (string) $reply->pid);

        return $reply->pid;
    }

    public function replaced(Pool $pool, int $pid): void
    {
        $this->true($this->pid($pool) !== $pid, 'another process serves');
        $this->ok($pool->exec('echo hello', 'world'), 'hello', 'world');
    }

    /** @param callable(): bool $reached */
    public function until(Pool $pool, callable $reached, string $what): void
    {
        for ($end = \microtime(true) + self::SECONDS; !$reached(); \clearstatcache()) {
            $this->true(\microtime(true) < $end, "$what; the log: " . $pool->logText());
            $this->same(null, $pool->poll(2), 'an outcome before its time');
        }
    }

    private static function show(mixed $value): string
    {
        if (\is_string($value)) {
            return \sprintf('"%s" (%d bytes)', \substr(\addcslashes($value, "\0..\37\"\177..\377"), 0, 60), \strlen($value));
        }

        return match (true) {
            $value instanceof \UnitEnum => $value->name,
            \is_array($value) => '[' . \implode(', ', \array_map(self::show(...), $value)) . ']',
            default => \var_export($value, true),
        };
    }
}
