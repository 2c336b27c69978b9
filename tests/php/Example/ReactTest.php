<?php

declare(strict_types=1);

namespace Coyote\Tests\Example;

use PHPUnit\Framework\TestCase;

/**
 * The example on ReactPHP's loop: slow work in the pool, and the loop free for others.
 */
final class ReactTest extends TestCase
{
    private const DEADLINE = 30;

    /** @var resource */
    private mixed $process;

    /** @var resource */
    private mixed $output;

    private string $address;

    protected function setUp(): void
    {
        $process = \proc_open(
            [\PHP_BINARY, __DIR__ . '/../../../php/examples/react/server.php', '127.0.0.1:0'],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], \STDERR],
            $pipes,
        );
        self::assertIsResource($process);
        $this->process = $process;
        $this->output = $pipes[1];
        \stream_set_timeout($this->output, self::DEADLINE);
        $line = (string) \fgets($this->output);
        self::assertMatchesRegularExpression('~^listening on tcp://127\.0\.0\.1:\d+$~', \rtrim($line));
        $this->address = \substr(\rtrim($line), \strlen('listening on '));
    }

    protected function tearDown(): void
    {
        \proc_terminate($this->process, SIGKILL);
        \proc_close($this->process);
    }

    /** @return resource */
    private function connect(string $says): mixed
    {
        $client = \stream_socket_client($this->address, timeout: self::DEADLINE);
        self::assertIsResource($client);
        \stream_set_timeout($client, self::DEADLINE);
        \fwrite($client, $says);

        return $client;
    }

    public function testSlowWorkKeepsNobodyWaiting(): void
    {
        $slow = $this->connect("first\nsecond\ntime\n");
        // the hashes are asked for before, and come after: the loop was free all the while
        self::assertNotFalse(\DateTimeImmutable::createFromFormat(DATE_ATOM, \rtrim((string) \fgets($slow))));
        $hashes = [\rtrim((string) \fgets($slow)), \rtrim((string) \fgets($slow))];
        foreach (['first', 'second'] as $password) {
            self::assertCount(1, \array_filter(
                $hashes,
                static fn (string $hash): bool => \password_verify($password, $hash),
            ));
        }
    }

    public function testTermEndsItAndItsWorkers(): void
    {
        $client = $this->connect("time\n");
        self::assertNotSame('', (string) \fgets($client));
        \proc_terminate($this->process, SIGTERM);
        // its end of the pipe is inherited by nobody, so its end is the end of the process
        self::assertSame('', \stream_get_contents($this->output));
        do {
            $status = \proc_get_status($this->process);
        } while ($status['running'] && \usleep(1000) === null);
        self::assertSame(0, $status['exitcode']);
    }
}
