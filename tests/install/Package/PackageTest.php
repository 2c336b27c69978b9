<?php

declare(strict_types=1);

namespace Coyote\Tests\Install\Package;

use Coyote\Tests\Install\Support\Finished;
use Coyote\Tests\Install\Support\Project;
use Coyote\Tests\Install\Support\Sources;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/** A project that has required the package and built it: what its own PHP can do then. */
final class PackageTest extends TestCase
{
    protected function setUp(): void
    {
        \copy(\dirname(__DIR__) . '/Support/worker.php', Project::built()->folder . '/worker.php');
    }

    public function testAPoolOfWorkers(): void
    {
        $run = $this->php(<<<'PHP'
            require 'vendor/autoload.php';
            $pool = new Coyote\Pool('php worker.php', ['num_workers' => 2]);
            foreach ($pool->map(['one', 'two', 'three'], ordered: true) as $key => $reply) {
                echo $key, ' ', $reply->body(), "\n";
            }
            $pool->stop();
            echo Coyote\Ffi\Library::origin(), "\n";
            PHP);

        self::assertSame(0, $run->status, $run->all());
        $library = Project::built()->buildFolder() . '/libcoyote.so.0';
        self::assertSame("0 eno\n1 owt\n2 eerht\n$library\n", $run->output);
    }

    public function testFfiByHand(): void
    {
        $run = $this->php(<<<'PHP'
            $header = 'vendor/coyote/coyote/bindings.h';
            $coyote = FFI::cdef(file_get_contents($header), $argv[1] . '/libcoyote.so.0');
            $pool = $coyote->coy_pool_new('php worker.php');
            $coyote->coy_pool_set($pool, 'num_workers', '1') === 0 || exit(1);
            $coyote->coy_pool_start($pool, 10_000) === 0 || exit(2);
            $reply = $coyote->coy_pool_exec($pool, null, 0, 'hello', 5, 10_000);
            echo FFI::string($coyote->coy_reply_body($reply), $coyote->coy_reply_body_size($reply));
            PHP);

        self::assertSame([0, 'olleh'], [$run->status, $run->output], $run->all());
    }

    /** As under any web server: FFI is forbidden to all that is not preloaded. The error has the lines that mend it. */
    public function testPreload(): void
    {
        $project = Project::built();
        \file_put_contents("$project->folder/served.php", <<<'PHP'
            <?php
            require 'vendor/autoload.php';
            try {
                $pool = new Coyote\Pool('php worker.php', ['num_workers' => 1]);
                echo $pool->exec('hello')->body(), ' by ', Coyote\Ffi\Library::origin(), ' under ', PHP_SAPI;
            } catch (Coyote\Exception\LibraryException $failure) {
                echo $failure->getMessage();
            }
            PHP);
        $said = $this->served([], ['COYOTE_LIBRARY' => $project->buildFolder() . '/libcoyote.so.0']);
        self::assertStringContainsString('only a preloaded library counts here, neither COYOTE_LIBRARY', $said);
        self::assertStringContainsString("\n    vendor/bin/coyote-build\n", $said);

        \preg_match_all('/^    ([a-z._]+=.+?)(?: {4};.*)?$/m', $said, $lines);
        self::assertCount(3, $lines[1]);
        $options = [];
        foreach ($lines[1] as $line) {
            $user = (string) (\posix_getpwuid(\posix_geteuid())['name'] ?? '');
            \array_push($options, '-d', \str_replace('=www-data', "=$user", $line));
        }
        self::assertSame('olleh by scope coyote under cli-server', $this->served($options, []));
    }

    /**
     * @param list<string>          $options
     * @param array<string, string> $environment
     */
    private function served(array $options, array $environment): string
    {
        $free = \stream_socket_server('tcp://127.0.0.1:0');
        self::assertNotFalse($free);
        $address = (string) \stream_socket_get_name($free, false);
        \fclose($free);
        $server = Project::built()->start([
            \PHP_BINARY, '-d', 'opcache.enable=1', '-d', 'ffi.enable=preload', ...$options, '-S', $address,
        ], $environment);
        $server->until('it listens', static fn (string $text): bool => \str_contains($text, 'started'));
        $answer = (string) \file_get_contents("http://$address/served.php");
        $server->signal(\SIGTERM);
        $server->end();

        return $answer;
    }

    public function testAPreloadThatWasMovedSaysSo(): void
    {
        $project = Project::built();
        \copy($project->buildFolder() . '/preload.php', "$project->folder/preload.php");
        $text = (string) \file_get_contents("$project->folder/preload.php");
        $moved = \str_replace($project->buildFolder(), '/elsewhere', $text, $replaced);
        self::assertGreaterThan(0, $replaced);
        \file_put_contents("$project->folder/preload.php", $moved);
        $run = $project->run([\PHP_BINARY, 'preload.php']);

        self::assertSame(255, $run->status);
        self::assertStringContainsString('run coyote-build again', $run->all());
    }

    /** @return iterable<string, array{int}> */
    public static function versions(): iterable
    {
        yield '8.1' => [80100];
        yield '8.5' => [80500];
    }

    /** Line by line: what is right passes at the highest level, and what is wrong is found. */
    #[DataProvider('versions')]
    public function testPhpStanKnowsTheHeader(int $version): void
    {
        $project = Project::built();
        \file_put_contents("$project->folder/raw.php", <<<'PHP'
            <?php
            $coyote = FFI::cdef((string) file_get_contents('bindings.h'), 'libcoyote.so.0');
            $pool = $coyote->coy_pool_new('php worker.php') ?? exit($coyote->coy_error_message());
            $good = $coyote->coy_pool_start($pool, -1) === $coyote->COY_OK;
            $reply = $coyote->coy_pool_exec($pool, null, 0, 'x', 1, 100);
            $coyote->coy_pool_set($pool, 'num_workers', 4);
            $coyote->coy_pool_submit($pool, null, 0, 'x', -1);
            $coyote->coy_reply_outcome($reply);
            $coyote->coy_pool_strat($pool, 0);
            $coyote->coy_reply_free($reply);
            PHP);
        \file_put_contents("$project->folder/phpstan.neon", <<<NEON
            includes:
                - vendor/coyote/coyote/extension.neon
            parameters:
                level: max
                phpVersion: $version
                paths: [raw.php]
                tmpDir: phpstan
            NEON);
        $run = $project->run([
            \PHP_BINARY, Sources::root() . '/vendor/bin/phpstan', 'analyse', '--no-progress', '--error-format=raw',
        ]);

        self::assertMatchesRegularExpression(
            '~^\S*.*raw.php:6:.*\$value of method Coyote\\\\Ffi\\\\Bindings::coy_pool_set\(\) expects string, int given\.\n'
            . '.*raw.php:7:.*expects int<0, max>, -1 given\.\n'
            . '.*raw.php:8:.*coy_reply_outcome\(\) expects FFI\\\\CData, FFI\\\\CData\|null given\.\n'
            . '.*raw.php:9:.*undefined method FFI::coy_pool_strat\(\)\.\n$~',
            $run->output,
        );
    }

    private function php(string $script): Finished
    {
        $project = Project::built();

        return $project->run([\PHP_BINARY, '-r', $script, '--', $project->buildFolder()]);
    }
}
