/* A line in which a program says level, message and context apart, as PHP code does by
   Coyote\WorkerLogger: the byte 0x1E, a JSON object, the line's end.

       0x1E {"level":"notice","message":"paid","context":{"order":17}}

   level is one of PSR-3's eight; context, which may be absent, becomes the fields of the log line. */
#ifndef COYOTE_BASE_LOG_RECORD_H
#define COYOTE_BASE_LOG_RECORD_H

#include "base/log.h"

enum {
    LOG_RECORD_MOST = 64 * 1024 /* a longer one, its start counted, is told as any line */
};

struct log_record {
    struct bytes before;  /* borrowed: what stood in the line in front of it */
    struct bytes message; /* with fields, until log_record_free */
    enum log_level level;
    struct log_field *fields;
    size_t field_count;
    void *tree;
};

/* Whether a record begins in what there is of a line. */
bool log_record_begins(struct bytes begun);

/* Reads the record that ends a line, which comes without its end. 0, to be freed by
   log_record_free; STATUS_EINVAL: there is none, or it is malformed; STATUS_EMEMORY. */
int log_record_read(struct log_record *record, struct bytes line);

/* Logs it with its own level. A member of the context that is called as one of the log's own (time,
   level, service, pid, text) is logged as context_time and so on. */
void log_record_write(const struct log_record *record, struct log *log, const char *service,
                      pid_t pid);

void log_record_free(struct log_record *record);

#endif
