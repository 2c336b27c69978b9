<?php

declare(strict_types=1);

namespace App\Dispatcher;

use Psr\Container\ContainerInterface;
use Spiral\Boot\DispatcherInterface;
use Spiral\Boot\EnvironmentInterface;
use Spiral\Boot\FinalizerInterface;
use Spiral\RoadRunner\Worker;

/**
 * Writes the number of each tick to ticks.txt in the working directory, and says what it took.
 */
final class TickerDispatcher implements DispatcherInterface
{
    public function __construct(
        private readonly EnvironmentInterface $env,
        private readonly FinalizerInterface $finalizer,
        private readonly ContainerInterface $container,
    ) {
    }

    public function canServe(): bool
    {
        return PHP_SAPI === 'cli' && $this->env->get('RR_TICKER') !== null;
    }

    public function serve(): void
    {
        // Asked for here and not in the constructor: only the process that serves has a worker
        $worker = $this->container->get(Worker::class);
        assert($worker instanceof Worker);

        while (($body = $worker->receive($context)) !== null) {
            try {
                $tick = $this->number($body, 'tick');
                $last = $this->number($context ?? '', 'lastTick');

                file_put_contents('ticks.txt', $tick . "\n", FILE_APPEND);
                printf("took tick %d, the last one %s\n", $tick, $last === 0 ? 'never' : 'at ' . date('H:i:s', $last));
                $worker->send('OK');
            } catch (\RuntimeException $failure) {
                $worker->error($failure->getMessage());
            }

            // Services that hold state start the next tick afresh
            $this->finalizer->finalize();
        }
    }

    private function number(string $json, string $key): int
    {
        $values = json_decode($json, true);
        if (!is_array($values) || !is_int($values[$key] ?? null)) {
            throw new \UnexpectedValueException("expected JSON with the number \"$key\", got: $json");
        }

        return $values[$key];
    }
}
