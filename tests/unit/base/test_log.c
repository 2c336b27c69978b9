#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log_console.h"
#include "base/log_queue.h"
#include "suite.h"

static char *console_output(enum log_format format, struct bytes text)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    struct log_console console;
    log_console_init(&console, ends[1], format, LOG_LEVEL_INFO);
    log_bytes(&console.log, LOG_LEVEL_DEBUG, "ticker", 0, bytes_of_text("below the minimum"));
    log_bytes(&console.log, LOG_LEVEL_ERROR, "ticker", 42, text);
    log_console_free(&console);
    close(ends[1]);
    char *output = calloc(1, 4096);
    ck_assert_int_gt(read(ends[0], output, 4095), 0);
    close(ends[0]);
    return output;
}

START_TEST(text_lines_are_readable_and_harmless)
{
    char *output =
        console_output(LOG_FORMAT_TEXT, (struct bytes){"caf\xc3\xa9 \x1b[2J\xff\nnext", 16});
    ck_assert_str_eq(output + strlen("00:00:00.000Z "),
                     "error   ticker[42]: caf\xc3\xa9 \\x1b[2J\xef\xbf\xbd\n    next\n");
    free(output);
}
END_TEST

START_TEST(json_lines_parse_whatever_the_bytes)
{
    char *output = console_output(LOG_FORMAT_JSON, (struct bytes){"a\0b\xc0\xaf\xed\xa0\x80\"", 9});
    json_t *line = json_loads(output, JSON_ALLOW_NUL, NULL);
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(json_string_value(json_object_get(line, "level")), "error");
    ck_assert_str_eq(json_string_value(json_object_get(line, "service")), "ticker");
    ck_assert_int_eq(json_integer_value(json_object_get(line, "pid")), 42);
    ck_assert_uint_eq(json_string_length(json_object_get(line, "text")), 3 + 5 * 3 + 1);
    json_decref(line);
    free(output);
}
END_TEST

static const struct log_field fields[] = {
    {"event", LOG_FIELD_TEXT, {.text = {"worker_died", 11}}},
    {"bytes", LOG_FIELD_TEXT, {.text = {"a\0\xff", 3}}},
    {"empty", LOG_FIELD_TEXT, {.text = {NULL, 0}}},
    {"age_ms", LOG_FIELD_INTEGER, {.integer = INT64_MIN}},
    {"load", LOG_FIELD_NUMBER, {.number = 0.5}},
    {"nothing", LOG_FIELD_NUMBER, {.number = (double)NAN}},
    {"core", LOG_FIELD_BOOLEAN, {.boolean = false}},
    {"text", LOG_FIELD_TEXT, {.text = {"a clash", 7}}},
};

static char *fields_output(enum log_format format)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    struct log_console console;
    log_console_init(&console, ends[1], format, LOG_LEVEL_INFO);
    log_fields(&console.log, LOG_LEVEL_ERROR, "ticker", 42, bytes_of_text("in words"), fields,
               sizeof fields / sizeof *fields);
    log_console_free(&console);
    close(ends[1]);
    char *output = calloc(1, 4096);
    ck_assert_int_gt(read(ends[0], output, 4095), 0);
    close(ends[0]);
    return output;
}

START_TEST(fields_are_members_of_the_line)
{
    char *output = fields_output(LOG_FORMAT_JSON);
    json_t *line = json_loads(output, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(json_string_value(json_object_get(line, "text")), "in words");
    ck_assert_str_eq(json_string_value(json_object_get(line, "event")), "worker_died");
    ck_assert_uint_eq(json_string_length(json_object_get(line, "bytes")), 5);
    ck_assert_uint_eq(json_string_length(json_object_get(line, "empty")), 0);
    ck_assert(json_integer_value(json_object_get(line, "age_ms")) == INT64_MIN);
    ck_assert(json_real_value(json_object_get(line, "load")) == 0.5);
    ck_assert_ptr_null(json_object_get(line, "nothing"));
    ck_assert(json_is_false(json_object_get(line, "core")));
    json_decref(line);
    free(output);
}
END_TEST

START_TEST(people_read_the_words_alone)
{
    char *output = fields_output(LOG_FORMAT_TEXT);
    ck_assert_str_eq(output + strlen("00:00:00.000Z "), "error   ticker[42]: in words\n");
    free(output);
}
END_TEST

START_TEST(the_queue_keeps_fields_as_an_object)
{
    struct log_queue queue;
    size_t count = sizeof fields / sizeof *fields;
    log_queue_init(&queue, LOG_LEVEL_DEBUG);
    log_fields(&queue.log, LOG_LEVEL_INFO, NULL, 7, bytes_of_text("in words"), fields, count);
    log_bytes(&queue.log, LOG_LEVEL_INFO, "jobs", 7, bytes_of_text("without"));
    /* a clash alone: nothing is left of it */
    log_fields(&queue.log, LOG_LEVEL_INFO, NULL, 7, bytes_of_text("a clash"), &fields[count - 1],
               1);
    const struct log_line *line = log_queue_next(&queue);
    ck_assert_str_eq(line->text.data, "in words");
    ck_assert_ptr_null(line->service);
    ck_assert_uint_eq(line->field_count, 0); /* they were borrowed */
    ck_assert_ptr_null(line->fields);
    json_t *object = json_loads(line->fields_json, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(object, "event")), "worker_died");
    ck_assert_uint_eq(json_string_length(json_object_get(object, "bytes")), 5);
    ck_assert(json_real_value(json_object_get(object, "load")) == 0.5);
    ck_assert_ptr_null(json_object_get(object, "nothing"));
    ck_assert_ptr_null(json_object_get(object, "text"));
    json_decref(object);
    line = log_queue_next(&queue);
    ck_assert_str_eq(line->service, "jobs");
    ck_assert_ptr_null(line->fields_json);
    ck_assert_ptr_null(log_queue_next(&queue)->fields_json);
    log_queue_free(&queue);
}
END_TEST

START_TEST(the_bound_of_the_queue_counts_fields)
{
    enum { LINES = 100, SIZE = LOG_QUEUE_BYTES / 10 };
    struct log_queue queue;
    char *large = malloc(SIZE);
    memset(large, 'x', SIZE);
    const struct log_field field = {"large", LOG_FIELD_TEXT, {.text = {large, SIZE}}};
    log_queue_init(&queue, LOG_LEVEL_DEBUG);
    for (int i = 0; i < LINES; i++) {
        log_fields(&queue.log, LOG_LEVEL_INFO, NULL, 7, bytes_of_text("x"), &field, 1);
    }
    int kept = 0;
    while (log_queue_next(&queue) != NULL) {
        kept++;
    }
    ck_assert_int_eq(kept, 10); /* nine, and the one that tells of the lost */
    log_queue_free(&queue);
    free(large);
}
END_TEST

/* Fills a pipe that nobody reads with lines; the ends of a flood of them. */
static void flood(struct log_console *console, int lines)
{
    for (int i = 0; i < lines; i++) {
        log_write(&console->log, LOG_LEVEL_INFO, "ticker", 7, "%d %0*d", i, 500 + i % 5000, 0);
    }
}

START_TEST(a_reader_that_stands_still_holds_nobody_and_is_told_what_it_missed)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, _i == 0 ? 0 : O_NONBLOCK), 0);
    ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    struct log_console console;
    log_console_init(&console, ends[1], LOG_FORMAT_TEXT, LOG_LEVEL_INFO);
    flood(&console, 10000); /* the case's time limit ends a test that hangs */
    static char output[1024 * 1024];
    ssize_t got = read(ends[0], output, sizeof output - 1);
    ck_assert_int_gt(got, 0);
    log_write(&console.log, LOG_LEVEL_ERROR, NULL, 0, "after it");
    ck_assert_int_gt(read(ends[0], output + got, sizeof output - 1 - (size_t)got), 0);
    ck_assert_ptr_nonnull(strstr(output, " log lines were lost: nobody read them\n"));
    ck_assert_ptr_nonnull(strstr(output, "error   after it\n"));
    int lost = atoi(strstr(output, "warning ") + strlen("warning "));
    int whole = 0;
    for (const char *line = strtok(output, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        whole += strstr(line, "ticker[7]") != NULL && line[strlen(line) - 1] == '0';
    }
    /* the one that was cut off in its middle is among the lost */
    ck_assert_int_ge(lost + whole, 10000);
    ck_assert_int_le(lost + whole, 10001);
    log_console_free(&console);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(the_queue_keeps_the_newest_and_counts_the_lost)
{
    struct log_queue queue;
    log_queue_init(&queue, LOG_LEVEL_DEBUG);
    for (int i = 0; i < LOG_QUEUE_LINES + 3; i++) {
        log_write(&queue.log, LOG_LEVEL_INFO, "jobs", 7, "line %d", i);
    }
    const struct log_line *line = log_queue_next(&queue);
    ck_assert_int_eq(line->level, LOG_LEVEL_WARNING);
    ck_assert_ptr_nonnull(strstr(line->text.data, "3 log lines were lost"));
    line = log_queue_next(&queue);
    ck_assert_str_eq(line->text.data, "line 3");
    ck_assert_str_eq(line->service, "jobs");
    int left = 0;
    while (log_queue_next(&queue) != NULL) {
        left++;
    }
    ck_assert_int_eq(left, LOG_QUEUE_LINES - 1);
    log_queue_free(&queue);
}
END_TEST

START_TEST(one_line_larger_than_the_bound_is_kept)
{
    struct log_queue queue;
    log_queue_init(&queue, LOG_LEVEL_DEBUG);
    char *large = calloc(1, LOG_QUEUE_BYTES + 1);
    log_bytes(&queue.log, LOG_LEVEL_INFO, NULL, 0, (struct bytes){large, LOG_QUEUE_BYTES + 1});
    const struct log_line *line = log_queue_next(&queue);
    ck_assert_uint_eq(line->text.size, LOG_QUEUE_BYTES + 1);
    ck_assert_ptr_null(line->service);
    log_queue_free(&queue);
    free(large);
}
END_TEST

TCase *log_case(void);
TCase *log_case(void)
{
    TCase *test = tcase_create("log");
    tcase_add_test(test, text_lines_are_readable_and_harmless);
    tcase_add_test(test, json_lines_parse_whatever_the_bytes);
    tcase_add_test(test, fields_are_members_of_the_line);
    tcase_add_test(test, people_read_the_words_alone);
    tcase_add_test(test, the_queue_keeps_fields_as_an_object);
    tcase_add_test(test, the_bound_of_the_queue_counts_fields);
    tcase_add_loop_test(test, a_reader_that_stands_still_holds_nobody_and_is_told_what_it_missed, 0,
                        2);
    tcase_add_test(test, the_queue_keeps_the_newest_and_counts_the_lost);
    tcase_add_test(test, one_line_larger_than_the_bound_is_kept);
    return test;
}
