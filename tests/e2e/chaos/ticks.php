<?php

/* What the server of server.php runs: what a tick's number and $SEED make it do, written down in $JOURNAL. */

declare(strict_types=1);

require __DIR__ . '/../../../php/autoload.php';

$journal = fopen((string) getenv('JOURNAL'), 'ab');
$worker = Coyote\Worker::create();
while (($payload = $worker->next()) !== null) {
    $tick = json_decode($payload->body)->tick;
    fwrite($journal, "begun $tick " . getmypid() . "\n");
    $fate = crc32(getenv('SEED') . "/$tick") % 100;
    match (true) {
        $fate < 70 => null,
        $fate < 85 => usleep($fate * 100),
        $fate < 87 => throw new RuntimeException('all is lost'),
        $fate < 89 => posix_kill(getmypid(), SIGKILL),
        $fate < 90 => exit(0),
        $fate < 91 => sleep(60),
        $fate < 93 => print("noise\n"),
        default => null,
    };
    fwrite($journal, "answered $tick " . getmypid() . "\n");
    $fate >= 95 ? $worker->error("a bad tick") : $worker->send(str_repeat('x', $fate * 100));
}
