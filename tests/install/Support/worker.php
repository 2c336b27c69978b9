<?php

declare(strict_types=1);

use Coyote\Payload;
use Coyote\Worker;

require __DIR__ . '/vendor/autoload.php';

Worker::create()->serve(static function (Payload $payload): string {
    $event = json_decode($payload->body, true);
    if (is_array($event) && is_int($event['tick'] ?? null)) {
        fwrite(STDERR, "took tick {$event['tick']}\n");
    }

    return strrev($payload->body);
});
