#include "base/log_queue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "log_json.h"

struct entry {
    struct list_node node;
    struct log_line line;
    size_t size;
    char text[];
};

/* With a NUL behind it; gives where the next one goes. */
static char *put(char *to, struct bytes bytes)
{
    if (bytes.size > 0) {
        memcpy(to, bytes.data, bytes.size);
    }
    to[bytes.size] = '\0';
    return to + bytes.size + 1;
}

/* Text, service and fields, a NUL behind each, in one block. */
static struct entry *entry_pack(const struct log_line *line, struct bytes fields)
{
    struct bytes service = bytes_of_text(line->service);
    size_t size = line->text.size + service.size + fields.size + 3;
    struct entry *entry = malloc(sizeof *entry + size);
    if (entry == NULL) {
        return NULL;
    }
    char *own_service = put(entry->text, line->text);
    char *own_fields = put(own_service, service);
    put(own_fields, fields);
    entry->line = *line;
    entry->line.text.data = entry->text;
    entry->line.service = line->service == NULL ? NULL : own_service;
    entry->line.fields = NULL; /* borrowed, as they are */
    entry->line.field_count = 0;
    entry->line.fields_json = fields.size == 0 ? NULL : own_fields;
    entry->size = size;
    return entry;
}

static struct entry *entry_new(const struct log_line *line)
{
    struct buffer fields = {0};
    struct entry *entry = NULL;
    if (log_json_print_fields(&fields, line) == STATUS_OK) {
        entry = entry_pack(line, buffer_unread(&fields));
    }
    buffer_free(&fields);
    return entry;
}

static struct entry *take_first(struct log_queue *queue)
{
    struct list_node *node = list_take_first(&queue->lines);
    if (node == NULL) {
        return NULL;
    }
    struct entry *entry = container_of(node, struct entry, node);
    queue->bytes -= entry->size;
    return entry;
}

static void queue_write(struct log *log, const struct log_line *line)
{
    struct log_queue *queue = container_of(log, struct log_queue, log);
    struct entry *entry = entry_new(line);
    if (entry == NULL) {
        queue->lost++;
        return;
    }
    list_append(&queue->lines, &entry->node);
    queue->bytes += entry->size;
    while (queue->lines.count > 1 &&
           (queue->lines.count > LOG_QUEUE_LINES || queue->bytes > LOG_QUEUE_BYTES)) {
        free(take_first(queue));
        queue->lost++;
    }
}

static struct entry *lost_entry(uint64_t lost)
{
    char text[80];
    int size =
        snprintf(text, sizeof text, "%" PRIu64 " log lines were lost: nobody took them", lost);
    struct log_line line = {
        .level = LOG_LEVEL_WARNING, .time = clock_wall(), .text = {text, (size_t)size}};
    return entry_new(&line);
}

const struct log_line *log_queue_next(struct log_queue *queue)
{
    free(queue->current);
    queue->current = NULL;
    struct entry *entry = NULL;
    if (queue->lost > 0) {
        entry = lost_entry(queue->lost);
        queue->lost = 0;
    }
    if (entry == NULL) {
        entry = take_first(queue);
    }
    queue->current = entry;
    return entry == NULL ? NULL : &entry->line;
}

void log_queue_init(struct log_queue *queue, enum log_level minimum)
{
    *queue = (struct log_queue){.log = {.minimum = minimum, .write = queue_write}};
    list_init(&queue->lines);
}

void log_queue_free(struct log_queue *queue)
{
    free(queue->current);
    queue->current = NULL;
    for (struct entry *entry = take_first(queue); entry != NULL; entry = take_first(queue)) {
        free(entry);
    }
}
