<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use PHPUnit\Framework\TestCase;

/**
 * A script sees what it would see under the php of the command line.
 */
final class SurfaceEmbedTest extends TestCase
{
    private const LOOK = 'function look(): array {
            $server = $_SERVER;
            ksort($server);
            return [
                "ini file" => php_ini_loaded_file(), "ini files" => php_ini_scanned_files(),
                "settings" => ini_get_all(null, false), "extensions" => get_loaded_extensions(),
                "argv" => [$GLOBALS["argv"], $GLOBALS["argc"]], "server" => $server, "env" => $_ENV,
                "names" => [PHP_SAPI, php_sapi_name(), PHP_BINARY, PHP_VERSION],
                "folder" => getcwd(), "included" => get_included_files(), "headers" => headers_sent(),
                "streams" => array_map(stream_get_meta_data(...), [STDIN, STDOUT, STDERR]),
                "variables" => array_keys($GLOBALS), "file" => [__FILE__, __DIR__],
                "owner" => [get_current_user(), getmyinode()], "umask" => umask(),
                "buffers" => ob_get_level(), "locale" => setlocale(LC_ALL, 0),
            ];
        }
        file_put_contents($argv[1], json_encode(look(), JSON_PARTIAL_OUTPUT_ON_ERROR));
        if (function_exists("Coyote\\\\Embed\\\\receive")) { while (receive() !== null) { send(); } }';

    /**
     * @param array<mixed> $seen
     * @return array<mixed>
     */
    private static function comparable(array $seen): array
    {
        self::assertIsArray($seen['extensions']);
        self::assertIsArray($seen['server']);
        $seen['extensions'] = array_values(array_filter(
            $seen['extensions'],
            static fn (mixed $name): bool => $name !== 'coyote',
        ));
        self::assertIsArray($seen['env']);
        $changing = array_flip(['REQUEST_TIME', 'REQUEST_TIME_FLOAT', 'RR_RELAY', '_', 'PWD', 'OLDPWD', 'SHLVL']);
        $seen['server'] = array_diff_key($seen['server'], $changing);
        $seen['env'] = array_diff_key($seen['env'], $changing);
        ksort($seen['env']);
        return $seen;
    }

    /** @return iterable<string, array{string, array<string, string>}> */
    public static function commands(): iterable
    {
        yield 'plain' => ['php app.php %s', []];
        yield 'arguments' => ['php app.php %s -- -d "two words"', []];
        yield 'settings' => ['php -d memory_limit=77M -d error_log="/tmp/a b" -derror_reporting=3 --define foo app.php %s', []];
        yield 'without ini files' => ['php -n app.php %s', []];
        yield 'an ini file' => ['php -c own.ini app.php %s', []];
        yield 'an ini file alone' => ['php -n -c own.ini app.php %s', []];
        yield 'an ini folder' => ['php -c . -f ./app.php %s', []];
        yield 'PHPRC is a file' => ['php app.php %s', ['PHPRC' => 'own.ini']];
        yield 'PHPRC is a folder' => ['php app.php %s', ['PHPRC' => '.']];
        yield 'a scan folder more' => ['php app.php %s', ['PHP_INI_SCAN_DIR' => ':more']];
        yield 'no scan folder' => ['php app.php %s', ['PHP_INI_SCAN_DIR' => '']];
    }

    /**
     * @dataProvider commands
     * @param array<string, string> $environment
     */
    public function testTheSameAsOnTheCommandLine(string $command, array $environment): void
    {
        $server = new EmbedServer(self::LOOK, [
            'count' => 1,
            'workers.command' => sprintf($command, 'seen.json'),
        ]);
        $server->process->write('own.ini', "precision=5\nauto_append_file=\n");
        $server->process->write('php.ini', "precision=6\n");
        $ended = $server->run($environment);
        self::assertSame(0, $ended->exitCode, $ended->log);
        $inside = json_decode($server->read('seen.json'), true);

        $set = ['RR' => 'true', 'RR_MODE' => 'ticker', 'RR_TICKER' => 'true'];
        $process = proc_open(
            'exec ' . sprintf($command, 'seen.json'),
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $pipes,
            $server->process->folder,
            $environment + $set + getenv(),
        );
        self::assertIsResource($process);
        $said = stream_get_contents($pipes[1]) . stream_get_contents($pipes[2]);
        self::assertSame(0, proc_close($process), $said);
        $outside = json_decode($server->read('seen.json'), true);

        self::assertIsArray($inside);
        self::assertIsArray($outside);
        self::assertSame(self::comparable($outside), self::comparable($inside));
    }

    public function testEveryRunBeginsInTheSameFolderWithNothingLeftOver(): void
    {
        $server = new EmbedServer(
            'file_put_contents(__DIR__ . "/seen", json_encode([getcwd(), getenv("LEFT"), isset($GLOBALS["left"]),
                defined("LEFT"), ini_get("precision"), umask(), ob_get_level(), class_exists("Left", false)]) . "\n", FILE_APPEND);
            while (receive() !== null) {
                chdir("/"); putenv("LEFT=1"); $left = 1; define("LEFT", 1); ini_set("precision", "3"); umask(0);
                ob_start(); eval("class Left {}"); send(); exit;
            }',
        );
        self::assertSame(0, $server->run()->exitCode);
        $seen = explode("\n", trim($server->read('seen')));
        self::assertGreaterThan(2, count($seen));
        self::assertCount(1, array_unique($seen), $server->read('seen'));
        self::assertStringContainsString(json_encode(realpath($server->process->folder), JSON_THROW_ON_ERROR), $seen[0]);
    }

    public function testTheEnvironmentTellsWhomItServes(): void
    {
        $server = new EmbedServer(
            'file_put_contents("seen", json_encode([getenv("RR"), getenv("RR_MODE"), getenv("RR_TICKER"),
                getenv("RR_RELAY"), $_SERVER["RR_TICKER"], getenv("APP_COLOUR"), getenv("APP_SHARED")]));
            while (receive() !== null) { send(); }',
            ['count' => 1, 'workers.env' => ['app_colour' => 'blue']],
            ['env' => ['app_shared' => 'yes', 'app_colour' => 'red']],
        );
        self::assertSame(0, $server->run()->exitCode);
        self::assertSame('["true","ticker","true","embed","true","blue","yes"]', $server->read('seen'));
    }

    public function testTheFunctionsHaveTypes(): void
    {
        $server = new EmbedServer(
            'foreach (["receive", "send", "error", "stop"] as $f) {
                $r = new ReflectionFunction("Coyote\\\\Embed\\\\$f");
                file_put_contents("seen", $f . "(" . implode(", ", array_map(fn ($p) => $p->getType() . " "
                    . ($p->isPassedByReference() ? "&" : "") . "$" . $p->getName()
                    . ($p->isOptional() ? " = " . var_export($p->getDefaultValue(), true) : ""), $r->getParameters()))
                    . "): " . $r->getReturnType() . "\n", FILE_APPEND);
            }
            while (receive() !== null) { send(); }',
            ['count' => 1],
        );
        self::assertSame(0, $server->run()->exitCode);
        self::assertSame(
            "receive(?string &\$context = NULL): ?string\nsend(string \$body = '', string \$context = ''): void\n"
            . "error(string \$message): void\nstop(): void\n",
            $server->read('seen'),
        );
    }

    public function testManyRunsTakeNoMoreMemoryAndNoMoreDescriptors(): void
    {
        $server = new EmbedServer(
            'while (receive() !== null) {
                file_put_contents("seen", memory_get_usage() . " " . count(scandir("/proc/self/fd")) . "\n", FILE_APPEND);
                $kept = [str_repeat("x", 100_000)]; send("OK"); exit(1);
            }',
            ['interval' => '2ms', 'count' => 200],
        );
        self::assertSame(0, $server->run()->exitCode);
        $seen = explode("\n", trim($server->read('seen')));
        self::assertGreaterThan(20, count($seen));
        self::assertSame($seen[5], $seen[count($seen) - 1]);
    }
}
