<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

/**
 * A way between pool and workers: the protocol setting, what the worker really speaks, the relay.
 */
final class Lane
{
    private const WORKER = __DIR__ . '/../../fixtures/workers/table/worker.php';

    private function __construct(
        public readonly string $name,
        public readonly string $protocol,
        /** "v2" or "v3" */
        public readonly string $speaks,
        /** "pipes", "unix" or "tcp" */
        public readonly string $relay,
    ) {
    }

    /** @return array<string, self> by name */
    public static function all(): array
    {
        $lanes = [
            new self('v3-pipes', 'v3', 'v3', 'pipes'),
            new self('v2-pipes', 'v2', 'v2', 'pipes'),
            new self('auto-pipes-v3', 'auto', 'v3', 'pipes'),
            new self('auto-pipes-v2', 'auto', 'v2', 'pipes'),
            new self('v3-unix', 'v3', 'v3', 'unix'),
            new self('v2-unix', 'v2', 'v2', 'unix'),
            new self('v3-tcp', 'v3', 'v3', 'tcp'),
            new self('v2-tcp', 'v2', 'v2', 'tcp'),
        ];

        return \array_combine(\array_column($lanes, 'name'), $lanes);
    }

    public static function named(string $name): self
    {
        return self::all()[$name] ?? throw new \InvalidArgumentException(
            "there is no lane \"$name\"; there are " . \implode(', ', \array_keys(self::all())),
        );
    }

    public function isV2(): bool
    {
        return $this->speaks === 'v2';
    }

    public function isSocket(): bool
    {
        return $this->relay !== 'pipes';
    }

    /** Standard output is the way to the server. */
    public function isOnStdout(): bool
    {
        return $this->isV2() && !$this->isSocket();
    }

    public function command(): string
    {
        return \sprintf('"%s" "%s" %s', \PHP_BINARY, self::WORKER, $this->speaks);
    }

    /** @return array<string, string> for a pool whose socket, if it has one, is to lie in the folder */
    public function settings(string $folder): array
    {
        static $number = 0;

        return [
            'protocol' => $this->protocol,
            'relay' => match ($this->relay) {
                'pipes' => 'pipes',
                'unix' => "unix://$folder/" . ++$number . '.sock',
                'tcp' => 'tcp://127.0.0.1:0',
            },
        ];
    }
}
