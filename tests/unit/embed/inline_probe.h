/* An inline executor with a submitter that writes down what it is told. The tests are the script.
 */
#ifndef COYOTE_TESTS_UNIT_EMBED_INLINE_PROBE_H
#define COYOTE_TESTS_UNIT_EMBED_INLINE_PROBE_H

#include "base/buffer.h"
#include "embed/inline/inline_executor.h"

enum { PROBE_JOBS = 8 };

struct probe_job {
    struct job job;
    int settled;
    enum outcome outcome;
    bool may_have_run;
    char message[256];
    char body[64];
};

struct inline_probe {
    struct loop *loop;
    struct inline_executor *inline_executor;
    struct executor *executor;
    struct embed_host *host;
    struct probe_job jobs[PROBE_JOBS];
    int submitted;
    int feed;           /* how many more jobs are submitted when there is room */
    bool stop_when_dry; /* stop instead of feeding */
    int started;
    int failed;
    int stopped;
    int health_told;
    char illness[256]; /* "": healthy again */
    char failure[256];
};

void inline_probe_open(struct inline_probe *probe, uint64_t max_jobs);
void inline_probe_open_with(struct inline_probe *probe, uint64_t max_jobs, bool keep_trying);
void inline_probe_close(struct inline_probe *probe);

/* Submits one more. */
struct probe_job *inline_probe_submit(struct inline_probe *probe, const char *body);

/* The script's side: a run, receive as text (NULL: stop), an answer. */
void inline_probe_begin(struct inline_probe *probe);
const char *inline_probe_receive(struct inline_probe *probe);
void inline_probe_send(struct inline_probe *probe, const char *body);
void inline_probe_end(struct inline_probe *probe, int exit_status, const char *failure);

/* Steps the loop until nothing is left to run. */
void inline_probe_step(struct inline_probe *probe);

#endif
