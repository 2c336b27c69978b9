/* What the inline executor's own files share. */
#ifndef COYOTE_EMBED_INLINE_STATE_H
#define COYOTE_EMBED_INLINE_STATE_H

#include "base/buffer.h"
#include "inline_executor.h"

enum inline_phase {
    INLINE_NEW,
    INLINE_BOOTING, /* started; the script has not asked for an event yet */
    INLINE_SERVING, /* it has, at least once */
    INLINE_FAILED   /* it will not run again */
};

struct inline_executor {
    struct executor base;
    struct embed_host host;
    struct inline_settings settings;
    enum inline_phase phase;
    bool stopping;

    /* this run of the script */
    bool running;
    bool asked;    /* receive() was called */
    bool waiting;  /* it waits for an event: there is room */
    bool retiring; /* receive() answers null from now on, and the script is run again */
    bool gave_up;  /* by stop(): the event in hand goes to the next run */
    bool settled;  /* an event found its end */
    bool renewing; /* it ends by a reset */
    uint64_t jobs; /* handed to PHP */

    struct list queue;   /* jobs that PHP has not seen, or gave back */
    struct job *in_hand; /* PHP has it */
    struct reply answer; /* to it; borrowed from PHP */

    /* to be told by the task `news` */
    struct loop_task news;
    struct job *settling; /* with `reply` */
    struct reply reply;
    struct list refused;
    bool tell_health;
    bool tell_started;
    bool tell_room;
    bool tell_failed;
    bool tell_stopped;
    struct error illness; /* why the script did not ask for an event; empty: it did */
    struct error failure;

    uint64_t submitted;
    uint64_t outcomes[OUTCOME_COUNT];
    uint64_t given_back;

    struct buffer words; /* of a crash; kept between them */
    unsigned in_vain;    /* runs in a row that came to nothing */
    int64_t not_before;  /* when the next run may begin */
    int64_t stepped;     /* when the loop last looked at descriptors */
};

/* --- inline_host.c: what PHP asks --- */

void inline_host_init(struct inline_executor *executor);

/* --- inline_news.c: what is told to the owner, from a step of the loop --- */

void inline_news_init(struct inline_executor *executor);

/* Soon: in a step of the loop. */
void inline_news_post(struct inline_executor *executor);

/* Now, as a step of its own and without a system call. Not from within a step. */
void inline_news_tell(struct inline_executor *executor);

/* Every outcome goes through here. */
void inline_news_done(struct inline_executor *executor, struct job *job, const struct reply *reply);

/* Ends the job in hand: the news have it next. */
void inline_news_settle(struct inline_executor *executor, const struct reply *reply);

#endif
