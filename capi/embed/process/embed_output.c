#include "embed_output.h"

#include <string.h>
#include <syslog.h>

#include "base/error.h"
#include "base/log_record.h"

static void say_words(struct embed_output *output, enum log_level level, struct bytes words)
{
    if (words.size > 0) {
        log_bytes(output->log, level, output->service, 0, words);
    }
}

/* A record has a level of its own. */
static void say(struct embed_output *output, enum log_level level, struct bytes line)
{
    struct log_record record;
    if (log_record_read(&record, line) != STATUS_OK) {
        say_words(output, level, line);
        return;
    }
    say_words(output, level, record.before);
    log_record_write(&record, output->log, output->service, 0);
    log_record_free(&record);
}

static struct bytes without_line_end(struct bytes line)
{
    const char *text = line.data;
    while (line.size > 0 && (text[line.size - 1] == '\r' || text[line.size - 1] == '\n')) {
        line.size--;
    }
    return line;
}

static void say_line(struct embed_output *output, struct bytes line)
{
    say(output, LOG_LEVEL_INFO, without_line_end(line));
}

void embed_output_flush(struct embed_output *output)
{
    say_line(output, buffer_unread(&output->line));
    buffer_reset(&output->line);
}

/* The begun line gets `text`; without memory for it, what there is goes out in pieces. */
static void extend(struct embed_output *output, struct bytes text)
{
    if (buffer_append(&output->line, text) != STATUS_OK) {
        embed_output_flush(output);
        say_line(output, text);
    }
}

void embed_output_write(struct embed_output *output, struct bytes text)
{
    const char *from = text.data;
    size_t left = text.size;
    while (left > 0) {
        const char *end = memchr(from, '\n', left);
        struct bytes piece = {from, end == NULL ? left : (size_t)(end - from) + 1};
        bool begun = buffer_unread(&output->line).size > 0;
        if (end != NULL && !begun) {
            say_line(output, piece);
        } else {
            extend(output, piece);
            if (end != NULL || buffer_unread(&output->line).size >= EMBED_OUTPUT_LINE) {
                embed_output_flush(output);
            }
        }
        from += piece.size;
        left -= piece.size;
    }
}

static enum log_level level_of(int syslog_level)
{
    switch (syslog_level) {
    case LOG_DEBUG:
        return LOG_LEVEL_DEBUG;
    case LOG_INFO:
    case LOG_NOTICE:
        return LOG_LEVEL_INFO;
    case LOG_WARNING:
        return LOG_LEVEL_WARNING;
    default:
        return LOG_LEVEL_ERROR;
    }
}

void embed_output_message(struct embed_output *output, const char *message, int syslog_level)
{
    embed_output_flush(output); /* keeps the order in which PHP said things */
    say(output, level_of(syslog_level), without_line_end(bytes_of_text(message)));
}

void embed_output_free(struct embed_output *output)
{
    buffer_free(&output->line);
}
