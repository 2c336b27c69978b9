#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/descriptor_limit.h"
#include "become_user.h"
#include "close_others.h"
#include "command_path.h"
#include "launch_environment.h"
#include "launch_failure.h"
#include "loop/loop_child.h"
#include "worker/launcher.h"

/* All that the child needs, ready before the fork: between vfork and exec it shares our memory and
   may do nothing but system calls. */
struct plan {
    const struct launch_request *request;
    const struct worker_user *user; /* whom the child becomes; NULL: it stays who we are */
    const char *socket;             /* where the user must be able to connect; NULL: nowhere */
    char *path;
    char **environment;
    int null;        /* /dev/null, to be descriptor 0; -1 when something else is */
    int error_pipe;  /* what failed goes here; closed by a good exec */
    int status_pipe; /* stays open for life; -1 when not needed */
    int *moved;      /* room for request->fd_count descriptors */
    pid_t parent;
    bool dies_with_parent;
};

enum { FIRST_FREE = 3 };

/* Above every number that the child's descriptors will get, so that none is overwritten. */
static int move_up(int fd, int floor)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, floor);
}

static bool place(int fd, int wanted)
{
    return dup2(fd, wanted) == wanted;
}

static bool place_descriptors(const struct plan *plan, int *error_pipe)
{
    const struct launch_request *request = plan->request;
    int count = (int)request->fd_count;
    int floor = FIRST_FREE + count + 2;
    int input = move_up(plan->null >= 0 ? plan->null : request->input, floor);
    int output = move_up(request->output, floor);
    int errors = move_up(request->errors, floor);
    int status = plan->status_pipe < 0 ? -1 : move_up(plan->status_pipe, floor);
    int failure = move_up(*error_pipe, floor);
    if (failure >= 0) {
        *error_pipe = failure; /* else the old number still tells that it could not be moved */
    }
    bool placed = failure >= 0 && input >= 0 && output >= 0 && errors >= 0 &&
                  (plan->status_pipe < 0 || status >= 0);
    for (int i = 0; i < count; i++) {
        plan->moved[i] = move_up(request->fds[i], floor);
        placed = placed && plan->moved[i] >= 0;
    }
    placed = placed && place(input, STDIN_FILENO) && place(output, STDOUT_FILENO) &&
             place(errors, STDERR_FILENO);
    for (int i = 0; i < count; i++) {
        placed = placed && place(plan->moved[i], FIRST_FREE + i);
    }
    int next = FIRST_FREE + count;
    if (placed && status >= 0) {
        placed = place(status, next++);
    }
    /* the error pipe comes last: it closes itself at exec */
    placed = placed && dup3(failure, next, O_CLOEXEC) == next;
    if (placed) {
        *error_pipe = next;
        close_others(next + 1);
    }
    return placed;
}

static void reset_signals(void)
{
    struct sigaction normal = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < NSIG; signal++) {
        sigaction(signal, &normal, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Sets *failed and returns true when all is ready for the program. */
static bool child_prepare(const struct plan *plan, int *error_pipe, struct launch_failure *failed)
{
    setpgid(0, 0);
    if (plan->user != NULL && (failed->call = become_user(plan->user)) != NULL) {
        failed->step = LAUNCH_USER;
        return false;
    }
    if (plan->dies_with_parent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    /* The parent may have died before prctl. */
    if (getppid() != plan->parent) {
        return false;
    }
    if (plan->socket != NULL && access(plan->socket, W_OK) != 0) {
        failed->step = LAUNCH_SOCKET;
        return false;
    }
    return place_descriptors(plan, error_pipe);
}

_Noreturn static void child_run(const struct plan *plan)
{
    int error_pipe = plan->error_pipe;
    struct launch_failure failed = {.step = LAUNCH_DESCRIPTORS};
    if (child_prepare(plan, &error_pipe, &failed)) {
        failed.step = LAUNCH_PROGRAM;
        reset_signals();
        descriptor_limit_give_back();
        execve(plan->path, plan->request->command, plan->environment);
    }
    failed.error = errno;
    ssize_t ignored = write(error_pipe, &failed, sizeof failed);
    (void)ignored;
    _exit(127);
}

/* Apart, so that nothing of the caller's lives in registers that vfork returns twice with. A child that
   becomes somebody else gets a copy of our memory instead: were it shared, processes of that user could
   reach for it, and to prevent that the kernel would forbid core dumps and debuggers to us as well. */
__attribute__((noinline)) static pid_t fork_and_run(const struct plan *plan)
{
    pid_t pid = plan->user != NULL ? fork() : vfork();
    if (pid == 0) {
        child_run(plan);
    }
    return pid;
}

static pid_t start(const struct plan *plan)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork_and_run(plan);
    int failed = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = failed;
    return pid;
}

/* Whether the child has told of one, instead of running its program. */
static bool read_failure(int fd, struct launch_failure *failed)
{
    ssize_t got;
    do {
        got = read(fd, failed, sizeof *failed);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *failed;
}

static void close_if_open(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

static int no_process(int failed, struct error *error)
{
    return failed != EAGAIN
               ? error_system(error, failed, "starting a worker")
               : error_set(
                     error, STATUS_ESYSTEM,
                     "starting a worker: %s: there are as many processes as may be: raise the "
                     "limit (ulimit -u; TasksMax of systemd; pids of a container), or have "
                     "fewer workers",
                     strerror(failed));
}

static int launch_with(struct plan *plan, struct launched *launched, struct error *error)
{
    int failure[2] = {-1, -1};
    int life[2] = {-1, -1};
    int status = STATUS_OK;
    if (pipe2(failure, O_CLOEXEC) != 0 ||
        (loop_child_needs_pipe() && pipe2(life, O_CLOEXEC) != 0)) {
        status = error_system(error, errno, "making a pipe for a new worker");
    }
    if (status == STATUS_OK) {
        plan->error_pipe = failure[1];
        plan->status_pipe = life[1];
        pid_t pid = start(plan);
        launched->pid = pid > 0 ? pid : 0;
        status = pid > 0 ? STATUS_OK : no_process(errno, error);
    }
    close_if_open(failure[1]);
    close_if_open(life[1]);
    if (status == STATUS_OK) {
        struct launch_failure failed;
        if (read_failure(failure[0], &failed)) {
            status = launch_failure_explain(&failed, plan->request, plan->path, error);
            loop_child_discard(launched->pid);
            launched->pid = 0;
        }
    }
    close_if_open(failure[0]);
    if (status == STATUS_OK) {
        launched->status_pipe = life[0];
    } else {
        close_if_open(life[0]);
    }
    return status;
}

/* The worker may open what it writes to once more, by /dev/stderr: then it must be its own. */
static void give_away(const struct launch_request *request, uid_t uid)
{
    int given[] = {request->output, request->errors};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        int failed = fchown(given[i], uid, (gid_t)-1);
        (void)failed; /* then just that does not work */
    }
}

static void prepare_user(struct plan *plan)
{
    static const char local[] = "unix://";
    const struct launch_request *request = plan->request;
    if (request->user == NULL || worker_user_is_own(request->user)) {
        return;
    }
    plan->user = request->user;
    give_away(request, plan->user->uid);
    if (strncmp(request->relay_address, local, sizeof local - 1) == 0) {
        plan->socket = request->relay_address + sizeof local - 1;
    }
}

static int prepare(struct plan *plan, struct error *error)
{
    const struct launch_request *request = plan->request;
    prepare_user(plan);
    int status = command_path_find(request->command[0], request->environment, &plan->path, error);
    if (status != STATUS_OK) {
        return status;
    }
    plan->environment = launch_environment(request->environment, request->relay_address);
    plan->moved = calloc(request->fd_count + 1, sizeof *plan->moved);
    if (plan->environment == NULL || plan->moved == NULL) {
        return error_memory(error);
    }
    if (request->input >= 0) {
        return STATUS_OK;
    }
    plan->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return plan->null >= 0 ? STATUS_OK : error_system(error, errno, "opening /dev/null");
}

static int exec_launch(const struct launcher *launcher, const struct launch_request *request,
                       struct launched *launched, struct error *error)
{
    (void)launcher;
    struct plan plan = {
        .request = request,
        .null = -1,
        .parent = getpid(),
        /* The signal comes when the thread that forked ends, not the process: of a host's passing
           threads it would kill the worker. The relay's end is the second line. */
        .dies_with_parent = getpid() == (pid_t)syscall(SYS_gettid),
    };
    *launched = (struct launched){0, -1};
    int status = prepare(&plan, error);
    if (status == STATUS_OK) {
        status = launch_with(&plan, launched, error);
    }
    close_if_open(plan.null);
    free(plan.moved);
    free(plan.environment);
    free(plan.path);
    return status;
}

const struct launcher *launcher_exec(void)
{
    static const struct launcher launcher = {exec_launch};
    return &launcher;
}
