<?php

declare(strict_types=1);

use Coyote\Loop\ReactPool;
use Coyote\Pool;
use Coyote\Reply;
use React\EventLoop\Loop;
use React\Socket\ConnectionInterface;
use React\Socket\SocketServer;

require __DIR__ . '/../../autoload.php';

$pool = new Pool(\sprintf('"%s" "%s/worker.php"', PHP_BINARY, __DIR__), ['num_workers' => 2]);
$pool->start();
$hashes = new ReactPool($pool);

$answer = static function (ConnectionInterface $client, string $line) use ($hashes): void {
    if ($line === 'time') {
        $client->write(\date(DATE_ATOM) . "\n");

        return;
    }
    $hashes->exec($line)->then(
        static fn (Reply $reply): bool => $client->write($reply->body() . "\n"),
        static fn (Throwable $reason): bool => $client->write("failed: {$reason->getMessage()}\n"),
    );
};

$server = new SocketServer($argv[1] ?? '127.0.0.1:8080');
$server->on('connection', static function (ConnectionInterface $client) use ($answer): void {
    $rest = '';
    $client->on('data', static function (string $data) use ($client, $answer, &$rest): void {
        $lines = \explode("\n", $rest . $data);
        $rest = \array_pop($lines);
        foreach ($lines as $line) {
            $answer($client, \rtrim($line, "\r"));
        }
    });
});
echo "listening on {$server->getAddress()}\n";

foreach ([SIGINT, SIGTERM] as $signal) {
    Loop::addSignal($signal, static function () use ($pool): void {
        Loop::stop();
        $pool->stop(5.0);
    });
}
Loop::run();
