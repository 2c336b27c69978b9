<?php

declare(strict_types=1);

use Coyote\Payload;
use Coyote\Worker;

require __DIR__ . '/../../../php/autoload.php';

Worker::create()->serve(static function (Payload $payload): string {
    if ($payload->body === 'crash') {
        posix_kill(getmypid(), SIGSEGV);
    }

    return $payload->body === 'inherited' ? json_encode(is_link('/proc/self/fd/77')) : (string) getmypid();
});
