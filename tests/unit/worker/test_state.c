#include <stdbool.h>
#include <string.h>

#include "suite.h"
#include "worker/worker_state.h"

struct row {
    enum worker_state state;
    enum worker_event event;
    struct worker_transition transition;
};

static const struct row rows[] = {
#define ROW(state, event, next, action)                                                            \
    {WORKER_##state, WORKER_EVENT_##event, {WORKER_##next, WORKER_ACTION_##action}},
    WORKER_TRANSITIONS(ROW)
#undef ROW
};
enum { ROWS = sizeof rows / sizeof *rows };

START_TEST(no_row_is_written_twice)
{
    for (int i = 0; i < ROWS; i++) {
        for (int j = i + 1; j < ROWS; j++) {
            ck_assert_msg(rows[i].state != rows[j].state || rows[i].event != rows[j].event,
                          "%s has two rows for one event", worker_state_name(rows[i].state));
        }
    }
}
END_TEST

START_TEST(the_table_says_what_its_rows_say_and_nothing_else)
{
    for (int state = 0; state < WORKER_STATE_COUNT; state++) {
        for (int event = 0; event < WORKER_EVENT_COUNT; event++) {
            struct worker_transition wanted = {(enum worker_state)state, WORKER_ACTION_NOTHING};
            for (int i = 0; i < ROWS; i++) {
                if ((int)rows[i].state == state && (int)rows[i].event == event) {
                    wanted = rows[i].transition;
                }
            }
            struct worker_transition got =
                worker_transition((enum worker_state)state, (enum worker_event)event);
            ck_assert_int_eq(got.next, wanted.next);
            ck_assert_int_eq(got.action, wanted.action);
        }
    }
}
END_TEST

START_TEST(nothing_leaves_dead)
{
    for (int event = 0; event < WORKER_EVENT_COUNT; event++) {
        struct worker_transition after = worker_transition(WORKER_DEAD, (enum worker_event)event);
        ck_assert_int_eq(after.next, WORKER_DEAD);
        ck_assert_int_eq(after.action, WORKER_ACTION_NOTHING);
    }
}
END_TEST

/* An exit can come at any time: from wherever, it buries, once. */
START_TEST(an_exit_ends_every_state)
{
    for (int state = 0; state < WORKER_DEAD; state++) {
        struct worker_transition after =
            worker_transition((enum worker_state)state, WORKER_EVENT_EXITED);
        ck_assert_int_eq(after.next, WORKER_DEAD);
        ck_assert_int_eq(after.action, WORKER_ACTION_BURY);
    }
    for (int i = 0; i < ROWS; i++) {
        bool buries = rows[i].transition.action == WORKER_ACTION_BURY;
        ck_assert_int_eq(buries, rows[i].transition.next == WORKER_DEAD);
    }
}
END_TEST

START_TEST(a_kill_is_heeded_in_every_state_that_lives)
{
    for (int state = 0; state < WORKER_KILLED; state++) {
        struct worker_transition after =
            worker_transition((enum worker_state)state, WORKER_EVENT_KILL);
        ck_assert_int_eq(after.next, WORKER_KILLED);
        ck_assert_int_eq(after.action, WORKER_ACTION_SEND_KILL);
        after = worker_transition((enum worker_state)state, WORKER_EVENT_BROKEN);
        ck_assert_int_eq(after.action, WORKER_ACTION_SEND_KILL);
    }
}
END_TEST

/* A state that waits under a deadline has a way out when it passes; one that ends never takes jobs
   again. */
START_TEST(who_ends_stays_ending)
{
    for (int i = 0; i < ROWS; i++) {
        bool ends = rows[i].state >= WORKER_RETIRING;
        ck_assert(!ends || rows[i].transition.next >= WORKER_RETIRING);
    }
    static const enum worker_state timed[] = {WORKER_STARTING, WORKER_RETIRING, WORKER_STOPPING};
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
        ck_assert_int_eq(worker_transition(timed[i], WORKER_EVENT_OVERDUE).next, WORKER_KILLED);
    }
}
END_TEST

START_TEST(states_have_names)
{
    ck_assert_str_eq(worker_state_name(WORKER_STARTING), "STARTING");
    ck_assert_str_eq(worker_state_name(WORKER_DEAD), "DEAD");
}
END_TEST

TCase *state_case(void);
TCase *state_case(void)
{
    TCase *test = tcase_create("state");
    tcase_add_test(test, no_row_is_written_twice);
    tcase_add_test(test, the_table_says_what_its_rows_say_and_nothing_else);
    tcase_add_test(test, nothing_leaves_dead);
    tcase_add_test(test, an_exit_ends_every_state);
    tcase_add_test(test, a_kill_is_heeded_in_every_state_that_lives);
    tcase_add_test(test, who_ends_stays_ending);
    tcase_add_test(test, states_have_names);
    return test;
}
