<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Embed;

use Coyote\Tests\E2e\Support\Ended;
use Coyote\Tests\E2e\Support\ServerProcess;

/**
 * A coyote-embed that serves one ticker with a script in a folder of its own.
 */
final class EmbedServer extends ServerProcess
{
    /**
     * @param array<string, mixed> $ticker  over interval, count and workers.command
     * @param array<string, mixed> $config  other sections
     */
    public function __construct(string $script, array $ticker = [], array $config = [])
    {
        parent::__construct('COYOTE_EMBED_BINARY');
        if ($script !== '') {
            $this->write('app.php', "<?php\nuse function Coyote\\Embed\\{receive, send, error, stop};\n" . $script);
        }
        $config['ticker'] = $ticker + [
            'interval' => '40ms',
            'count' => 3,
            'workers.command' => 'php app.php',
        ];
        $this->write('.rr.json', json_encode($config, JSON_THROW_ON_ERROR));
    }

    public function start(
        array $arguments = ['serve'],
        array $environment = [],
        ?string $directory = null,
    ): static {
        if ($arguments[0] === 'serve') {
            array_push($arguments, '--log-format', 'json', '--log-level', 'debug');
        }
        return parent::start($arguments, $environment, $directory);
    }

    public function run(array $arguments = ['serve'], array $environment = [], ?string $directory = null): Ended
    {
        return parent::run($arguments, $environment, $directory);
    }
}
