<?php

declare(strict_types=1);

namespace Coyote\Lint;

/**
 * Only capi/loop waits for descriptors, time, children and signals. The headers may be included
 * elsewhere: what a watch waits for is written EPOLLIN, EPOLLOUT. The init of a container, in
 * service/server/server_init.c, has no loop: it is a process of its own, and waits by sigwaitinfo.
 */
final class KernelCallRule
{
    private const CALLS = '~\b(epoll_(?:create1?|ctl|p?wait2?)|timerfd_(?:create|settime|gettime)'
        . '|signalfd|inotify_(?:init1?|add_watch|rm_watch)'
        . '|(?:SYS_|__NR_)?pidfd_(?:open|send_signal|getfd)|P_PIDFD)\b~';

    /**
     * @param list<SourceFile> $files
     * @return list<string>
     */
    public function check(array $files): array
    {
        $mistakes = [];
        foreach ($files as $file) {
            if (\explode('/', $file->folder())[0] === 'loop') {
                continue;
            }
            foreach ($file->code(self::CALLS) as $line => $call) {
                $mistakes[] = "$file->path:$line: $call belongs into capi/loop; use loop/loop.h";
            }
        }
        return $mistakes;
    }
}
