#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log_console.h"
#include "base/log_record.h"
#include "suite.h"

static int read_text(struct log_record *record, const char *line)
{
    return log_record_read(record, bytes_of_text(line));
}

/* The line as it is logged; to be freed. */
static char *logged(enum log_format format, const char *line)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    struct log_console console;
    log_console_init(&console, ends[1], format, LOG_LEVEL_DEBUG);
    struct log_record record;
    ck_assert_int_eq(read_text(&record, line), STATUS_OK);
    log_record_write(&record, &console.log, "orders", 42);
    log_record_free(&record);
    log_console_free(&console);
    close(ends[1]);
    char *output = calloc(1, 4096);
    ck_assert_int_gt(read(ends[0], output, 4095), 0);
    close(ends[0]);
    return output;
}

START_TEST(each_level_of_psr_has_one_of_ours)
{
    static const struct {
        const char *name;
        enum log_level level;
    } expected[] = {
        {"emergency", LOG_LEVEL_ERROR}, {"alert", LOG_LEVEL_ERROR},
        {"critical", LOG_LEVEL_ERROR},  {"error", LOG_LEVEL_ERROR},
        {"warning", LOG_LEVEL_WARNING}, {"notice", LOG_LEVEL_INFO},
        {"info", LOG_LEVEL_INFO},       {"debug", LOG_LEVEL_DEBUG},
    };
    char line[128];
    snprintf(line, sizeof line, "\x1e{\"level\":\"%s\",\"message\":\"m\"}", expected[_i].name);
    struct log_record record;
    ck_assert_int_eq(read_text(&record, line), STATUS_OK);
    ck_assert_int_eq(record.level, expected[_i].level);
    bool same = strcmp(expected[_i].name, log_level_name(expected[_i].level)) == 0;
    ck_assert_uint_eq(record.field_count, same ? 0 : 1);
    if (!same) {
        ck_assert_str_eq(record.fields[0].name, "psr_level");
        ck_assert(bytes_equal(record.fields[0].value.text, bytes_of_text(expected[_i].name)));
    }
    log_record_free(&record);
}
END_TEST

static const char full[] =
    "\x1e{\"level\":\"critical\",\"message\":\"caf\\u00e9 \\u0000\",\"context\":{"
    "\"order\":17,\"ms\":0.5,\"paid\":true,\"by\":\"bob\",\"none\":null,\"tags\":[\"a\",{\"b\":1}],"
    "\"level\":\"mine\",\"time\":1,\"service\":\"mine\",\"pid\":2,\"text\":\"mine\"}}";

START_TEST(json_has_the_context_as_members_beside_the_logs_own)
{
    char *output = logged(LOG_FORMAT_JSON, full);
    json_t *line = json_loads(output, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(json_string_value(json_object_get(line, "level")), "error");
    ck_assert_str_eq(json_string_value(json_object_get(line, "service")), "orders");
    ck_assert_int_eq(json_integer_value(json_object_get(line, "pid")), 42);
    ck_assert_uint_eq(json_string_length(json_object_get(line, "text")),
                      strlen("caf\xc3\xa9 ") + 1);
    ck_assert(json_is_string(json_object_get(line, "time")));
    ck_assert_str_eq(json_string_value(json_object_get(line, "psr_level")), "critical");
    ck_assert_int_eq(json_integer_value(json_object_get(line, "order")), 17);
    ck_assert(json_real_value(json_object_get(line, "ms")) == 0.5);
    ck_assert(json_is_true(json_object_get(line, "paid")));
    ck_assert_str_eq(json_string_value(json_object_get(line, "by")), "bob");
    ck_assert(json_is_null(json_object_get(line, "none")));
    ck_assert_uint_eq(json_array_size(json_object_get(line, "tags")), 2);
    ck_assert_str_eq(json_string_value(json_object_get(line, "context_level")), "mine");
    ck_assert_int_eq(json_integer_value(json_object_get(line, "context_time")), 1);
    ck_assert_str_eq(json_string_value(json_object_get(line, "context_service")), "mine");
    ck_assert_int_eq(json_integer_value(json_object_get(line, "context_pid")), 2);
    ck_assert_str_eq(json_string_value(json_object_get(line, "context_text")), "mine");
    json_decref(line);
    free(output);
}
END_TEST

START_TEST(people_read_the_context_behind_the_message)
{
    char *output =
        logged(LOG_FORMAT_TEXT, "\x1e{\"level\":\"info\",\"message\":\"paid\","
                                "\"context\":{\"order\":17,\"tags\":[\"a\"],\"by\":\"\\u001b\"}}");
    ck_assert_str_eq(
        output + strlen("00:00:00.000Z "),
        "info    orders[42]: paid {\"order\":17,\"tags\":[\"a\"],\"by\":\"\\u001B\"}\n");
    free(output);
    output =
        logged(LOG_FORMAT_TEXT, "\x1e{\"level\":\"info\",\"message\":\"paid\",\"context\":{}}");
    ck_assert_str_eq(output + strlen("00:00:00.000Z "), "info    orders[42]: paid\n");
    free(output);
}
END_TEST

START_TEST(what_stands_before_a_record_is_told_apart)
{
    struct log_record record;
    ck_assert_int_eq(read_text(&record, "..\x1e..\x1e{\"level\":\"info\",\"message\":\"m\"}"),
                     STATUS_OK);
    ck_assert(bytes_equal(record.before, bytes_of_text("..\x1e..")));
    ck_assert(bytes_equal(record.message, bytes_of_text("m")));
    log_record_free(&record);
}
END_TEST

static const char *const malformed[] = {
    "",
    "no record",
    "{\"level\":\"info\",\"message\":\"m\"}",
    "\x1e",
    "\x1e[]",
    "\x1e{",
    "\x1e{}",
    "\x1e{\"level\":\"info\"}",
    "\x1e{\"message\":\"m\"}",
    "\x1e{\"level\":\"loud\",\"message\":\"m\"}",
    "\x1e{\"level\":7,\"message\":\"m\"}",
    "\x1e{\"level\":\"info\",\"message\":7}",
    "\x1e{\"level\":\"info\",\"message\":\"m\",\"context\":[1]}",
    "\x1e{\"level\":\"info\",\"message\":\"\xff\"}",
    "\x1e{\"level\":\"info\",\"message\":\"m\"} more",
    "\x1e{\"level\":\"info\",\"message\":\"m\",\"context\":{\"big\":123456789012345678901234567890}"
    "}",
};

START_TEST(what_is_malformed_is_no_record)
{
    struct log_record record;
    ck_assert_int_eq(read_text(&record, malformed[_i]), STATUS_EINVAL);
    ck_assert_ptr_null(record.tree);
    log_record_free(&record);
}
END_TEST

START_TEST(thousands_of_levels_deep_is_no_record_and_no_crash)
{
    enum { DEPTH = 30000 };
    char *line = malloc(2 * DEPTH + 100);
    char *to = stpcpy(line, "\x1e{\"level\":\"info\",\"message\":\"m\",\"context\":{\"deep\":");
    memset(to, '[', DEPTH);
    memset(to + DEPTH, ']', DEPTH);
    strcpy(to + (size_t)2 * DEPTH, "}}");
    struct log_record record;
    ck_assert_int_eq(read_text(&record, line), STATUS_EINVAL);
    free(line);
}
END_TEST

/* jansson asks for its memory here, one of which is refused. */
static int left;

static void *scarce_malloc(size_t size)
{
    return left-- == 0 ? NULL : malloc(size);
}

START_TEST(each_allocation_may_fail)
{
    json_set_alloc_funcs(scarce_malloc, free);
    int status = STATUS_EMEMORY;
    for (int allowed = 0; status != STATUS_OK; allowed++) {
        left = allowed;
        struct log_record record;
        status = read_text(&record, full);
        log_record_free(&record);
        ck_assert_int_lt(allowed, 1000);
    }
    json_set_alloc_funcs(malloc, free);
}
END_TEST

TCase *log_record_case(void);
TCase *log_record_case(void)
{
    TCase *test = tcase_create("log_record");
    tcase_add_loop_test(test, each_level_of_psr_has_one_of_ours, 0, 8);
    tcase_add_test(test, json_has_the_context_as_members_beside_the_logs_own);
    tcase_add_test(test, people_read_the_context_behind_the_message);
    tcase_add_test(test, what_stands_before_a_record_is_told_apart);
    tcase_add_loop_test(test, what_is_malformed_is_no_record, 0,
                        sizeof malformed / sizeof *malformed);
    tcase_add_test(test, thousands_of_levels_deep_is_no_record_and_no_crash);
    tcase_add_test(test, each_allocation_may_fail);
    return test;
}
