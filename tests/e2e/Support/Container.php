<?php

declare(strict_types=1);

namespace Coyote\Tests\E2e\Support;

/**
 * A server as process 1 of a pid namespace with a /proc of its own. It takes root, or a kernel that lets
 * everybody have user namespaces; where neither holds, the tests fail and say so.
 */
final class Container
{
    /** By root, by anybody, and by root in a chroot, whose root is no mount point and has no propagation. */
    private const WAYS = [
        ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'],
        ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'],
        ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--propagation', 'unchanged', 'sh', '-c',
            'mount --make-private /proc && mount -t proc proc /proc && exec "$@"', 'sh'],
    ];

    /**
     * The words before the command.
     *
     * @return list<string>
     */
    public static function words(): array
    {
        $tried = '';
        foreach (self::WAYS as $words) {
            $output = [];
            $command = \implode(' ', \array_map(\escapeshellarg(...), $words));
            \exec("$command true 2>&1", $output, $failed);
            $tried .= "$command:\n    " . \implode("\n    ", $output) . "\n";
            if ($failed === 0) {
                return $words;
            }
        }
        throw new \RuntimeException("no pid namespace can be made here: run the tests as root, or allow unprivileged user\n"
            . "namespaces\n$tried");
    }

    /** Process 1, by the number that it has outside. */
    public static function init(ServerProcess $server): int
    {
        return self::childrenOf($server->pid())[0] ?? throw new \RuntimeException('there is no process 1');
    }

    /** The server under it, likewise; to be asked once it has logged something. */
    public static function server(ServerProcess $server): int
    {
        return self::childrenOf(self::init($server))[0] ?? throw new \RuntimeException('process 1 has no child');
    }

    /** @return list<int> all that runs in it but process 1, likewise */
    public static function processes(ServerProcess $server): array
    {
        for ($all = [], $next = self::childrenOf(self::init($server)); $next !== [];) {
            $pid = \array_shift($next);
            $all[] = $pid;
            \array_push($next, ...self::childrenOf($pid));
        }

        return $all;
    }

    /** To process 1, if it has not ended. */
    public static function signal(ServerProcess $server, int $signal): void
    {
        foreach (self::childrenOf($server->pid()) as $init) {
            \posix_kill($init, $signal);
        }
    }

    /** @return list<int> */
    private static function childrenOf(int $pid): array
    {
        $text = \trim((string) @\file_get_contents("/proc/$pid/task/$pid/children"));

        return $text === '' ? [] : \array_map(\intval(...), \explode(' ', $text));
    }
}
