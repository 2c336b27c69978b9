<?php

/**
 * A server whose events are files: php serve.php, or php serve.php --once to end with the last one.
 */

declare(strict_types=1);

require __DIR__ . '/../../autoload.php';
require __DIR__ . '/src/OrdersSource.php';

use App\OrdersSource;
use Coyote\Server;

\chdir(__DIR__);

$server = new Server('.rr.yaml');
$server->register('orders', new OrdersSource());
if (\in_array('--once', $argv, true)) {
    $server->set('orders.once', 'true');
}

$server->serve();
