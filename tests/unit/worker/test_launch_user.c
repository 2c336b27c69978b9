/* Workers that run as somebody else. It takes root to start them: without, each test asserts that it is
   refused, and by what. */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch.h"
#include "suite.h"
#include "worker/worker_user.h"

enum { UID = 60001, GID = 60002, OTHER = 60003 };

static struct launch launch;
static gid_t groups[] = {GID, OTHER};
static char name[] = "somebody";
static struct worker_user somebody = {name, UID, GID, groups, 2};
static char folder[] = "/tmp/coyote-user-XXXXXX";

static void setup(void)
{
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    rmdir(folder);
}

static void expect_failure(char *const *command, const char *relay, const char *text)
{
    struct error error = {0};
    int status = launch_as(&launch, command, &somebody, relay, &error);
    ck_assert_int_eq(status, STATUS_EWORKER);
    ck_assert_msg(strstr(error_text(&error), text) != NULL, "\"%s\" is not in: %s", text,
                  error_text(&error));
    error_clear(&error);
    ck_assert_int_eq(launch.launched.pid, 0);
    launch_finish(&launch);
}

/* False, and refused as it should be, where this suite runs without root's rights. */
static bool can_launch(void)
{
    if (geteuid() != 0) {
        expect_failure((char *const[]){"/bin/true", NULL}, NULL,
                       "it can't run as somebody (workers.user): setgroups: Operation not "
                       "permitted; it is forbidden here");
        ck_assert(!launch_children());
        return false;
    }
    return true;
}

static void launch_shell_as_somebody(const char *script)
{
    char *const command[] = {"sh", "-c", (char *)script, NULL};
    struct error error = {0};
    ck_assert_msg(launch_as(&launch, command, &somebody, NULL, &error) == STATUS_OK, "%s",
                  error_text(&error));
}

START_TEST(all_that_it_is_and_nothing_that_we_are)
{
    if (can_launch()) {
        launch_shell_as_somebody("grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|CapAmb)' "
                                 "/proc/self/status");
        ck_assert_str_eq(launch_finish(&launch), "Uid:\t60001\t60001\t60001\t60001\n"
                                                 "Gid:\t60002\t60002\t60002\t60002\n"
                                                 "Groups:\t60002 60003 \n"
                                                 "CapPrm:\t0000000000000000\n"
                                                 "CapEff:\t0000000000000000\n"
                                                 "CapAmb:\t0000000000000000\n");
        /* and we are who we were, to debuggers and core dumps as well */
        ck_assert_int_eq((int)geteuid(), 0);
        ck_assert_int_eq(prctl(PR_GET_DUMPABLE), 1);
    }
}
END_TEST

/* What a server may be that has root's rights without being root: they would pass to all it starts. */
static int be_another_who_may(void)
{
    enum { KILL_SETGID_SETUID = 0xe0, VERSION_3 = 0x20080522 };
    const unsigned header[2] = {VERSION_3, 0};
    const unsigned sets[6] = {KILL_SETGID_SETUID, KILL_SETGID_SETUID, KILL_SETGID_SETUID};
    int failed = prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
    failed |= setgid(OTHER) | setuid(OTHER) | (int)syscall(SYS_capset, header, sets);
    for (unsigned long capability = 5; capability <= 7; capability++) {
        failed |= prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
    }
    return failed;
}

START_TEST(it_can_not_become_us_again)
{
    int status = -1;
    if (!can_launch()) {
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        ck_assert_int_eq(be_another_who_may(), 0);
        ck_assert_int_eq(worker_user_check(&somebody, NULL), STATUS_OK);
        launch_shell_as_somebody("grep -E '^(Uid|CapPrm|CapEff|CapAmb)' /proc/self/status");
        _exit(strcmp(launch_finish(&launch), "Uid:\t60001\t60001\t60001\t60001\n"
                                             "CapPrm:\t0000000000000000\n"
                                             "CapEff:\t0000000000000000\n"
                                             "CapAmb:\t0000000000000000\n") == 0
                  ? 0
                  : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(its_output_is_its_own_to_open_again)
{
    if (can_launch()) {
        launch_shell_as_somebody("echo out > /dev/stdout; echo err > /proc/self/fd/2");
        ck_assert_str_eq(launch_finish(&launch), "out\nerr\n");
    }
}
END_TEST

START_TEST(who_we_are_already_needs_no_rights)
{
    struct worker_user own = {name, geteuid(), getegid(), NULL, 0};
    ck_assert_int_eq(launch_as(&launch, (char *const[]){"echo", "up", NULL}, &own, NULL, NULL),
                     STATUS_OK);
    ck_assert_str_eq(launch_finish(&launch), "up\n");
}
END_TEST

/* Privileges given up in a child of ours: the launch there tells what a server without root is told. */
START_TEST(without_roots_rights)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && (setgid(OTHER) != 0 || setuid(OTHER) != 0)) {
            _exit(2);
        }
        expect_failure((char *const[]){"/bin/true", NULL}, NULL, "setgroups: Operation not");
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_program_that_is_closed_to_that_user)
{
    char path[64];
    if (!can_launch()) {
        return;
    }
    snprintf(path, sizeof path, "%s/program", folder); /* the folder is 0700 and ours */
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    ck_assert_int_eq(write(fd, "#!/bin/sh\n", 10), 10);
    close(fd);
    expect_failure((char *const[]){path, NULL}, NULL,
                   "Permission denied for somebody (workers.user): the file, its interpreter and "
                   "the folders that lead to them must be open to that user");
    ck_assert_int_eq(chmod(folder, 0755), 0);
    ck_assert_int_eq(launch_as(&launch, (char *const[]){path, NULL}, &somebody, NULL, NULL), 0);
    launch_finish(&launch);
    unlink(path);
}
END_TEST

START_TEST(a_user_with_as_many_processes_as_it_may_have)
{
    struct rlimit before;
    struct launch first;
    if (!can_launch()) {
        return;
    }
    launch_shell_as_somebody("read -r line <&3");
    first = launch;
    getrlimit(RLIMIT_NPROC, &before);
    struct rlimit none = {0, before.rlim_max};
    setrlimit(RLIMIT_NPROC, &none);
    expect_failure((char *const[]){"/bin/true", NULL}, NULL,
                   "somebody (workers.user) has more processes than its limit allows: raise it "
                   "(RLIMIT_NPROC, ulimit -u)");
    setrlimit(RLIMIT_NPROC, &before);
    ck_assert_int_eq(write(first.relay[1], "\n", 1), 1);
    launch_finish(&first);
}
END_TEST

START_TEST(a_socket_that_the_user_can_not_reach)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char relay[128];
    char *const command[] = {"/bin/echo", "up", NULL};
    if (!can_launch()) {
        return;
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s/rr.sock", folder);
    snprintf(relay, sizeof relay, "unix://%s", address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (const void *)&address, sizeof address), 0);
    ck_assert_int_eq(chmod(address.sun_path, 0600), 0);
    ck_assert_int_eq(chown(address.sun_path, UID, (gid_t)-1), 0);
    expect_failure(command, relay, "somebody (workers.user) can't reach its relay unix:///tmp/");
    expect_failure(command, relay, "the folders that lead to the socket must be open to that user");
    ck_assert_int_eq(chmod(folder, 0711), 0);
    ck_assert_int_eq(launch_as(&launch, command, &somebody, relay, NULL), 0);
    ck_assert_str_eq(launch_finish(&launch), "up\n");
    unlink(address.sun_path);
    close(fd);
}
END_TEST

static bool has_ended(pid_t pid)
{
    char path[64];
    char line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    bool ended =
        file == NULL || fgets(line, sizeof line, file) == NULL || strstr(line, ") Z") != NULL;
    if (file != NULL) {
        fclose(file);
    }
    return ended;
}

/* setuid takes the parent-death signal away; it is asked for after it. */
START_TEST(a_killed_host_takes_it_along)
{
    int report[2];
    if (!can_launch()) {
        return;
    }
    ck_assert_int_eq(pipe2(report, O_CLOEXEC), 0);
    pid_t host = fork();
    if (host == 0) {
        launch_shell_as_somebody("echo up; exec sleep 60");
        char up[3];
        bool is_up = read(launch.output, up, sizeof up) == 3;
        ssize_t wrote = write(report[1], &launch.launched.pid, sizeof(pid_t));
        _exit(is_up && wrote > 0 ? pause() : 1);
    }
    close(report[1]);
    pid_t worker = 0;
    ck_assert_int_eq(read(report[0], &worker, sizeof worker), sizeof worker);
    ck_assert(!has_ended(worker));
    ck_assert_int_eq(kill(host, SIGKILL), 0);
    ck_assert_int_eq(waitpid(host, NULL, 0), host);
    for (int tries = 0; tries < 4000 && !has_ended(worker); tries++) {
        poll(NULL, 0, 5);
    }
    ck_assert(has_ended(worker));
    close(report[0]);
}
END_TEST

TCase *launch_user_case(void);
TCase *launch_user_case(void)
{
    TCase *test = tcase_create("launch_user");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, all_that_it_is_and_nothing_that_we_are);
    tcase_add_test(test, it_can_not_become_us_again);
    tcase_add_test(test, its_output_is_its_own_to_open_again);
    tcase_add_test(test, who_we_are_already_needs_no_rights);
    tcase_add_test(test, without_roots_rights);
    tcase_add_test(test, a_program_that_is_closed_to_that_user);
    tcase_add_test(test, a_user_with_as_many_processes_as_it_may_have);
    tcase_add_test(test, a_socket_that_the_user_can_not_reach);
    tcase_add_test(test, a_killed_host_takes_it_along);
    return test;
}
