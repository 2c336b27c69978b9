<?php

// A worker of hash_files: the payload's body is the name of a file, its context that of an algorithm.

declare(strict_types=1);

use Coyote\Worker;

require __DIR__ . '/../../php/autoload.php';

$worker = Worker::create();
foreach ($worker as $payload) {
    if (!in_array($payload->context, hash_algos(), true)) {
        $worker->error("PHP knows no algorithm \"$payload->context\"");
    } elseif (is_dir($payload->body)) {
        $worker->error('Is a directory');
    } elseif (($hash = @hash_file($payload->context, $payload->body)) !== false) {
        $worker->send($hash);
    } else {
        $worker->error((string) preg_replace('/^.*: /', '', error_get_last()['message'] ?? 'unreadable'));
    }
}
