/* Workers of another user: theirs is the socket, and they alone are heard. It takes root; whoever else is
   told so. _i: OVER_UNIX, OVER_TCP. */
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "listener_world.h"

static const uid_t other = 60001;

static void teardown(void)
{
    world_free();
}

/* Over unix no other user's file can be made without root's rights, and that is told. */
static bool made(int which)
{
    struct error error = {0};
    int status = world_make_for(which, 20000, &other, &error);
    if (which == OVER_UNIX && geteuid() != 0) {
        ck_assert_int_eq(status, STATUS_ESYSTEM);
        ck_assert_ptr_nonnull(strstr(error_text(&error), "workers.relay: giving the socket /tmp/"));
        error_clear(&error);
        return false;
    }
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
    return true;
}

START_TEST(its_worker_is_served)
{
    if (!made(_i)) {
        return;
    }
    if (world_fork_worker() == 0) {
        if (geteuid() == 0 && setuid(other) != 0) {
            _exit(1);
        }
        world_be_worker();
    }
    world_expect_service();
    ck_assert_str_eq(world.log, "");
}
END_TEST

/* Not even the awaited process, when it has not become that user. */
START_TEST(we_ourselves_are_turned_away)
{
    if (!made(OVER_UNIX)) {
        return;
    }
    if (world_fork_worker() == 0) {
        world_read_all(world_connect());
        _exit(0);
    }
    world_until(world_has_logged);
    ck_assert_msg(strstr(world.log, "it is of another user, uid 0") != NULL, "%s", world.log);
    ck_assert_int_eq(world.messages, 0);
}
END_TEST

START_TEST(a_third_user_can_not_even_connect)
{
    int status = -1;
    if (!made(OVER_UNIX)) {
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        const char *path = relay_child(world.relay).address + strlen("unix://");
        _exit(setuid(other + 1) == 0 && access(path, W_OK) != 0 ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

TCase *relay_user_case(void);
TCase *relay_user_case(void)
{
    TCase *test = tcase_create("relay_user");
    tcase_set_timeout(test, 30);
    tcase_add_checked_fixture(test, NULL, teardown);
    tcase_add_loop_test(test, its_worker_is_served, 0, OVER_COUNT);
    tcase_add_test(test, we_ourselves_are_turned_away);
    tcase_add_test(test, a_third_user_can_not_even_connect);
    return test;
}
