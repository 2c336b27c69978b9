#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch.h"
#include "loop/loop_child.h"
#include "suite.h"

static struct launch launch;

START_TEST(it_holds_its_own_descriptors_alone)
{
    int kept = fcntl(0, F_DUPFD, 50); /* not close-on-exec, as a careless host has them */
    int far = fcntl(0, F_DUPFD, 700);
    launch_shell(&launch, "i=0; while [ $i -lt 1000 ]; do [ -e /proc/self/fd/$i ] && echo $i; "
                          "i=$((i + 1)); done");
    /* the fall-back of pidfds needs one more for life */
    ck_assert_str_eq(launch_finish(&launch),
                     loop_child_needs_pipe() ? "0\n1\n2\n3\n4\n5\n" : "0\n1\n2\n3\n4\n");
    close(kept);
    close(far);
}
END_TEST

START_TEST(three_and_four_are_the_relay_and_nought_is_nothing)
{
    launch_shell(&launch, "readlink /proc/self/fd/0; read -r line <&3; echo \"got $line\" >&4; "
                          "echo out; echo err >&2");
    char came[64] = "";
    ck_assert_int_eq(write(launch.relay[1], "hello\n", 6), 6);
    ck_assert_int_eq(read(launch.relay[0], came, sizeof came), 10);
    ck_assert_str_eq(came, "got hello\n");
    ck_assert_str_eq(launch_finish(&launch), "/dev/null\nout\nerr\n");
}
END_TEST

/* A host whose standard descriptors are closed: the new pipes get their numbers. */
START_TEST(a_host_without_standard_descriptors)
{
    pid_t pid = fork();
    if (pid == 0) {
        close(0);
        close(1);
        close(2);
        launch_shell(&launch, "readlink /proc/self/fd/0; echo out; echo relay >&4");
        char came[16] = "";
        bool relayed = read(launch.relay[0], came, sizeof came) == 6;
        bool printed = strcmp(launch_finish(&launch), "/dev/null\nout\n") == 0;
        _exit(relayed && printed ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(it_leads_a_process_group)
{
    launch_shell(&launch, "read -r line <&3");
    ck_assert_int_eq(getpgid(launch.launched.pid), launch.launched.pid);
    ck_assert_int_ne(getpgid(0), launch.launched.pid);
    ck_assert_int_eq(write(launch.relay[1], "\n", 1), 1);
    launch_finish(&launch);
}
END_TEST

START_TEST(signals_are_as_a_program_expects_them)
{
    sigset_t set;
    sigset_t before;
    sigset_t after;
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, &before);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    char *const command[] = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status", NULL};
    ck_assert_int_eq(launch_program(&launch, command, NULL), STATUS_OK);
    sigprocmask(SIG_BLOCK, NULL, &after);
    sigprocmask(SIG_SETMASK, &before, NULL);
    /* and the host keeps its own */
    ck_assert_int_eq(sigismember(&after, SIGUSR1), 1);
    ck_assert_ptr_eq(signal(SIGPIPE, SIG_DFL), SIG_IGN);
    ck_assert_ptr_eq(signal(SIGHUP, SIG_DFL), SIG_IGN);
    ck_assert_str_eq(launch_finish(&launch), "SigBlk:\t0000000000000000\n"
                                             "SigIgn:\t0000000000000000\n");
}
END_TEST

START_TEST(the_environment_is_the_hosts_and_the_relay)
{
    setenv("RR_RELAY", "nonsense", 1);
    setenv("COYOTE_TEST", "a value", 1);
    launch_shell(&launch, "env | grep -c ^RR_RELAY=; echo $RR_RELAY; echo $COYOTE_TEST");
    ck_assert_str_eq(launch_finish(&launch), "1\npipes://fd/3:fd/4\na value\n");
    unsetenv("RR_RELAY");
    unsetenv("COYOTE_TEST");
}
END_TEST

/* The host is killed with -9: the worker's end shows as the end of what it prints. */
START_TEST(a_killed_host_takes_its_worker_along)
{
    int report[2];
    ck_assert_int_eq(pipe2(report, O_CLOEXEC), 0);
    pid_t host = fork();
    if (host == 0) {
        launch_shell(&launch, "echo up; sleep 60");
        char up[3];
        bool is_up = read(launch.output, up, sizeof up) == 3;
        ssize_t wrote = write(report[1], &launch.launched.pid, sizeof(pid_t));
        _exit(is_up && wrote > 0 ? pause() : 1);
    }
    close(report[1]);
    pid_t worker = 0;
    ck_assert_int_eq(read(report[0], &worker, sizeof worker), sizeof worker);
    ck_assert_int_eq(kill(worker, 0), 0);
    int pidfd_or_zero = 0;
    ck_assert_int_eq(kill(host, SIGKILL), 0);
    ck_assert_int_eq(waitpid(host, NULL, 0), host);
    /* whoever inherits it reaps it at some time: gone or a zombie are both an end */
    for (int tries = 0; tries < 2000 && pidfd_or_zero == 0; tries++) {
        char path[64];
        char line[512] = "";
        snprintf(path, sizeof path, "/proc/%d/stat", (int)worker);
        FILE *file = fopen(path, "re");
        if (file == NULL) {
            pidfd_or_zero = 1;
            continue;
        }
        bool dead = fgets(line, sizeof line, file) == NULL || strstr(line, ") Z") != NULL;
        fclose(file);
        pidfd_or_zero = dead;
        poll(NULL, 0, 5);
    }
    ck_assert(pidfd_or_zero);
    close(report[0]);
}
END_TEST

TCase *launcher_case(void);
TCase *launcher_case(void)
{
    TCase *test = tcase_create("launcher");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, it_holds_its_own_descriptors_alone);
    tcase_add_test(test, three_and_four_are_the_relay_and_nought_is_nothing);
    tcase_add_test(test, a_host_without_standard_descriptors);
    tcase_add_test(test, it_leads_a_process_group);
    tcase_add_test(test, signals_are_as_a_program_expects_them);
    tcase_add_test(test, the_environment_is_the_hosts_and_the_relay);
    tcase_add_test(test, a_killed_host_takes_its_worker_along);
    return test;
}
