#include <fcntl.h>
#include <jansson.h>
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
    tcase_add_test(test, the_queue_keeps_the_newest_and_counts_the_lost);
    tcase_add_test(test, one_line_larger_than_the_bound_is_kept);
    return test;
}
