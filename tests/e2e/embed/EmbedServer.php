<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use Coyote\Tests\E2e\Support\Ended;
use Coyote\Tests\E2e\Support\ServerProcess;

/**
 * A coyote-embed whose ticker is served by a script: its code, with the built-in functions at hand.
 */
final class EmbedServer
{
    public readonly ServerProcess $process;

    /**
     * @param string               $script  '' leaves the file out
     * @param array<string, mixed> $ticker  over interval, count and workers.command
     * @param array<string, mixed> $config  other sections
     * @param list<string>         $before  words before the command, such as valgrind
     */
    public function __construct(string $script, array $ticker = [], array $config = [], array $before = [])
    {
        $this->process = new ServerProcess($before);
        if ($script !== '') {
            $this->process->write(
                'app.php',
                "<?php\nuse function Coyote\\Embed\\{receive, send, error, stop};\n" . $script,
            );
        }
        $ticker += ['interval' => '40ms', 'count' => 3, 'workers.command' => 'php app.php'];
        $this->process->write('.rr.json', \json_encode(['ticker' => $ticker] + $config, JSON_THROW_ON_ERROR));
    }

    /**
     * Serves to the end.
     *
     * @param array<string, string> $environment
     */
    public function run(array $environment = []): Ended
    {
        return $this->start($environment)->wait();
    }

    /** @param array<string, string> $environment */
    public function start(array $environment = []): ServerProcess
    {
        return $this->process->serve([], $environment);
    }

    public function read(string $name): string
    {
        return $this->process->read($name);
    }
}
