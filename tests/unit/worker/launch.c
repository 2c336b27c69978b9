#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

extern char **environ;

int launch_program(struct launch *launch, char *const *command, struct error *error)
{
    return launch_as(launch, command, NULL, NULL, error);
}

int launch_as(struct launch *launch, char *const *command, const struct worker_user *user,
              const char *relay, struct error *error)
{
    int output[2];
    int in[2];
    int out[2];
    ck_assert_int_eq(pipe2(output, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
    struct launch_request request = {
        .command = command,
        .environment = environ,
        .relay_address = relay == NULL ? "pipes://fd/3:fd/4" : relay,
        .user = user,
        .input = -1,
        .output = output[1],
        .errors = output[1],
        .fds = (const int[]){in[0], out[1]},
        .fd_count = 2,
    };
    int status = launcher_exec()->launch(launcher_exec(), &request, &launch->launched, error);
    close(output[1]);
    close(in[0]);
    close(out[1]);
    launch->output = output[0];
    launch->relay[0] = out[0];
    launch->relay[1] = in[1];
    return status;
}

void launch_shell(struct launch *launch, const char *script)
{
    char *const command[] = {"sh", "-c", (char *)script, NULL};
    struct error error = {0};
    ck_assert_msg(launch_program(launch, command, &error) == STATUS_OK, "%s", error_text(&error));
}

const char *launch_finish(struct launch *launch)
{
    static char text[16384];
    size_t size = 0;
    ssize_t got;
    struct pollfd look = {.fd = launch->output, .events = POLLIN};
    do {
        ck_assert_int_eq(poll(&look, 1, 20000), 1);
        got = read(launch->output, text + size, sizeof text - size - 1);
        size += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    text[size] = '\0';
    close(launch->output);
    close(launch->relay[0]);
    close(launch->relay[1]);
    if (launch->launched.status_pipe >= 0) {
        close(launch->launched.status_pipe);
    }
    if (launch->launched.pid > 0) {
        waitpid(launch->launched.pid, NULL, 0);
    }
    return text;
}

int launch_children(void)
{
    siginfo_t info;
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}
