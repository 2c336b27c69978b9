/* Group: log. Accessors leave the last error as it was. */
#include "log_line.h"

#include "base/clock.h"
#include "handle.h"
#include "last_error.h"

_Static_assert((int)COY_LOG_DEBUG == (int)LOG_LEVEL_DEBUG &&
                   (int)COY_LOG_INFO == (int)LOG_LEVEL_INFO &&
                   (int)COY_LOG_WARNING == (int)LOG_LEVEL_WARNING &&
                   (int)COY_LOG_ERROR == (int)LOG_LEVEL_ERROR,
               "bindings.h and base/log.h differ");

void log_place_clear(struct log_place *place)
{
    handle_take(HANDLE_LOG_LINE, place->handle);
    *place = (struct log_place){0};
}

coy_log_line *log_place_step(struct log_place *place, const struct log_line *line)
{
    if (place->handle != NULL) {
        log_place_clear(place);
    }
    if (line == NULL) {
        return NULL;
    }
    place->line = line;
    place->handle = handle_new(HANDLE_LOG_LINE, place);
    if (place->handle == NULL) {
        struct error error = {0};
        last_error_keep(error_memory(&error), &error);
    }
    return place->handle;
}

static const struct log_line *find(const coy_log_line *line)
{
    const struct log_place *place = handle_find(HANDLE_LOG_LINE, line);
    return place == NULL ? NULL : place->line;
}

int coy_log_line_level(const coy_log_line *line)
{
    const struct log_line *found = find(line);
    return found == NULL ? COY_EHANDLE : (int)found->level;
}

double coy_log_line_time(const coy_log_line *line)
{
    const struct log_line *found = find(line);
    return found == NULL ? 0 : (double)found->time / (double)CLOCK_SECOND;
}

const char *coy_log_line_service(const coy_log_line *line)
{
    const struct log_line *found = find(line);
    return found == NULL ? NULL : found->service;
}

int64_t coy_log_line_pid(const coy_log_line *line)
{
    const struct log_line *found = find(line);
    return found == NULL ? COY_EHANDLE : (int64_t)found->pid;
}

const void *coy_log_line_text(const coy_log_line *line)
{
    const struct log_line *found = find(line);
    return found == NULL ? NULL : found->text.data;
}

size_t coy_log_line_text_size(const coy_log_line *line)
{
    const struct log_line *found = find(line);
    return found == NULL ? 0 : found->text.size;
}

const char *coy_log_line_fields(const coy_log_line *line)
{
    const struct log_line *found = find(line);
    return found == NULL ? NULL : found->fields_json;
}
