/* Process 1 inherits the orphans of its whole pid namespace and must reap them, and the kernel keeps from
   it every signal that it has no handler for. Why that is left to a process of its own, and not done by
   the server: inside coyote-embed, PHP's own children (proc_open, pcntl_fork) are the server's children,
   and their exit statuses are PHP's. A server that waits for any child can't tell them from strangers
   and would take them away. The init has one child that it knows, and all others are strangers. */
#include "server_init.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INIT = 1, BY_SIGNAL = 128 };

static bool under_init;

/* As they were before, for the server to find. */
struct before {
    sigset_t mask;
    struct sigaction child;
};

/* A terminal signals the whole group, so the server has got it already. Its hang-up is told to the
   leader of the session alone. */
static bool is_known_to_server(const siginfo_t *got)
{
    static const int of_groups[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH};
    for (size_t i = 0; i < sizeof of_groups / sizeof *of_groups; i++) {
        if (got->si_signo == of_groups[i]) {
            return got->si_code == SI_KERNEL;
        }
    }
    return false;
}

/* With the value and the sender that it came with. The kernel lets nobody else but itself say that a
   signal came from kill(2) or from itself: those are sent as queued ones, without a value. */
static void forward(pid_t server, const siginfo_t *got)
{
    siginfo_t sent = *got;
    if (got->si_code >= 0 || got->si_code == SI_TKILL) {
        sent = (siginfo_t){.si_signo = got->si_signo, .si_code = SI_QUEUE};
        if (got->si_code == SI_USER || got->si_code == SI_TKILL) {
            sent.si_pid = got->si_pid;
            sent.si_uid = got->si_uid;
        }
    }
    if (syscall(SYS_rt_sigqueueinfo, server, sent.si_signo, &sent) != 0) {
        kill(server, sent.si_signo); /* no room for more queued ones */
    }
}

/* Reaps whatever has ended; whether the server has. */
static bool reap(struct server_init *init)
{
    bool ended = false;
    int status = 0;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == init->server) {
            ended = true;
            init->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
            init->code = init->signal != 0 ? BY_SIGNAL + init->signal : WEXITSTATUS(status);
        }
    }
    return ended;
}

/* All signals are blocked, so none is lost between two of them, and none is ignored for want of a
   handler. */
static void watch_over(struct server_init *init)
{
    sigset_t all;
    siginfo_t got;
    sigfillset(&all);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    while (!reap(init)) {
        if (sigwaitinfo(&all, &got) > 0 && got.si_signo != SIGCHLD && !is_known_to_server(&got)) {
            forward(init->server, &got);
        }
    }
}

static void be_server(const struct before *before)
{
    under_init = true;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != INIT) {
        _exit(BY_SIGNAL + SIGKILL); /* it has gone before */
    }
    sigaction(SIGCHLD, &before->child, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

int server_init_enter(struct server_init *init, struct error *error)
{
    *init = (struct server_init){0};
    if (getpid() != INIT) {
        return STATUS_OK;
    }
    /* ignored by whoever started us, it would have the kernel reap the server, status and all */
    static const struct sigaction heard = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP};
    struct before before;
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before.mask);
    sigaction(SIGCHLD, &heard, &before.child);
    init->server = fork();
    if (init->server < 0) {
        return error_system(
            error, errno,
            "process 1 can't start the server, which is to be a child of it (is the "
            "container's limit of processes too low?)");
    }
    if (init->server == 0) {
        be_server(&before);
    } else {
        watch_over(init);
    }
    return STATUS_OK;
}

bool server_init_is_above(void)
{
    return under_init;
}
