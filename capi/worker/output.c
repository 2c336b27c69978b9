#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log_record.h"

enum {
    CHUNK = 16384,
    LINE_MOST = 16384, /* a longer line is logged in pieces */
    TAIL_MOST = 2048   /* bytes kept to explain a death */
};

int output_open(struct output *output, int *child_end, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return error_system(error, errno, "making a pipe for a worker's output");
    }
    output->fd = ends[0];
    *child_end = ends[1];
    int flags = fcntl(ends[0], F_GETFL);
    if (flags < 0 || fcntl(ends[0], F_SETFL, flags | O_NONBLOCK) != 0) {
        return error_system(error, errno, "making a pipe for a worker's output");
    }
    return STATUS_OK;
}

/* Whole old lines go first; a tail of one huge line keeps its end. */
static void tail_trim(struct buffer *text)
{
    struct bytes kept = buffer_unread(text);
    if (kept.size <= TAIL_MOST) {
        return;
    }
    size_t surplus = kept.size - TAIL_MOST;
    const char *at = (const char *)kept.data + surplus;
    const char *newline = memchr(at, '\n', kept.size - surplus - 1);
    buffer_consume(text,
                   newline == NULL ? surplus : (size_t)(newline + 1 - (const char *)kept.data));
}

static void tail_add(struct output_tail *tail, struct bytes line)
{
    if (line.size > 0 && buffer_append(&tail->text, line) == STATUS_OK &&
        buffer_append(&tail->text, (struct bytes){"\n", 1}) == STATUS_OK) {
        tail_trim(&tail->text);
    }
}

static void tell_words(struct output *output, struct bytes words)
{
    if (words.size > 0) {
        log_bytes(output->log, output->level, output->service, output->pid, words);
        tail_add(output->tail, words);
    }
}

static void tell_line(struct output *output, struct bytes line)
{
    const char *text = line.data;
    if (line.size > 0 && text[line.size - 1] == '\r') {
        line.size--;
    }
    struct log_record record;
    if (log_record_read(&record, line) != STATUS_OK) {
        tell_words(output, line);
        return;
    }
    tell_words(output, record.before);
    log_record_write(&record, output->log, output->service, output->pid);
    tail_add(output->tail, record.message);
    log_record_free(&record);
}

static void tell_lines(struct output *output)
{
    for (;;) {
        struct bytes unread = buffer_unread(&output->line);
        const char *data = unread.data;
        const char *newline = unread.size == 0 ? NULL : memchr(data, '\n', unread.size);
        size_t size = newline == NULL ? unread.size : (size_t)(newline - data);
        size_t most = log_record_begins((struct bytes){data, size}) ? LOG_RECORD_MOST : LINE_MOST;
        if (newline == NULL && size < most) {
            return;
        }
        size = newline == NULL || size > most ? (size_t)LINE_MOST : size;
        tell_line(output, (struct bytes){data, size});
        buffer_consume(&output->line, size + (newline == data + size ? 1 : 0));
    }
}

static void output_end(struct output *output)
{
    struct bytes rest = buffer_unread(&output->line);
    if (rest.size > 0) {
        tell_line(output, rest);
    }
    output_close(output);
}

/* false: nothing more for now, or for ever. */
static bool output_read(struct output *output)
{
    char *to = output->fd < 0 ? NULL : buffer_reserve(&output->line, CHUNK);
    if (to == NULL) {
        return false;
    }
    ssize_t got = read(output->fd, to, CHUNK);
    if (got > 0) {
        buffer_wrote(&output->line, (size_t)got);
        tell_lines(output);
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        output_end(output);
    }
    return false;
}

static void output_ready(struct loop_watch *watch, uint32_t events)
{
    (void)events;
    output_read(container_of(watch, struct output, watch));
}

int output_watch(struct output *output, struct loop *loop, pid_t pid, struct error *error)
{
    output->pid = pid;
    output->watch.ready = output_ready;
    return loop_watch_start(loop, &output->watch, output->fd, EPOLLIN, error);
}

int output_adopt(struct output *output, struct loop *loop, pid_t pid, struct bytes so_far, int fd,
                 struct error *error)
{
    output->fd = fd;
    output->pid = pid;
    if (buffer_append(&output->line, so_far) != STATUS_OK) {
        return error_memory(error);
    }
    tell_lines(output);
    return output_watch(output, loop, pid, error);
}

void output_finish(struct output *output)
{
    /* Bounded: a grandchild may go on printing into the same pipe. */
    for (int reads = 0; reads < 64 && output_read(output); reads++) {
    }
    if (output->fd >= 0) {
        output_end(output);
    }
}

void output_close(struct output *output)
{
    loop_watch_stop(&output->watch);
    if (output->fd >= 0) {
        close(output->fd);
    }
    output->fd = -1;
    buffer_free(&output->line);
}

struct bytes output_tail_lines(const struct output_tail *tail)
{
    struct bytes lines = buffer_unread(&tail->text);
    lines.size -= lines.size > 0 ? 1 : 0; /* the newline of the last one */
    return lines;
}

void output_tail_free(struct output_tail *tail)
{
    buffer_free(&tail->text);
}
