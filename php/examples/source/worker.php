<?php

declare(strict_types=1);

require __DIR__ . '/../../autoload.php';

use Coyote\Payload;
use Coyote\Worker;
use Coyote\WorkerLogger;

$logger = new WorkerLogger();

Worker::create()->serve(static function (Payload $payload) use ($logger): string {
    $order = \json_decode($payload->body, true, 16, \JSON_THROW_ON_ERROR);
    if (!\is_array($order) || !\is_string($order['customer'] ?? null) || !\is_int($order['cents'] ?? null)) {
        throw new \DomainException('an order needs a customer and its cents');
    }

    \file_put_contents('invoices.txt', "{$order['customer']}: {$order['cents']}\n", \FILE_APPEND | \LOCK_EX);
    $logger->info('invoiced {customer}', $order);

    return 'OK';
});
