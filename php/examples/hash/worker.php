<?php

declare(strict_types=1);

use Coyote\Payload;
use Coyote\Worker;

require __DIR__ . '/../../autoload.php';

Worker::create()->serve(static function (Payload $path): string {
    $hash = @\hash_file('sha256', $path->body);

    return $hash !== false ? $hash : throw new RuntimeException(\error_get_last()['message'] ?? 'it cannot be read');
});
