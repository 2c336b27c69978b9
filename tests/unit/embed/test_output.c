#include <string.h>
#include <syslog.h>

#include "base/log_queue.h"
#include "embed/process/embed_output.h"
#include "suite.h"

static struct log_queue queue;
static struct embed_output output;

static void setup(void)
{
    log_queue_init(&queue, LOG_LEVEL_DEBUG);
    output = (struct embed_output){.log = &queue.log, .service = "ticker"};
}

static void teardown(void)
{
    embed_output_free(&output);
    log_queue_free(&queue);
}

static void print(const char *text)
{
    embed_output_write(&output, bytes_of_text(text));
}

static void assert_line(enum log_level level, const char *text)
{
    const struct log_line *line = log_queue_next(&queue);
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(line->text.data, text);
    ck_assert_int_eq(line->level, level);
    ck_assert_str_eq(line->service, "ticker");
}

START_TEST(lines_are_whole_however_they_come)
{
    print("one\ntwo\r\nth");
    print("ree");
    print("\n\n\r\n");
    print("");
    print("rest");
    assert_line(LOG_LEVEL_INFO, "one");
    assert_line(LOG_LEVEL_INFO, "two");
    assert_line(LOG_LEVEL_INFO, "three");
    ck_assert_ptr_null(log_queue_next(&queue));
    embed_output_flush(&output);
    assert_line(LOG_LEVEL_INFO, "rest");
    embed_output_flush(&output);
    ck_assert_ptr_null(log_queue_next(&queue));
}
END_TEST

START_TEST(an_endless_line_is_cut)
{
    char chunk[1000];
    memset(chunk, 'x', sizeof chunk);
    size_t sent = 0;
    while (sent <= EMBED_OUTPUT_LINE) {
        embed_output_write(&output, (struct bytes){chunk, sizeof chunk});
        sent += sizeof chunk;
    }
    const struct log_line *line = log_queue_next(&queue);
    ck_assert_ptr_nonnull(line);
    ck_assert_uint_ge(line->text.size, EMBED_OUTPUT_LINE);
    ck_assert_uint_lt(line->text.size, EMBED_OUTPUT_LINE + sizeof chunk);
}
END_TEST

START_TEST(messages_have_the_level_of_syslog_and_stay_in_order)
{
    print("begun");
    embed_output_message(&output, "warned\nwith a trace\n", LOG_WARNING);
    embed_output_message(&output, "failed", LOG_ERR);
    embed_output_message(&output, "critical", LOG_CRIT);
    embed_output_message(&output, "noted", LOG_NOTICE);
    embed_output_message(&output, "detail", LOG_DEBUG);
    assert_line(LOG_LEVEL_INFO, "begun");
    assert_line(LOG_LEVEL_WARNING, "warned\nwith a trace");
    assert_line(LOG_LEVEL_ERROR, "failed");
    assert_line(LOG_LEVEL_ERROR, "critical");
    assert_line(LOG_LEVEL_INFO, "noted");
    assert_line(LOG_LEVEL_DEBUG, "detail");
}
END_TEST

START_TEST(records_have_their_own_level_wherever_they_come)
{
    embed_output_message(&output, "\x1e{\"level\":\"notice\",\"message\":\"logged\"}", -1);
    print("dots\x1e{\"level\":\"warning\",\"message\":\"printed\"}\n");
    print("\x1e{\"level\":\"loud\",\"message\":\"no record\"}\n");
    assert_line(LOG_LEVEL_INFO, "logged");
    assert_line(LOG_LEVEL_INFO, "dots");
    assert_line(LOG_LEVEL_WARNING, "printed");
    assert_line(LOG_LEVEL_INFO, "\x1e{\"level\":\"loud\",\"message\":\"no record\"}");
    ck_assert_ptr_null(log_queue_next(&queue));
}
END_TEST

TCase *output_case(void)
{
    TCase *tests = tcase_create("output");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, lines_are_whole_however_they_come);
    tcase_add_test(tests, an_endless_line_is_cut);
    tcase_add_test(tests, messages_have_the_level_of_syslog_and_stay_in_order);
    tcase_add_test(tests, records_have_their_own_level_wherever_they_come);
    return tests;
}
