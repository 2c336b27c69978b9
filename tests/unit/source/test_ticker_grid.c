#include <stdlib.h>

#include "base/clock.h"
#include "suite.h"
#include "ticker/ticker_grid.h"

START_TEST(the_first_tick_is_due_at_the_start)
{
    struct ticker_grid grid = {.start = 1000, .interval = 50};
    uint64_t tick = 77;
    uint64_t skipped = 77;
    ck_assert(!ticker_grid_take(&grid, 999, &tick, &skipped));
    ck_assert_int_eq(ticker_grid_due(&grid), 1000);
    ck_assert(ticker_grid_take(&grid, 1000, &tick, &skipped));
    ck_assert_uint_eq(tick, 0);
    ck_assert_uint_eq(skipped, 0);
    ck_assert_int_eq(ticker_grid_due(&grid), 1050);
    ck_assert(!ticker_grid_take(&grid, 1049, &tick, &skipped));
}
END_TEST

START_TEST(a_late_tick_does_not_move_those_after_it)
{
    struct ticker_grid grid = {.start = 1000, .interval = 50};
    uint64_t tick = 0;
    uint64_t skipped = 0;
    ck_assert(ticker_grid_take(&grid, 1049, &tick, &skipped));
    ck_assert_int_eq(ticker_grid_due(&grid), 1050);
    ck_assert(ticker_grid_take(&grid, 1099, &tick, &skipped));
    ck_assert_uint_eq(tick, 1);
    ck_assert_int_eq(ticker_grid_due(&grid), 1100);
}
END_TEST

START_TEST(the_newest_is_taken_and_the_others_are_counted)
{
    struct ticker_grid grid = {.start = 1000, .interval = 50};
    uint64_t tick = 0;
    uint64_t skipped = 0;
    ck_assert(ticker_grid_take(&grid, 1000, &tick, &skipped));
    ck_assert(ticker_grid_take(&grid, 1249, &tick, &skipped));
    ck_assert_uint_eq(tick, 4);
    ck_assert_uint_eq(skipped, 3);
    ck_assert_int_eq(ticker_grid_due(&grid), 1250);
}
END_TEST

/* Whatever the delays: every tick is delivered or counted, and the grid stays where it was. */
START_TEST(no_delay_ever_shifts_the_grid)
{
    struct ticker_grid grid = {.start = 123456789, .interval = 997};
    int64_t now = grid.start;
    uint64_t delivered = 0;
    uint64_t skipped_in_all = 0;
    srandom(1);
    for (int i = 0; i < 100000; i++) {
        uint64_t tick = 0;
        uint64_t skipped = 0;
        now += random() % 3000;
        if (ticker_grid_take(&grid, now, &tick, &skipped)) {
            delivered++;
            skipped_in_all += skipped;
            ck_assert_uint_eq(tick + 1, delivered + skipped_in_all);
            ck_assert_int_le(grid.start + (int64_t)tick * grid.interval, now);
        }
        ck_assert_int_gt(ticker_grid_due(&grid), now);
        ck_assert_int_le(ticker_grid_due(&grid), now + grid.interval);
    }
    ck_assert_uint_gt(delivered, 0);
    ck_assert_uint_gt(skipped_in_all, 0);
}
END_TEST

START_TEST(spans_past_the_end_of_time_are_never_due)
{
    struct ticker_grid grid = {.start = 5, .interval = ticker_grid_interval(INT64_MAX)};
    uint64_t tick = 7;
    uint64_t skipped = 7;
    ck_assert_int_eq(grid.interval, INT64_MAX);
    ck_assert(ticker_grid_take(&grid, 6, &tick, &skipped));
    ck_assert_uint_eq(tick, 0);
    ck_assert_int_eq(ticker_grid_due(&grid), CLOCK_NEVER);
    ck_assert(!ticker_grid_take(&grid, INT64_MAX - 1, &tick, &skipped));
    ck_assert_int_eq(ticker_grid_interval(1), CLOCK_MILLISECOND);
}
END_TEST

TCase *ticker_grid_case(void);
TCase *ticker_grid_case(void)
{
    TCase *test = tcase_create("ticker grid");
    tcase_add_test(test, the_first_tick_is_due_at_the_start);
    tcase_add_test(test, a_late_tick_does_not_move_those_after_it);
    tcase_add_test(test, the_newest_is_taken_and_the_others_are_counted);
    tcase_add_test(test, no_delay_ever_shifts_the_grid);
    tcase_add_test(test, spans_past_the_end_of_time_are_never_due);
    return test;
}
