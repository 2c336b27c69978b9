/* How a server that a program owns comes to its end, or never begins. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "host_world.h"
#include "suite.h"

#define ORDERS "orders: {workers: {" OBEDIENT ", pool: {num_workers: 1, prefetch: 1}}}\n"

START_TEST(a_stop_lets_what_has_begun_end_and_cancels_what_waits)
{
    host_world_serve(1, 1);
    host_world_push("doze 100");
    host_world_push("a");
    host_world_push("b");
    while (!host_world_logged("asleep")) {
        ck_assert_int_eq(server_host_step(world.server, LONG, &world.error), 1);
    }
    server_host_stop(world.server);
    server_host_stop(world.server);
    ck_assert_int_eq(host_source_state(world.orders), HOST_SOURCE_ENDED);
    ck_assert_int_eq(host_world_push("c"), STATUS_ESTATE);
    host_world_expect(2, OUTCOME_CANCELLED, "its service has ended");
    host_world_expect(3, OUTCOME_CANCELLED, "its service has ended");
    host_world_expect(1, OUTCOME_OK, "slept");
    ck_assert_int_eq(host_world_run(), STATUS_OK);
    host_world_close();
}
END_TEST

START_TEST(a_stop_at_once_waits_for_nobody)
{
    host_world_serve(1, 1);
    host_world_push("doze 60000");
    host_world_push("a");
    while (!host_world_logged("asleep")) {
        ck_assert_int_eq(server_host_step(world.server, LONG, &world.error), 1);
    }
    server_host_stop(world.server);
    server_host_stop_now(world.server);
    server_host_stop_now(world.server);
    host_world_expect(2, OUTCOME_CANCELLED, "");
    struct taken_reply *taken = NULL;
    ck_assert_int_eq(server_host_next(world.server, world.orders, LONG, &taken, &world.error), 0);
    ck_assert_uint_eq(taken->id, 1);
    ck_assert(taken->reply.may_have_run);
    ck_assert_int_ne(taken->reply.outcome, OUTCOME_OK);
    taken_reply_free(taken);
    ck_assert_int_eq(host_world_run(), STATUS_OK);
    host_world_close();
}
END_TEST

START_TEST(a_stop_before_the_first_step_starts_nothing)
{
    host_world_open(ORDERS);
    host_world_push("a");
    if (_i == 0) {
        ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_OK);
    }
    server_host_stop(world.server);
    host_world_expect(1, OUTCOME_CANCELLED, "the server has ended");
    ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_ESTATE);
    ck_assert_int_eq(server_host_take_signals(world.server, &world.error), STATUS_ESTATE);
    ck_assert_int_eq(server_host_reset(world.server, &world.error), STATUS_ESTATE);
    ck_assert_int_eq(server_host_serve(world.server, -1, &world.error), STATUS_OK);
    ck_assert_int_eq(server_host_step(world.server, -1, &world.error), STATUS_OK);
    ck_assert(!host_world_logged("serving"));
    host_world_close();
}
END_TEST

START_TEST(a_worker_that_is_killed_is_an_outcome)
{
    host_world_serve(1, 1);
    pid_t pid = host_world_expect(host_world_push("pid"), OUTCOME_OK, "");
    host_world_push("doze 60000");
    while (!host_world_logged("asleep")) {
        ck_assert_int_eq(server_host_step(world.server, LONG, &world.error), 1);
    }
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(host_world_expect(2, OUTCOME_CRASHED, "signal 9"), pid);
    host_world_push("again");
    ck_assert_int_ne(host_world_expect(3, OUTCOME_OK, "again"), pid);
    host_world_close();
}
END_TEST

START_TEST(a_service_that_fails_is_the_end_of_all)
{
    host_world_open("orders: {workers: {command: '" PHP " nowhere.php', pool: {num_workers: 1}}}\n"
                    "ticker: {interval: 60, workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    host_world_push("a");
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(host_world_run(), STATUS_EWORKER);
        ck_assert_msg(strstr(error_text(&world.error), "orders: ") == error_text(&world.error),
                      "%s", error_text(&world.error));
        ck_assert_ptr_nonnull(strstr(error_text(&world.error), "nowhere.php"));
    }
    ck_assert_int_eq(server_host_serve(world.server, -1, &world.error), STATUS_EWORKER);
    host_world_expect(1, OUTCOME_CANCELLED, "");
    struct taken_reply *taken = NULL;
    ck_assert_int_eq(server_host_next(world.server, world.orders, LONG, &taken, &world.error),
                     STATUS_EWORKER);
    ck_assert_int_eq(host_world_push("b"), STATUS_ESTATE);
    host_world_close();
}
END_TEST

START_TEST(a_source_that_cant_go_on_ends_the_server_with_its_reason)
{
    host_world_open(ORDERS);
    host_world_push("a");
    if (_i == 0) {
        host_world_expect(1, OUTCOME_OK, "a");
    }
    ck_assert_int_eq(
        server_host_fail(world.server, world.orders, "the broker is away", &world.error), 0);
    ck_assert_int_eq(host_world_run(), STATUS_ESOURCE);
    ck_assert_str_eq(error_text(&world.error), "orders: the broker is away");
    ck_assert(host_world_logged("the broker is away"));
    if (_i == 1) {
        host_world_expect(1, OUTCOME_CANCELLED, "its source failed");
    }
    host_world_close();
}
END_TEST

/* Though no worker is free, so that nothing is asked of the source. */
START_TEST(a_source_may_fail_while_all_workers_are_busy)
{
    host_world_serve(1, 1);
    host_world_push("doze 100");
    while (!host_world_logged("asleep")) {
        ck_assert_int_eq(server_host_step(world.server, LONG, &world.error), 1);
    }
    host_world_push("b");
    server_host_fail(world.server, world.orders, "the broker is away", &world.error);
    host_world_expect(2, OUTCOME_CANCELLED, "");
    host_world_expect(1, OUTCOME_OK, "slept");
    ck_assert_int_eq(host_world_run(), STATUS_ESOURCE);
    host_world_close();
}
END_TEST

START_TEST(what_is_disabled_is_not_started)
{
    host_world_open(ORDERS);
    host_world_push("a");
    ck_assert_int_eq(server_host_disable(world.server, world.orders, &world.error), STATUS_ESTATE);
    ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_OK);
    ck_assert_int_eq(server_host_disable(world.server, world.orders, &world.error), STATUS_OK);
    ck_assert_int_eq(server_host_disable(world.server, world.orders, &world.error), STATUS_OK);
    ck_assert_int_eq(host_source_state(world.orders), HOST_SOURCE_ABSENT);
    ck_assert_str_eq(server_host_section(world.server, world.orders, &world.error), "{}");
    host_world_expect(1, OUTCOME_CANCELLED, "disabled");
    ck_assert_int_eq(host_world_push("b"), STATUS_ESTATE);
    ck_assert_int_eq(host_world_run(), STATUS_OK);
    ck_assert(!host_world_logged("serving"));
    ck_assert_int_eq(server_host_disable(world.server, world.orders, &world.error), STATUS_ESTATE);
    host_world_close();
}
END_TEST

START_TEST(a_kind_without_a_section_is_absent)
{
    host_world_open("ticker: {interval: 60, workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    host_world_push("a");
    ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_OK);
    ck_assert_int_eq(host_source_state(world.orders), HOST_SOURCE_ABSENT);
    error_clear(&world.error);
    ck_assert_ptr_null(server_host_section(world.server, world.orders, &world.error));
    ck_assert_int_eq(world.error.status, STATUS_OK);
    host_world_expect(1, OUTCOME_CANCELLED, "no section");
    ck_assert_int_eq(server_host_disable(world.server, world.orders, &world.error), STATUS_OK);
    ck_assert_int_eq(server_host_step(world.server, 0, &world.error), 1);
    host_world_close();
}
END_TEST

static const struct {
    const char *yaml;
    const char *words;
} mistakes[] = {
    {ORDERS "more: {source: orders, workers: {command: php b.php}}\n",
     "test.yaml:2:1: more: a second section of the source \"orders\", which one alone can be of: "
     "\"orders\" is (test.yaml:1:9)"},
    {"log: {level: loud}\norders: {workers: {}}\n", "log.level"},
    {"log: {level: loud}\norders: {workers: {}}\n", "orders.workers.command"},
    {"orders: {}\n", "orders.workers"},
    {"orders: {any: [1, {key: 2}], workers: {comand: php a.php}}\n", "did you mean \"command\"?"},
    {"order: {workers: {command: php a.php}}\n", "did you mean \"orders\"?"},
    {"{}\n", "no section names a source"},
};

START_TEST(mistakes_of_the_config_are_told_all_at_once)
{
    host_world_open(mistakes[_i].yaml);
    host_world_push("a");
    ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_ECONFIG);
    ck_assert_msg(strstr(error_text(&world.error), mistakes[_i].words) != NULL, "%s",
                  error_text(&world.error));
    ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_ESTATE);
    ck_assert_int_eq(server_host_step(world.server, 0, &world.error), STATUS_ECONFIG);
    ck_assert_int_eq(server_host_serve(world.server, 0, &world.error), STATUS_ECONFIG);
    ck_assert_ptr_nonnull(strstr(error_text(&world.error), mistakes[_i].words));
    host_world_expect(1, OUTCOME_CANCELLED, "could not be started");
    ck_assert_int_eq(host_world_push("b"), STATUS_ESTATE);
    host_world_close();
}
END_TEST

static const char *const refused[] = {"ticker", "orders", "env", "log", "version", "", "a.b"};

START_TEST(kinds_that_can_not_be)
{
    host_world_open(ORDERS);
    ck_assert_ptr_null(server_host_register(world.server, refused[_i], &world.error));
    ck_assert_int_eq(world.error.status, STATUS_EINVAL);
    ck_assert_ptr_nonnull(server_host_register(world.server, "other", &world.error));
    ck_assert_int_eq(server_host_prepare(world.server, &world.error), STATUS_OK);
    ck_assert_ptr_null(server_host_register(world.server, "late", &world.error));
    ck_assert_int_eq(world.error.status, STATUS_ESTATE);
    ck_assert_int_eq(server_host_open(world.server, &world.error), STATUS_ESTATE);
    host_world_close();
}
END_TEST

/* --- signals --- */

static struct sigaction action_of(int signal)
{
    struct sigaction action;
    sigaction(signal, NULL, &action);
    return action;
}

static void ignore(int signal)
{
    (void)signal;
}

START_TEST(a_signal_stops_it_if_it_was_told_to_take_them)
{
    signal(SIGTERM, ignore);
    host_world_serve(1, 1);
    ck_assert_int_eq(server_host_take_signals(world.server, &world.error), STATUS_OK);
    ck_assert_int_eq(server_host_take_signals(world.server, &world.error), STATUS_OK);
    struct server_host *first = world.server;
    struct host_source *orders = world.orders;
    host_world_open(ORDERS);
    ck_assert_int_eq(server_host_take_signals(world.server, &world.error), STATUS_ESTATE);
    ck_assert_ptr_nonnull(strstr(error_text(&world.error), "another server"));
    host_world_close();
    world.server = first;
    world.orders = orders;
    raise(SIGTERM);
    ck_assert_int_eq(host_world_run(), STATUS_OK);
    ck_assert(host_world_logged("send the signal again"));
    ck_assert(action_of(SIGTERM).sa_handler != ignore);
    server_host_release_signals(world.server);
    server_host_release_signals(world.server);
    ck_assert(action_of(SIGTERM).sa_handler == ignore);
    host_world_close();
}
END_TEST

START_TEST(serving_takes_the_signals_and_gives_them_back)
{
    signal(SIGTERM, ignore);
    host_world_open("orders: {workers: {" OBEDIENT ", pool: {num_workers: 1}}}");
    ck_assert_int_eq(server_host_serve(world.server, 1, &world.error), STATUS_ETIMEOUT);
    ck_assert(action_of(SIGTERM).sa_handler != ignore);
    pid_t self = getpid();
    pid_t child = fork();
    if (child == 0) {
        kill(self, SIGTERM);
        _exit(0);
    }
    ck_assert_msg(server_host_serve(world.server, -1, &world.error) == STATUS_OK, "%s",
                  error_text(&world.error));
    ck_assert(action_of(SIGTERM).sa_handler == ignore);
    host_world_close();
}
END_TEST

/* Between two calls: a program that serves a second at a time must not miss its end. */
START_TEST(a_signal_before_they_are_taken_again_is_not_lost)
{
    signal(SIGTERM, ignore);
    host_world_serve(1, 1);
    ck_assert_int_eq(server_host_take_signals(world.server, &world.error), STATUS_OK);
    raise(SIGTERM);
    signal(SIGTERM, SIG_DFL);
    ck_assert_int_eq(server_host_take_signals(world.server, &world.error), STATUS_OK);
    ck_assert_int_eq(host_world_run(), STATUS_OK);
    server_host_release_signals(world.server);
    ck_assert(action_of(SIGTERM).sa_handler == ignore);
    host_world_close();
}
END_TEST

START_TEST(a_free_gives_the_signals_back)
{
    signal(SIGINT, ignore);
    host_world_open(ORDERS);
    ck_assert_int_eq(server_host_take_signals(world.server, &world.error), STATUS_OK);
    host_world_close();
    ck_assert(action_of(SIGINT).sa_handler == ignore);
}
END_TEST

START_TEST(a_signal_of_the_programs_own_interrupts)
{
    const struct sigaction action = {.sa_handler = ignore};
    sigaction(SIGALRM, &action, NULL);
    host_world_serve(1, 1);
    host_world_push("doze 2000");
    while (!host_world_logged("asleep")) {
        ck_assert_int_eq(server_host_step(world.server, LONG, &world.error), 1);
    }
    ualarm(100000, 0);
    struct taken_reply *taken = NULL;
    ck_assert_int_eq(server_host_next(world.server, world.orders, LONG, &taken, &world.error),
                     STATUS_EINTERRUPTED);
    ualarm(100000, 0);
    int status = 1;
    while (status == 1) {
        status = server_host_step(world.server, LONG, &world.error);
    }
    ck_assert_int_eq(status, STATUS_EINTERRUPTED);
    ualarm(100000, 0);
    ck_assert_int_eq(server_host_serve(world.server, -1, &world.error), STATUS_EINTERRUPTED);
    host_world_expect(1, OUTCOME_OK, "slept");
    host_world_close();
}
END_TEST

TCase *host_end_case(void);
TCase *host_end_case(void)
{
    TCase *test = tcase_create("host end");
    tcase_set_timeout(test, 120);
    tcase_add_test(test, a_stop_lets_what_has_begun_end_and_cancels_what_waits);
    tcase_add_test(test, a_stop_at_once_waits_for_nobody);
    tcase_add_loop_test(test, a_stop_before_the_first_step_starts_nothing, 0, 2);
    tcase_add_test(test, a_worker_that_is_killed_is_an_outcome);
    tcase_add_test(test, a_service_that_fails_is_the_end_of_all);
    tcase_add_loop_test(test, a_source_that_cant_go_on_ends_the_server_with_its_reason, 0, 2);
    tcase_add_test(test, a_source_may_fail_while_all_workers_are_busy);
    tcase_add_test(test, what_is_disabled_is_not_started);
    tcase_add_test(test, a_kind_without_a_section_is_absent);
    tcase_add_loop_test(test, mistakes_of_the_config_are_told_all_at_once, 0,
                        sizeof mistakes / sizeof *mistakes);
    tcase_add_loop_test(test, kinds_that_can_not_be, 0, sizeof refused / sizeof *refused);
    tcase_add_test(test, a_signal_stops_it_if_it_was_told_to_take_them);
    tcase_add_test(test, serving_takes_the_signals_and_gives_them_back);
    tcase_add_test(test, a_signal_before_they_are_taken_again_is_not_lost);
    tcase_add_test(test, a_free_gives_the_signals_back);
    tcase_add_test(test, a_signal_of_the_programs_own_interrupts);
    return test;
}
