/* A server that a program owns instead of a command line: it brings its own loop and log, and steps
   when it is called. */
#ifndef COYOTE_SERVICE_HOST_SERVER_HOST_H
#define COYOTE_SERVICE_HOST_SERVER_HOST_H

#include "base/log_queue.h"
#include "config/config.h"
#include "source/host/host_source.h"

struct server_host;

/* Takes the config over, unless it fails. NULL on failure. */
struct server_host *server_host_new(struct config *config, struct error *error);

/* Kills what still runs, gives the signals back, frees the sources. Blocks for the end of killed processes
   only. In the child of a fork it frees memory and closes descriptors, nothing more. NULL does nothing. */
void server_host_free(struct server_host *host);

/* STATUS_EFORKED in the child of a fork, with the text; every other call here wants this first. */
int server_host_own(const struct server_host *host, struct error *error);

/* --- before the first step --- */

/* A kind whose events the program brings; the source is the server's. NULL: STATUS_EINVAL, STATUS_ESTATE
   after server_host_prepare, STATUS_EMEMORY. */
struct host_source *server_host_register(struct server_host *host, const char *kind,
                                         struct error *error);

/* STATUS_ESTATE once a source can't be told any more what its service is made of. */
int server_host_open(const struct server_host *host, struct error *error);

/* Checks the config and prepares the services. STATUS_ECONFIG: all mistakes, a line each; the server can
   only be freed then. STATUS_ESTATE: it was done, or the server is stopped. */
int server_host_prepare(struct server_host *host, struct error *error);

/* The checked section that a source of the server's serves, as JSON text without `source` and `workers`;
   borrowed from the server. NULL: there is none, or STATUS_ESTATE before server_host_prepare. */
const char *server_host_section(const struct server_host *host, const struct host_source *source,
                                struct error *error);

/* The source's service is not started. STATUS_ESTATE before server_host_prepare and after the first
   step. */
int server_host_disable(struct server_host *host, struct host_source *source, struct error *error);

/* --- its life --- */

/* Prepares and starts it first, where that was not done. Does what is to be done, and if that is nothing
   waits for it up to `timeout` ms (negative: for ever). 1: call again; 0: every service has ended well; or
   STATUS_EINTERRUPTED: call again; or the failure that has ended it, now and ever after. */
int server_host_step(struct server_host *host, int64_t timeout, struct error *error);

/* Takes the signals, steps until it has ended, gives them back. STATUS_ETIMEOUT, STATUS_EINTERRUPTED: it
   goes on and the signals stay taken, call again. */
int server_host_serve(struct server_host *host, int64_t timeout, struct error *error);

/* The oldest outcome of a source's events, stepping while there is none. The caller frees it.
   STATUS_ETIMEOUT, STATUS_EINTERRUPTED; STATUS_ESTATE: none can come; or as server_host_step. */
int server_host_next(struct server_host *host, struct host_source *source, int64_t timeout,
                     struct taken_reply **reply, struct error *error);

/* INT and TERM stop it, a second one at once, HUP resets it. STATUS_ESTATE: another server of the process
   has them, or it has ended; STATUS_ESYSTEM. */
int server_host_take_signals(struct server_host *host, struct error *error);
void server_host_release_signals(struct server_host *host);

/* Readable when server_host_step(host, 0) has something to do or to tell, or a source an outcome. */
int server_host_fd(struct server_host *host);

/* Fresh workers for all services. STATUS_ESTATE: it does not serve. */
int server_host_reset(struct server_host *host, struct error *error);

/* Begins to stop; before the first step that is its end. Again: nothing. */
void server_host_stop(struct server_host *host);
void server_host_stop_now(struct server_host *host);

/* The source can't go on, see host_source_fail. */
int server_host_fail(struct server_host *host, struct host_source *source, const char *reason,
                     struct error *error);

/* The oldest log line, NULL when there is none; it lives until the next call. */
const struct log_line *server_host_log_next(struct server_host *host);

#endif
