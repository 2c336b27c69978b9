<?php

declare(strict_types=1);

namespace Coyote;

/**
 * Where events come from: the section of the config that names its kind is served by it.
 *
 *     $server->register('orders', new OrdersSource());
 *
 * Everything happens in the process and the thread of Server::serve(). Further interfaces say more:
 * WaitableSource when there is something, ConfigurableSource what its section may hold, FiniteSource
 * that it comes to an end. A source that is not waitable is asked again after a pause that grows from
 * a millisecond to a tenth of a second, and after each settle(): implement WaitableSource for events
 * that are prompt and a server that sleeps.
 *
 * Handlers of pcntl_signal() run between two of these calls, never within one.
 *
 * @since 0.1
 */
interface Source
{
    /**
     * Before the first event, once; while it blocks, nothing is served. What it throws ends the
     * server, with that as the reason.
     *
     * @param array<string, mixed> $config the section without `source` and `workers`; where there is
     *                                     a schema, checked: defaults put in, durations as whole
     *                                     milliseconds, sizes as bytes
     */
    public function open(array $config): void;

    /**
     * The next event. Called only while a worker has room for it, so that what can't be worked on
     * stays where it is safe. Must not block. What it throws ends the server, with that as the
     * reason; events that are under way are settled first.
     *
     * @return Event|null null: nothing now
     */
    public function next(): ?Event;

    /**
     * How an event has ended; for each one that next() gave exactly once, with the very object.
     * Should not block for long. What it throws is logged, and the event counts as unsettled
     * (Server::unsettled()).
     *
     * A method with a third parameter, `?Reply $reply = null`, gets the worker's answer by it, or
     * the reason for another outcome than Outcome::Ok.
     */
    public function settle(Event $event, Outcome $outcome): void;

    /**
     * Once for each open() that did not throw, whatever happens, and after all its events are
     * settled. What it throws is logged.
     */
    public function close(): void;
}
