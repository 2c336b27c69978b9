<?php

declare(strict_types=1);

namespace App;

use Coyote\ConfigurableSource;
use Coyote\Event;
use Coyote\FiniteSource;
use Coyote\Outcome;
use Coyote\Reply;
use Coyote\WaitableSource;

/**
 * Orders are files of JSON in a folder. One is claimed by moving it into claimed/, deleted when it is
 * done, and moved into failed/ with the reason beside it when it is not. What a server that died had
 * claimed is served again, so a folder is for one server at a time.
 */
final class OrdersSource implements WaitableSource, ConfigurableSource, FiniteSource
{
    private string $path = '';
    private float $every = 0.0;
    private bool $once = false;

    /** @var list<string> names that were there at the last look */
    private array $found = [];

    private float $nextLook = 0.0;

    public function schema(): array
    {
        return ['type' => 'object', 'required' => ['path'], 'properties' => [
            'path' => ['type' => 'string', 'description' => 'the folder of the orders'],
            'every' => ['type' => ['string', 'integer'], 'format' => 'duration', 'default' => '1s', 'minimum' => 1],
            'once' => ['type' => 'boolean', 'default' => false, 'description' => 'end when the folder is empty'],
        ]];
    }

    public function environment(): array
    {
        return [];
    }

    public function enabled(array $config): bool
    {
        return true;
    }

    public function open(array $config): void
    {
        \assert(\is_string($config['path']) && \is_int($config['every']) && \is_bool($config['once']));
        [$this->path, $this->every, $this->once] = [$config['path'], $config['every'] / 1000, $config['once']];

        foreach (['', '/claimed', '/failed'] as $folder) {
            if (!\is_dir($this->path . $folder) && !\mkdir($this->path . $folder, 0777, true)) {
                throw new \RuntimeException("$this->path$folder is no folder, and none can be made");
            }
        }
        foreach ($this->orders('/claimed') as $name) {
            $this->move("claimed/$name", $name);
        }
    }

    public function next(): ?Event
    {
        if ($this->found === [] && \microtime(true) >= $this->nextLook) {
            $this->found = $this->orders('');
            $this->nextLook = \microtime(true) + $this->every;
        }
        while (($name = \array_shift($this->found)) !== null) {
            // Somebody may have taken it away
            if (@\rename("$this->path/$name", "$this->path/claimed/$name")) {
                $order = (string) \file_get_contents("$this->path/claimed/$name");

                return new Event($order, \json_encode(['file' => $name], \JSON_THROW_ON_ERROR), $name, self::customer($order));
            }
        }

        return null;
    }

    /** Nothing tells when a file comes: it has to be looked for. */
    public function streams(): array
    {
        return [];
    }

    public function deadline(): float
    {
        return $this->nextLook;
    }

    public function ended(): bool
    {
        return $this->once && $this->found === [] && $this->orders('') === [];
    }

    public function settle(Event $event, Outcome $outcome, ?Reply $reply = null): void
    {
        $claimed = "claimed/$event->id";
        if ($outcome === Outcome::Ok) {
            \unlink("$this->path/$claimed");
        } elseif ($outcome === Outcome::Cancelled && $reply?->mayHaveRun === false) {
            $this->move($claimed, $event->id);
        } else {
            \file_put_contents("$this->path/failed/$event->id.txt", "$outcome->value: $reply?->message\n");
            $this->move($claimed, "failed/$event->id");
        }
    }

    public function close(): void
    {
    }

    /**
     * @return list<string> oldest name first
     */
    private function orders(string $folder): array
    {
        return \array_map(\basename(...), \glob($this->path . $folder . '/*.json') ?: []);
    }

    private function move(string $from, string $to): void
    {
        if (!\rename("$this->path/$from", "$this->path/$to")) {
            throw new \RuntimeException("$this->path/$from cannot be moved to $to");
        }
    }

    /** Orders of one customer are served in their order, one at a time. */
    private static function customer(string $order): string
    {
        $decoded = \json_decode($order, true);
        $customer = \is_array($decoded) ? $decoded['customer'] ?? '' : '';

        return \is_scalar($customer) ? (string) $customer : '';
    }
}
