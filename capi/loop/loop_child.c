#include "loop/loop_child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#ifndef P_PIDFD
#define P_PIDFD ((idtype_t)3)
#endif

/* Between the end of its descriptors and of the process itself lie some microseconds; a grandchild
   that holds the pipe keeps its end from us for as long as it likes. */
enum { FALLBACK_SOON = 1, FALLBACK_SWEEP = 1000 };

static int pidfd_of(pid_t pid)
{
    /* By number: musl and older glibc have no wrapper. Close-on-exec by definition. */
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

bool loop_child_needs_pipe(void)
{
    static int refused = -1;
    if (refused < 0) {
        int pidfd = pidfd_of(getpid());
        refused = pidfd < 0 && (errno == ENOSYS || errno == EPERM || errno == EACCES);
        if (pidfd >= 0) {
            close(pidfd);
        }
    }
    return refused == 1;
}

/* waitid() with the resources that were used, which libc's wrapper keeps to itself: waitid(2). */
static int wait_for(const struct loop_child *child, siginfo_t *info, struct rusage *used)
{
    bool by_pidfd = child->pidfd >= 0;
    return (int)syscall(SYS_waitid, by_pidfd ? P_PIDFD : P_PID,
                        by_pidfd ? child->pidfd : (int)child->pid, info, WEXITED | WNOHANG, used);
}

static struct loop_exit exit_of(const siginfo_t *info, const struct rusage *used)
{
    bool exited = info->si_code == CLD_EXITED;
    return (struct loop_exit){
        .known = true,
        .status = exited ? info->si_status : -1,
        .signal = exited ? 0 : info->si_status,
        .core = info->si_code == CLD_DUMPED,
        .peak_memory = used->ru_maxrss > 0 ? (size_t)used->ru_maxrss * 1024 : 0,
    };
}

/* Whether a call has failed because the host has closed the pidfd, or opened something else in its place:
   then the child is known by its pid, and what is there is left alone. */
static bool pidfd_lost(struct loop_child *child, int failure)
{
    if (child->pidfd < 0 || (failure != EBADF && failure != EINVAL)) {
        return false;
    }
    loop_watch_forget(&child->watch);
    child->pidfd = -1;
    return true;
}

/* true when it has ended (or can't be asked after any more). */
static bool child_reap(struct loop_child *child, struct loop_exit *exit)
{
    siginfo_t info = {0};
    struct rusage used = {0};
    int failed;
    do {
        failed = wait_for(child, &info, &used);
    } while (failed != 0 && (errno == EINTR || pidfd_lost(child, errno)));
    if (failed != 0) {
        *exit = (struct loop_exit){.known = false, .status = -1};
        return true;
    }
    if (info.si_pid == 0) {
        return false;
    }
    *exit = exit_of(&info, &used);
    return true;
}

static void child_look(struct loop_child *child)
{
    struct loop_exit exit;
    if (child_reap(child, &exit)) {
        loop_child_stop(child);
        child->exited(child, &exit);
    }
}

static void pidfd_ready(struct loop_watch *watch, uint32_t events)
{
    (void)events;
    child_look(container_of(watch, struct loop_child, watch));
}

static void pipe_ready(struct loop_watch *watch, uint32_t events)
{
    struct loop_child *child = container_of(watch, struct loop_child, watch);
    struct loop *loop = watch->loop;
    (void)events;
    loop_watch_stop(watch);
    loop_timer_set(loop, &child->again, loop_now(loop));
}

static void again_due(struct loop_timer *timer)
{
    struct loop_child *child = container_of(timer, struct loop_child, again);
    bool pipe_ended = child->status_pipe >= 0 && child->watch.loop == NULL;
    loop_timer_set(child->loop, timer, clock_after(pipe_ended ? FALLBACK_SOON : FALLBACK_SWEEP));
    child_look(child);
}

void loop_child_watch(struct loop *loop, struct loop_child *child, pid_t pid, int status_pipe)
{
    child->pid = pid;
    child->loop = loop;
    child->status_pipe = status_pipe;
    child->pidfd = status_pipe >= 0 ? -1 : pidfd_of(pid);
    child->again = (struct loop_timer){.due = again_due};
    child->watch = (struct loop_watch){.ready = status_pipe >= 0 ? pipe_ready : pidfd_ready};
    int fd = status_pipe >= 0 ? status_pipe : child->pidfd;
    bool watched = fd >= 0 && loop_watch_start(loop, &child->watch, fd, EPOLLIN, NULL) == STATUS_OK;
    /* Out of descriptors or of epoll's memory, say: the sweep alone still finds its end. */
    if (!watched || status_pipe >= 0) {
        loop_timer_set(loop, &child->again, clock_after(FALLBACK_SWEEP));
    }
}

int loop_child_signal(struct loop_child *child, int signal)
{
    if (child->pid <= 0 || loop_forked(child->loop)) {
        return ESRCH;
    }
    if (child->pidfd >= 0) {
        if (syscall(SYS_pidfd_send_signal, child->pidfd, signal, NULL, 0) == 0) {
            return 0;
        }
        if (!pidfd_lost(child, errno)) {
            return errno;
        }
        loop_timer_set(child->loop, &child->again, clock_after(FALLBACK_SOON));
    }
    return kill(child->pid, signal) == 0 ? 0 : errno;
}

void loop_child_discard(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

void loop_child_reap(struct loop_child *child)
{
    struct loop_exit exit;
    if (child->pid == 0 || loop_forked(child->loop)) {
        return;
    }
    for (int tries = 0; tries < 1000 && !child_reap(child, &exit); tries++) {
        struct pollfd end = {.fd = child->pidfd, .events = POLLIN};
        poll(&end, 1, 1);
    }
}

void loop_child_stop(struct loop_child *child)
{
    if (child->pid == 0) {
        return;
    }
    loop_watch_stop(&child->watch);
    loop_timer_stop(&child->again);
    if (child->pidfd >= 0) {
        close(child->pidfd);
    }
    if (child->status_pipe >= 0) {
        close(child->status_pipe);
    }
    child->pidfd = -1;
    child->status_pipe = -1;
    child->pid = 0;
}
