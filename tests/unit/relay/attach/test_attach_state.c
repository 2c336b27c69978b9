/* Calls in any order, stops, forks, and how descriptors are treated. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach_world.h"
#include "base/clock.h"

static const struct payload answer = {.body = {"a", 1}};

static void expect_no_answer_is_due(const struct world *world)
{
    struct error error = {0};
    ck_assert_int_eq(attach_send(world->attach, &answer, &error), STATUS_ESTATE);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "there is no payload to answer"));
    error_clear(&error);
    ck_assert_int_eq(attach_error(world->attach, answer.body, NULL), STATUS_ESTATE);
    world_expect_nothing(world);
}

START_TEST(each_payload_has_one_answer)
{
    struct world world = world_open(_i);
    struct buffer bytes = {0};
    expect_no_answer_is_due(&world);
    append_pid(&world, &bytes);
    append_exec(&world, &bytes, payload_of_text("", "x"));
    world_give(&world, &bytes);
    world_expect_payload(&world, "", "x");
    struct error error = {0};
    ck_assert_int_eq(attach_receive(world.attach, 0, &error), STATUS_ESTATE);
    ck_assert_str_eq(attach_payload(world.attach)->body.data, "x");
    error_clear(&error);
    ck_assert_int_eq(attach_send(world.attach, &answer, NULL), STATUS_OK);
    char answers[200];
    ck_assert_int_gt(read(world.from_worker, answers, sizeof answers), 0);
    ck_assert_str_eq(attach_payload(world.attach)->body.data, "x");
    expect_no_answer_is_due(&world);
    world_expect_failure(&world, STATUS_ETIMEOUT, "");
    expect_no_answer_is_due(&world);
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

START_TEST(an_answer_that_would_be_a_stop)
{
    struct world world = world_greeted(_i);
    const struct payload stop = payload_of_text("{\"stop\":true}", "");
    struct error error = {0};
    world_give_exec(&world, "", "x");
    world_expect_payload(&world, "", "x");
    ck_assert_int_eq(attach_send(world.attach, &stop, &error), STATUS_EINVAL);
    error_clear(&error);
    world_expect_nothing(&world);
    ck_assert_int_eq(attach_send(world.attach, &answer, NULL), STATUS_OK);
    world_expect_reply(&world, "", "a");
    world_close(&world);
}
END_TEST

/* What waits behind is for another worker. */
START_TEST(after_a_stop_no_payload_is_given)
{
    struct world world = world_greeted(_i);
    struct buffer bytes = {0};
    for (int i = 0; i < 3; i++) {
        append_exec(&world, &bytes, payload_of_text("", "x"));
    }
    world_give(&world, &bytes);
    world_expect_payload(&world, "", "x");
    ck_assert_int_eq(attach_stop(world.attach, NULL), STATUS_OK);
    ck_assert_int_eq(attach_stop(world.attach, NULL), STATUS_OK);
    world_expect_reply(&world, "{\"stop\":true}", "");
    expect_no_answer_is_due(&world);
    world_expect_failure(&world, STATUS_ETIMEOUT, "");
    append_exec(&world, &bytes, payload_of_text("", "too late"));
    append_stop(&world, &bytes);
    world_give(&world, &bytes);
    ck_assert_int_eq(attach_receive(world.attach, -1, NULL), 0);
    ck_assert_int_eq(attach_stop(world.attach, NULL), STATUS_OK);
    world_expect_nothing(&world);
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

START_TEST(a_stop_before_the_handshake_is_sent_with_it)
{
    struct world world = world_open(_i);
    struct buffer bytes = {0};
    ck_assert_int_eq(attach_stop(world.attach, NULL), STATUS_OK);
    world_expect_nothing(&world);
    append_pid(&world, &bytes);
    append_exec(&world, &bytes, payload_of_text("", "x"));
    world_give(&world, &bytes);
    world_expect_failure(&world, STATUS_ETIMEOUT, "");
    char pid[32];
    size_t size = (size_t)snprintf(pid, sizeof pid, "{\"pid\":%d}", (int)getpid());
    char came[100];
    world_take(&world, came, size + (world.v2 ? 17 : 12));
    world_expect_reply(&world, "{\"stop\":true}", "");
    world_expect_nothing(&world);
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

START_TEST(time_outs_are_kept)
{
    struct world world = world_greeted(_i);
    int64_t begin = clock_now();
    ck_assert_int_eq(attach_receive(world.attach, 30, NULL), STATUS_ETIMEOUT);
    ck_assert_int_ge(clock_now() - begin, 30 * CLOCK_MILLISECOND);
    world_give_exec(&world, "", "x");
    ck_assert_int_eq(attach_receive(world.attach, INT64_MIN, NULL), 1); /* for ever */
    ck_assert_int_eq(attach_stop(world.attach, NULL), STATUS_OK);
    world_hang_up(&world);
    ck_assert_int_eq(attach_receive(world.attach, INT64_MAX, NULL), 0);
    world_close(&world);
}
END_TEST

START_TEST(a_fork_leaves_the_relay_to_its_parent)
{
    struct world world = world_greeted(_i);
    world_give_exec(&world, "", "x");
    world_expect_payload(&world, "", "x");
    pid_t child = fork();
    if (child == 0) {
        bool good = attach_receive(world.attach, 0, NULL) == STATUS_EFORKED &&
                    attach_send(world.attach, &answer, NULL) == STATUS_EFORKED &&
                    attach_error(world.attach, answer.body, NULL) == STATUS_EFORKED &&
                    attach_stop(world.attach, NULL) == STATUS_EFORKED &&
                    attach_fd(world.attach, NULL) == STATUS_EFORKED;
        attach_free(world.attach);
        _exit(good ? 0 : 1);
    }
    int status = -1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    world_expect_nothing(&world);
    ck_assert_int_eq(attach_send(world.attach, &answer, NULL), STATUS_OK);
    world_expect_reply(&world, "", "a");
    world_close(&world);
}
END_TEST

START_TEST(descriptors_have_one_relay_at_a_time)
{
    struct world world = world_greeted(0);
    struct attach *second = NULL;
    struct error error = {0};
    char address[64];
    snprintf(address, sizeof address, "pipes://fd/%d:fd/%d", world.worker_fds[0],
             world.worker_fds[1]);
    ck_assert_int_eq(attach_open(address, &second, &error), STATUS_ESTATE);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "has a relay already"));
    error_clear(&error);
    attach_free(world.attach);
    ck_assert_int_eq(attach_open(address, &second, &error), STATUS_OK);
    world.attach = second;
    world_close(&world);
}
END_TEST

/* Others may have them too: a terminal, a shell. */
START_TEST(descriptors_keep_their_flags_and_are_kept_from_children)
{
    struct world world = world_greeted(0);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(fcntl(world.worker_fds[i], F_GETFL) & O_NONBLOCK, 0);
        ck_assert_int_eq(fcntl(world.worker_fds[i], F_GETFD), FD_CLOEXEC);
    }
    world_close(&world);
}
END_TEST

START_TEST(the_descriptor_to_poll)
{
    struct world world = world_greeted(_i);
    int fd = attach_fd(world.attach, NULL);
    ck_assert(world.lane == LANE_UNIX ? fd >= 0 : fd == world.worker_fds[0]);
    world_close(&world);
    ck_assert(world.lane == LANE_PIPES || fcntl(fd, F_GETFD) < 0);
}
END_TEST

TCase *attach_state_case(void);
TCase *attach_state_case(void)
{
    TCase *test = tcase_create("state");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, each_payload_has_one_answer, 0, WORLDS);
    tcase_add_loop_test(test, an_answer_that_would_be_a_stop, 0, WORLDS);
    tcase_add_loop_test(test, after_a_stop_no_payload_is_given, 0, WORLDS);
    tcase_add_loop_test(test, a_stop_before_the_handshake_is_sent_with_it, 0, WORLDS);
    tcase_add_loop_test(test, time_outs_are_kept, 0, WORLDS);
    tcase_add_loop_test(test, a_fork_leaves_the_relay_to_its_parent, 0, WORLDS);
    tcase_add_test(test, descriptors_have_one_relay_at_a_time);
    tcase_add_test(test, descriptors_keep_their_flags_and_are_kept_from_children);
    tcase_add_loop_test(test, the_descriptor_to_poll, 0, WORLDS);
    return test;
}
