#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log_queue.h"
#include "output.h"
#include "suite.h"

static struct loop *loop;
static struct log_queue queue;
static struct output output;
static struct output_tail tail;
static int worker; /* its end */

static void setup(void)
{
    loop = loop_new(NULL);
    log_queue_init(&queue, LOG_LEVEL_DEBUG);
    memset(&tail, 0, sizeof tail);
    output = (struct output){.fd = -1,
                             .level = LOG_LEVEL_WARNING,
                             .log = &queue.log,
                             .service = "service",
                             .tail = &tail};
    ck_assert_int_eq(output_open(&output, &worker, NULL), 0);
    ck_assert_int_eq(output_watch(&output, loop, 77, NULL), 0);
}

static void teardown(void)
{
    output_close(&output);
    output_tail_free(&tail);
    log_queue_free(&queue);
    loop_free(loop);
    if (worker >= 0) {
        close(worker);
    }
}

static void print(const char *text)
{
    ck_assert_int_eq(write(worker, text, strlen(text)), (ssize_t)strlen(text));
    while (loop_step(loop, 0, NULL) == STATUS_OK) {
    }
}

static void expect_line(const char *text)
{
    const struct log_line *line = log_queue_next(&queue);
    if (text == NULL) {
        ck_assert_ptr_null(line);
        return;
    }
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(line->text.data, text);
    ck_assert_str_eq(line->service, "service");
    ck_assert_int_eq(line->level, LOG_LEVEL_WARNING);
    ck_assert_int_eq(line->pid, 77);
}

static void expect_tail(const char *text)
{
    struct bytes got = output_tail_lines(&tail);
    ck_assert_uint_eq(got.size, strlen(text));
    ck_assert(bytes_equal(got, bytes_of_text(text)));
}

START_TEST(lines_are_told_one_by_one)
{
    expect_tail("");
    print("one\ntwo\r\n\n\r\nthr");
    expect_line("one");
    expect_line("two");
    expect_line(NULL);
    print("ee\n");
    expect_line("three");
    expect_line(NULL);
    expect_tail("one\ntwo\nthree");
}
END_TEST

START_TEST(a_last_line_without_its_end_is_told_at_the_end)
{
    print("begun");
    expect_line(NULL);
    close(worker);
    worker = -1;
    while (output.fd >= 0) {
        ck_assert_int_eq(loop_step(loop, clock_after(20000), NULL), STATUS_OK);
    }
    expect_line("begun");
    expect_tail("begun");
}
END_TEST

START_TEST(finish_takes_what_is_there_although_a_grandchild_holds_the_pipe)
{
    ck_assert_int_eq(write(worker, "last\nwords", 10), 10);
    output_finish(&output);
    ck_assert_int_eq(output.fd, -1);
    expect_line("last");
    expect_line("words");
    expect_line(NULL);
    output_finish(&output);
    expect_tail("last\nwords");
}
END_TEST

/* Pieces of 16384 bytes: all of it, in order, in bounded memory. */
START_TEST(a_huge_line_is_told_in_pieces)
{
    enum { PIECE = 16384, WRITE = 1000, WRITES = 100 };
    char bytes[WRITE + 1];
    memset(bytes, 'x', WRITE);
    bytes[WRITE] = '\0';
    for (int i = 0; i < WRITES; i++) {
        print(bytes);
    }
    print("\nafter\n");
    size_t total = 0;
    const struct log_line *line;
    while ((line = log_queue_next(&queue)) != NULL && line->text.size != 5) {
        ck_assert_uint_le(line->text.size, PIECE);
        total += line->text.size;
    }
    ck_assert_uint_eq(total, WRITE * WRITES);
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(line->text.data, "after");
    ck_assert_uint_lt(output.line.capacity, 8 * PIECE);
}
END_TEST

START_TEST(a_line_of_exactly_one_piece_has_no_empty_one_behind_it)
{
    char *bytes = malloc(16384 + 2);
    memset(bytes, 'x', 16384);
    strcpy(bytes + 16384, "\n");
    print(bytes);
    ck_assert_uint_eq(log_queue_next(&queue)->text.size, 16384);
    expect_line(NULL);
    free(bytes);
}
END_TEST

START_TEST(the_tail_keeps_the_last_lines_and_the_end_of_a_long_one)
{
    char line[128];
    for (int i = 0; i < 500; i++) {
        snprintf(line, sizeof line, "line %d\n", i);
        print(line);
    }
    struct bytes kept = output_tail_lines(&tail);
    const char *text = kept.data;
    static const char last[] = "\nline 498\nline 499";
    ck_assert_uint_le(kept.size, 2048);
    ck_assert_int_eq(strncmp(text + kept.size - strlen(last), last, strlen(last)), 0);
    ck_assert_int_eq(strncmp(text, "line ", 5), 0); /* whole lines */
    char bytes[10001];
    memset(bytes, 'x', sizeof bytes - 1);
    memcpy(bytes + sizeof bytes - 5, "end\n", 5);
    print(bytes);
    kept = output_tail_lines(&tail);
    text = kept.data;
    ck_assert_uint_le(kept.size, 2048);
    ck_assert_int_eq(strncmp(text + kept.size - 4, "xend", 4), 0);
}
END_TEST

START_TEST(any_bytes_are_told)
{
    static const char bytes[] = {'a', '\0', '\xff', '\n'};
    ck_assert_int_eq(write(worker, bytes, sizeof bytes), sizeof bytes);
    ck_assert_int_eq(loop_step(loop, clock_after(20000), NULL), STATUS_OK);
    const struct log_line *line = log_queue_next(&queue);
    ck_assert_uint_eq(line->text.size, 3);
    ck_assert_int_eq(memcmp(line->text.data, bytes, 3), 0);
}
END_TEST

/* With the level and the text of its own. */
static void expect_record(enum log_level level, const char *text)
{
    const struct log_line *line = log_queue_next(&queue);
    ck_assert_ptr_nonnull(line);
    ck_assert_str_eq(line->text.data, text);
    ck_assert_str_eq(line->service, "service");
    ck_assert_int_eq(line->level, level);
    ck_assert_int_eq(line->pid, 77);
}

START_TEST(a_record_is_told_with_its_own_level)
{
    print("\x1e{\"level\":\"debug\",\"message\":\"detail\"}\nplain\n");
    expect_record(LOG_LEVEL_DEBUG, "detail");
    expect_line("plain");
    print("dots...\x1e{\"level\":\"alert\",");
    expect_line(NULL);
    print("\"message\":\"two\\nlines\",\"context\":{\"order\":17}}\r\n");
    expect_line("dots...");
    expect_record(LOG_LEVEL_ERROR, "two\nlines");
    expect_line(NULL);
    expect_tail("detail\nplain\ndots...\ntwo\nlines");
}
END_TEST

START_TEST(a_malformed_record_is_told_as_it_is)
{
    print("\x1e{\"level\":\"loud\",\"message\":\"m\"}\n\x1e\n");
    expect_line("\x1e{\"level\":\"loud\",\"message\":\"m\"}");
    expect_line("\x1e");
    expect_line(NULL);
}
END_TEST

static char *long_record(size_t size)
{
    static const char head[] = "\x1e{\"level\":\"info\",\"message\":\"";
    char *line = malloc(size + 2);
    memset(line, 'x', size);
    memcpy(line, head, strlen(head));
    strcpy(line + size - 2, "\"}\n");
    return line;
}

START_TEST(a_record_may_be_longer_than_a_line)
{
    enum { MOST = 64 * 1024 };
    char *line = long_record(MOST);
    for (size_t at = 0; at < MOST + 1; at += 1000) {
        char piece[1001] = {0};
        strncpy(piece, line + at, 1000);
        print(piece);
    }
    const struct log_line *got = log_queue_next(&queue);
    ck_assert_ptr_nonnull(got);
    ck_assert_int_eq(got->level, LOG_LEVEL_INFO);
    ck_assert_uint_gt(got->text.size, MOST - 100);
    expect_line(NULL);
    free(line);
}
END_TEST

START_TEST(one_that_is_longer_still_is_told_in_pieces)
{
    enum { SIZE = 200 * 1024 };
    char *line = long_record(SIZE);
    for (size_t at = 0; at < SIZE + 1; at += 1000) {
        char piece[1001] = {0};
        strncpy(piece, line + at, 1000);
        print(piece);
    }
    size_t total = 0;
    const struct log_line *got;
    while ((got = log_queue_next(&queue)) != NULL) {
        ck_assert_int_eq(got->level, LOG_LEVEL_WARNING);
        ck_assert_uint_le(got->text.size, 16384);
        total += got->text.size;
    }
    ck_assert_uint_eq(total, SIZE);
    free(line);
}
END_TEST

TCase *output_case(void);
TCase *output_case(void)
{
    TCase *test = tcase_create("output");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, lines_are_told_one_by_one);
    tcase_add_test(test, a_last_line_without_its_end_is_told_at_the_end);
    tcase_add_test(test, finish_takes_what_is_there_although_a_grandchild_holds_the_pipe);
    tcase_add_test(test, a_huge_line_is_told_in_pieces);
    tcase_add_test(test, a_line_of_exactly_one_piece_has_no_empty_one_behind_it);
    tcase_add_test(test, the_tail_keeps_the_last_lines_and_the_end_of_a_long_one);
    tcase_add_test(test, any_bytes_are_told);
    tcase_add_test(test, a_record_is_told_with_its_own_level);
    tcase_add_test(test, a_malformed_record_is_told_as_it_is);
    tcase_add_test(test, a_record_may_be_longer_than_a_line);
    tcase_add_test(test, one_that_is_longer_still_is_told_in_pieces);
    return test;
}
