<?php

declare(strict_types=1);

use Coyote\Payload;
use Coyote\Worker;

require __DIR__ . '/../../autoload.php';

Worker::create()->serve(
    static fn (Payload $password): string => \password_hash($password->body, PASSWORD_BCRYPT, ['cost' => 12]),
);
