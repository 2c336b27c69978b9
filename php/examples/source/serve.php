<?php

/**
 * A server whose events are files: php serve.php, or php serve.php --once to end with the last one.
 */

declare(strict_types=1);

require __DIR__ . '/../../autoload.php';
require __DIR__ . '/src/OrdersSource.php';

use App\OrdersSource;
use Coyote\Server;

$server = new Server(__DIR__ . '/.rr.yaml');
\chdir(__DIR__); // what the config names is here; a relative COYOTE_LIBRARY was not, and is loaded by now
$server->register('orders', new OrdersSource());
if (\in_array('--once', $argv, true)) {
    $server->set('orders.once', 'true');
}

$server->serve();
