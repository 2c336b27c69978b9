#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay/ends/frame_writer.h"
#include "suite.h"
#include "wire/goridge3.h"

enum { HEADER = 16, BIGGEST = 9000, FRAMES = 4000, SMALL_PIPE = 4096, WIDE = 65536 };

/* Frames of 1 to 9000 bytes, the same for writer and reader: both count from `number`. */
static size_t size_of(unsigned number)
{
    unsigned seed = number * 2654435761u;
    return 1 + seed % (seed % 3 == 0 ? BIGGEST : 200);
}

static unsigned char byte_of(unsigned number)
{
    return (unsigned char)('a' + number % 26);
}

/* What a reader at the other end has seen. A worker reads a header by one read and dies when it
   gets a part: so no read may end inside a header. */
struct reader {
    unsigned number;
    size_t inside; /* bytes of this frame that have come */
    bool split;
    bool wrong;
};

static void reader_byte(struct reader *reader, unsigned char byte)
{
    size_t whole = HEADER + size_of(reader->number);
    if (reader->inside == 0) {
        reader->wrong |= byte != 0x14;
    } else if (reader->inside >= HEADER) {
        reader->wrong |= byte != byte_of(reader->number);
    }
    if (++reader->inside == whole) {
        reader->inside = 0;
        reader->number++;
    }
}

/* false: end of file */
static bool reader_read(struct reader *reader, int fd)
{
    static unsigned char bytes[WIDE];
    ssize_t got = read(fd, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got; i++) {
        reader_byte(reader, bytes[i]);
    }
    reader->split |= reader->inside > 0 && reader->inside < HEADER;
    return got > 0;
}

static void add_frame(struct frame_writer *writer, unsigned number)
{
    static unsigned char bodies[26][BIGGEST];
    unsigned char *body = bodies[number % 26];
    memset(body, byte_of(number), BIGGEST);
    struct payload payload = {{body, size_of(number) / 2},
                              {body, size_of(number) - size_of(number) / 2}};
    struct frame *frame = frame_writer_add(writer);
    ck_assert_ptr_nonnull(frame);
    frame->header_size = goridge3_payload_header(frame->header, &payload);
    frame->parts[0] = payload.context;
    frame->parts[1] = payload.body;
    frame->counts = true;
    writer->execs++;
}

/* Adds all the frames, up to `together` waiting at a time, and writes whenever the pipe has room.
 */
static void write_all(int fd, size_t together)
{
    struct frame_writer writer = {.fd = fd};
    unsigned number = 0;
    while (number < FRAMES || writer.count > 0) {
        while (number < FRAMES && writer.count < together) {
            add_frame(&writer, number++);
        }
        int left = frame_writer_flush(&writer, NULL);
        ck_assert_int_ge(left, 0);
        ck_assert_int_eq(left == 0, writer.count == 0);
        ck_assert_uint_eq(writer.execs, writer.count);
        if (left == 1) {
            struct pollfd room = {.fd = fd, .events = POLLOUT};
            ck_assert_int_eq(poll(&room, 1, 20000), 1);
        }
    }
    frame_writer_free(&writer);
}

static int read_in_child(int fd, int other)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct reader reader = {0};
        close(other);
        while (reader_read(&reader, fd)) {
        }
        bool all = reader.number == FRAMES && reader.inside == 0;
        _exit((reader.split ? 1 : 0) | (reader.wrong ? 2 : 0) | (all ? 0 : 4));
    }
    return pid;
}

/* _i: capacity and the number of frames that wait together */
static const struct {
    int capacity;
    size_t together;
} ways[] = {{SMALL_PIPE, 1}, {SMALL_PIPE, 3}, {SMALL_PIPE, 100}, {WIDE, 1}, {WIDE, 100}};
enum { WAYS = sizeof ways / sizeof *ways };

START_TEST(no_read_at_the_other_end_finds_half_a_header)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(fcntl(ends[1], F_SETPIPE_SZ, ways[_i].capacity), ways[_i].capacity);
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    pid_t pid = read_in_child(ends[0], ends[1]);
    close(ends[0]);
    write_all(ends[1], ways[_i].together);
    close(ends[1]);
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                  "status %d: 1 a split header, 2 wrong bytes, 4 not all of them", status >> 8);
}
END_TEST

/* The pipe is full, and gets room bit by bit: nothing of a header may go into what is too small. */
START_TEST(a_pipe_that_is_nearly_full_gets_no_part_of_a_header)
{
    int ends[2];
    struct reader reader = {0};
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    ck_assert_int_eq(fcntl(ends[1], F_SETPIPE_SZ, SMALL_PIPE), SMALL_PIPE);
    struct frame_writer writer = {.fd = ends[1]};
    for (unsigned number = 0; number < 300; number++) {
        add_frame(&writer, number);
    }
    int left;
    int full = 0;
    while ((left = frame_writer_flush(&writer, NULL)) == 1) {
        full++;
        ck_assert(reader_read(&reader, ends[0]));
        ck_assert(!reader.split);
        ck_assert(!reader.wrong);
    }
    ck_assert_int_eq(left, 0);
    ck_assert_int_gt(full, 10);
    while (reader_read(&reader, ends[0])) {
    }
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert_uint_eq(reader.number, 300);
    frame_writer_free(&writer);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(a_broken_pipe_is_told_and_what_was_not_written_stays_counted)
{
    int ends[2];
    struct error error = {0};
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    struct frame_writer writer = {.fd = ends[1]};
    close(ends[0]);
    add_frame(&writer, 0);
    add_frame(&writer, 1);
    ck_assert_int_eq(frame_writer_flush(&writer, &error), STATUS_ESYSTEM);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "Broken pipe"));
    ck_assert_uint_eq(writer.execs, 2);
    error_clear(&error);
    frame_writer_free(&writer);
    close(ends[1]);
}
END_TEST

TCase *frame_writer_case(void);
TCase *frame_writer_case(void)
{
    TCase *test = tcase_create("frame_writer");
    tcase_set_timeout(test, 90);
    tcase_add_loop_test(test, no_read_at_the_other_end_finds_half_a_header, 0, WAYS);
    tcase_add_test(test, a_pipe_that_is_nearly_full_gets_no_part_of_a_header);
    tcase_add_test(test, a_broken_pipe_is_told_and_what_was_not_written_stays_counted);
    return test;
}
