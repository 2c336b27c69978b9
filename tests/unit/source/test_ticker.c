#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log_queue.h"
#include "source/source_registry.h"
#include "suite.h"

static struct source_registry *registry;
static const struct source_kind *kind;
static struct source *ticker;
static struct log_queue log_lines;
static struct error error;

static void set_up(void)
{
    registry = source_registry_new();
    kind = source_registry_find(registry, "ticker");
    log_queue_init(&log_lines, LOG_LEVEL_DEBUG);
}

static void tear_down(void)
{
    log_queue_free(&log_lines);
    source_registry_free(registry);
    error_clear(&error);
}

static void open_ticker(const char *section)
{
    const struct source_host host = {.log = &log_lines.log, .service = "ticker"};
    ck_assert_int_eq(kind->open(kind, section, &host, &ticker, &error), STATUS_OK);
    ck_assert_int_eq(kind->start(ticker, &error), STATUS_OK);
}

static void wait_until(int64_t time)
{
    const struct timespec at = {.tv_sec = time / CLOCK_SECOND, .tv_nsec = time % CLOCK_SECOND};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0) {
    }
}

/* As the service does it: the deadline says when. */
static struct event next_event(void)
{
    struct event event = {0};
    int next = SOURCE_NONE;
    while ((next = kind->next(ticker, &event, &error)) == SOURCE_NONE) {
        wait_until(kind->deadline(ticker));
    }
    ck_assert_int_eq(next, SOURCE_EVENT);
    return event;
}

static void settle(const struct event *event)
{
    const struct reply reply = {.outcome = OUTCOME_OK};
    ck_assert_int_eq(kind->settle(ticker, event, &reply, &error), STATUS_OK);
}

static void assert_bytes(struct bytes bytes, const char *text)
{
    ck_assert_msg(bytes_equal(bytes, bytes_of_text(text)), "expected %s, got %.*s", text,
                  (int)bytes.size, (const char *)bytes.data);
}

/* The number between what stands before and after it. */
static int64_t number_in(const char *text, const char *before, const char *after)
{
    char *end = NULL;
    ck_assert_msg(strncmp(text, before, strlen(before)) == 0, "%s", text);
    int64_t number = strtoll(text + strlen(before), &end, 10);
    ck_assert_msg(strncmp(end, after, strlen(after)) == 0, "%s", text);
    return number;
}

static int64_t number_of(struct bytes bytes, const char *before)
{
    char *text = strndup(bytes.data, bytes.size);
    int64_t number = number_in(text, before, "}");
    free(text);
    return number;
}

static int64_t tick_of(const struct event *event)
{
    return number_of(event->payload.body, "{\"tick\": ");
}

START_TEST(the_first_ticks_read_as_the_seed_prints_them)
{
    open_ticker("{\"interval\":1}");
    int64_t before = clock_wall() / CLOCK_SECOND;
    struct event first = next_event();
    assert_bytes(first.payload.context, "{\"lastTick\": 0}");
    assert_bytes(first.payload.body, "{\"tick\": 0}");
    assert_bytes(first.id, "0");
    ck_assert_uint_eq(first.key.size, 0);
    ck_assert_uint_eq(first.attempt, 1);
    int64_t after = clock_wall() / CLOCK_SECOND;
    settle(&first);
    struct event second = next_event();
    int64_t last = number_of(second.payload.context, "{\"lastTick\": ");
    ck_assert_int_ge(last, before);
    ck_assert_int_le(last, after);
    settle(&second);
    kind->close(ticker);
}
END_TEST

START_TEST(nothing_comes_before_its_time)
{
    open_ticker("{\"interval\":3600000}");
    struct event event = next_event();
    ck_assert_int_eq(kind->fd(ticker), -1);
    int64_t hour = 3600 * CLOCK_SECOND;
    ck_assert_int_gt(kind->deadline(ticker), clock_now() + hour - 60 * CLOCK_SECOND);
    ck_assert_int_le(kind->deadline(ticker), clock_now() + hour);
    struct event none = {0};
    ck_assert_int_eq(kind->next(ticker, &none, &error), SOURCE_NONE);
    settle(&event);
    kind->close(ticker);
}
END_TEST

START_TEST(count_ends_it_after_so_many)
{
    open_ticker("{\"interval\":1,\"count\":3}");
    for (int i = 0; i < 3; i++) {
        struct event event = next_event();
        settle(&event);
    }
    struct event none = {0};
    ck_assert_int_eq(kind->deadline(ticker), CLOCK_NEVER);
    ck_assert_int_eq(kind->next(ticker, &none, &error), SOURCE_END);
    ck_assert_int_eq(kind->next(ticker, &none, &error), SOURCE_END);
    kind->close(ticker);
}
END_TEST

/* The sum of what the lines say, and how many lines there were. */
static int64_t told_skips(int *lines)
{
    int64_t sum = 0;
    *lines = 0;
    for (const struct log_line *line; (line = log_queue_next(&log_lines)) != NULL; ++*lines) {
        ck_assert_int_eq(line->level, LOG_LEVEL_WARNING);
        ck_assert_str_eq(line->service, "ticker");
        int64_t number = number_in(line->text.data, "skipped ", " tick");
        const char *end =
            number == 1 ? " tick: all workers were busy" : " ticks: all workers were busy";
        ck_assert_ptr_nonnull(strstr(line->text.data, end));
        sum += number;
    }
    return sum;
}

START_TEST(a_busy_pool_gets_the_newest_and_hears_how_many_it_missed)
{
    int lines = 0;
    open_ticker("{\"interval\":1}");
    struct event event = next_event();
    settle(&event);
    wait_until(kind->deadline(ticker) + 5 * CLOCK_MILLISECOND);
    int64_t tick_before = tick_of(&event);
    event = next_event();
    ck_assert_int_ge(tick_of(&event), tick_before + 6);
    ck_assert_int_eq(told_skips(&lines), tick_of(&event) - tick_before - 1);
    ck_assert_int_eq(lines, 1);
    settle(&event);
    kind->close(ticker);
}
END_TEST

START_TEST(skips_are_told_together_and_none_is_forgotten)
{
    int lines = 0;
    int64_t missed = 0;
    int64_t tick_before = -1;
    open_ticker("{\"interval\":1}");
    for (int i = 0; i < 10; i++) {
        wait_until(kind->deadline(ticker) + 3 * CLOCK_MILLISECOND);
        struct event event = next_event();
        missed += tick_of(&event) - tick_before - 1;
        tick_before = tick_of(&event);
        settle(&event);
    }
    kind->close(ticker);
    ck_assert_int_ge(missed, 30);
    ck_assert_int_eq(told_skips(&lines), missed);
    /* one at once and one at the end: ten seconds have not passed between them */
    ck_assert_int_le(lines, 2 + (int)(missed / 10000));
}
END_TEST

START_TEST(several_may_be_under_way_and_none_disturbs_another)
{
    enum { MANY = 20 };
    struct event events[MANY];
    int64_t ticks[MANY];
    open_ticker("{\"interval\":1}");
    for (int i = 0; i < MANY; i++) {
        events[i] = next_event();
        ticks[i] = tick_of(&events[i]);
        ck_assert(i == 0 || ticks[i] > ticks[i - 1]);
    }
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(tick_of(&events[i]), ticks[i]);
    }
    for (int i = 0; i < MANY; i += 2) {
        settle(&events[i]);
    }
    for (int i = 1; i < MANY; i += 2) {
        ck_assert_int_eq(tick_of(&events[i]), ticks[i]);
        settle(&events[i]);
    }
    kind->close(ticker);
}
END_TEST

START_TEST(one_at_a_time_takes_memory_once)
{
    open_ticker("{\"interval\":1}");
    struct event first = next_event();
    const void *memory = first.payload.body.data;
    settle(&first);
    for (int i = 0; i < 20; i++) {
        struct event event = next_event();
        ck_assert_ptr_eq(event.payload.body.data, memory);
        settle(&event);
    }
    kind->close(ticker);
}
END_TEST

START_TEST(a_section_that_nobody_checked_is_refused)
{
    static const char *const sections[] = {
        "", "[]", "{}", "{\"interval\":0}", "{\"interval\":\"1s\"}", "{\"interval\":1,\"count\":0}",
    };
    const struct source_host host = {.service = "ticker"};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        ck_assert_int_eq(kind->open(kind, sections[i], &host, &ticker, &error), STATUS_EINVAL);
    }
}
END_TEST

TCase *ticker_case(void);
TCase *ticker_case(void)
{
    TCase *test = tcase_create("ticker");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, the_first_ticks_read_as_the_seed_prints_them);
    tcase_add_test(test, nothing_comes_before_its_time);
    tcase_add_test(test, count_ends_it_after_so_many);
    tcase_add_test(test, a_busy_pool_gets_the_newest_and_hears_how_many_it_missed);
    tcase_add_test(test, skips_are_told_together_and_none_is_forgotten);
    tcase_add_test(test, several_may_be_under_way_and_none_disturbs_another);
    tcase_add_test(test, one_at_a_time_takes_memory_once);
    tcase_add_test(test, a_section_that_nobody_checked_is_refused);
    return test;
}
