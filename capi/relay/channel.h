/* A pair of descriptors to one worker and the protocol that is spoken over it. */
#ifndef COYOTE_RELAY_CHANNEL_H
#define COYOTE_RELAY_CHANNEL_H

#include "codec.h"
#include "loop/loop.h"

struct channel;

/* As relay_events: told from a step, or from channel_drain; they may call channel_close. */
struct channel_events {
    void (*message)(struct channel *channel, const struct relay_message *message);
    void (*ended)(struct channel *channel, const struct error *reason);
};

struct channel {
    const struct channel_events *events;
    struct loop *loop;
    struct codec *codec;
    int read_fd;
    struct frame_writer writer; /* has the other descriptor */
    size_t allowance;           /* how many bytes may still come */
    bool telling; /* of what one read has brought: what is sent meanwhile goes out after
                                   it, in one write */
    bool ended;   /* told, or closed: nothing is told any more */
    bool reset;   /* the other end is gone, and left bytes unread */
    struct loop_watch reading;
    struct loop_watch writing;
    struct loop_task deaf; /* nobody reads what is written: told from a step */
};

/* Takes the codec and both descriptors over, which do not block. The codec may be NULL, for want of
   memory: then so says channel_open. */
void channel_init(struct channel *channel, struct loop *loop, struct codec *codec, int read_fd,
                  int write_fd, const struct channel_events *events);

/* Begins to read. */
int channel_open(struct channel *channel, struct error *error);

int channel_send_pid(struct channel *channel, struct error *error);
/* The payload's bytes stay borrowed until its answer has come or the channel is closed. */
int channel_send(struct channel *channel, const struct payload *payload, struct error *error);
int channel_send_stop(struct channel *channel, struct error *error);

/* Reads what is there now and no more: somebody may go on writing. */
void channel_drain(struct channel *channel);

/* Stops reading and writing; nothing is told any more. The descriptors stay open. */
void channel_close(struct channel *channel);

/* Harmless for a channel of zeros. */
void channel_free(struct channel *channel);

#endif
