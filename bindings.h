#define FFI_SCOPE "coyote"
#define FFI_LIB "libcoyote.so.0"
#undef FFI_SCOPE
#undef FFI_LIB
/* The C interface of libcoyote, read alike by a C compiler and by PHP's FFI::load and FFI::cdef.
 *
 *   A pool of PHP workers in three lines:
 *     coy_pool *pool = coy_pool_new("php worker.php");
 *     coy_pool_start(pool, 10000);
 *     coy_reply *reply = coy_pool_exec(pool, NULL, 0, "hello", 5, 1000);
 *
 * Conventions
 *   Handles     coy_pool *, coy_reply *: never look behind them. A stale, foreign or NULL handle is
 *               COY_EHANDLE, not a crash. X_new gives one that you own and end by X_free;
 *               what you forget is freed when the library is unloaded or the process ends.
 *   Results     int and int64_t: 0 or more is good, a negative value is a coy_status. Pointers: NULL
 *               is a failure, or "nothing" where it is said so. After a failure coy_error_status()
 *               and coy_error_message() tell which and why, for this thread, until the next failure.
 *   Time-outs   timeout_ms in milliseconds; 0 does not wait, a negative one waits for ever.
 *   Bytes       in: pointer and size, copied before the call returns; NULL only with size 0. Out:
 *               borrowed from the handle, followed by a NUL that is not counted.
 *   Text        NUL-terminated UTF-8; what comes back is never NULL unless it is said so.
 *   Threads     a handle is used by one thread at a time; different handles by any. The library
 *               starts no threads, takes no signals and writes nothing to your stderr.
 *   Signals     one that arrives while a call waits makes it fail with COY_EINTERRUPTED at once;
 *               nothing is lost: call again.
 *   Forks       in the child of a fork all handles answer COY_EFORKED; X_free only frees memory.
 */
#ifndef COYOTE_BINDINGS_H
#define COYOTE_BINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/* ---- version and errors ---- */

/* since 0.1 */
typedef enum coy_status {
    COY_OK = 0,
    COY_EINVAL = -1,       /* an argument is wrong */
    COY_EMEMORY = -2,      /* out of memory */
    COY_EHANDLE = -3,      /* NULL, freed, or a handle of another kind */
    COY_EFORKED = -4,      /* made by the parent process */
    COY_EINTERRUPTED = -5, /* a signal came while waiting: call again */
    COY_ETIMEOUT = -6,     /* the time is over */
    COY_ESTATE = -7,       /* not now: calls in the wrong order */
    COY_ESYSTEM = -8,      /* the operating system refused */
    COY_EPROTOCOL = -9,    /* a worker spoke nonsense */
    COY_EWORKER = -10,     /* the workers could not be started */
    COY_EFULL = -11,       /* a queue is full */
    COY_ETOOBIG = -12,     /* above a size limit */
    COY_ECONFIG = -13,     /* a setting is wrong */
} coy_status;

/* The number of this interface: it changes when a program built for the old one would break.
 * Does not block. since 0.1 */
int coy_abi_version(void);

/* "0.1.0"; static. since 0.1 */
const char *coy_version(void);

/* Of the last call of this thread that failed: COY_OK when none has. since 0.1 */
int coy_error_status(void);

/* What went wrong, where, and how to mend it; borrowed until this thread's next failing call.
 * "" when none has failed. since 0.1 */
const char *coy_error_message(void);

/* ---- pool: PHP worker processes ---- */

typedef struct coy_pool coy_pool;
typedef struct coy_reply coy_reply;

/* A pool that is not started yet. command: taken apart by a shell's quoting rules without a shell,
 * such as "php worker.php". Workers find their relay by RR_RELAY: pipes on descriptors 3 and 4, or the
 * socket that the setting relay names.
 * Returns a handle to be freed by coy_pool_free; NULL: COY_ECONFIG, COY_EINVAL, COY_EMEMORY,
 * COY_ESYSTEM. Does not block. since 0.1 */
coy_pool *coy_pool_new(const char *command);

/* A setting, before coy_pool_start. key: as in the workers section of a config, the pool's own keys,
 * its supervisor's and its dynamic_allocator's with or without "pool.", "pool.supervisor." and
 * "pool.dynamic_allocator.":
 *   num_workers        1 to 500; one for each CPU that the process may use (affinity and cgroup quota);
 *                      each takes up to six of your descriptors: the limit (ulimit -n) is yours to raise
 *   max_jobs           a worker is replaced after so many; 0, the default: never
 *   prefetch           1 to 1024; jobs that may be at a worker, those that wait in its relay counted: more
 *                      is faster, fewer let no job wait behind a slow one; with more, a worker that asks
 *                      to stop in place of an answer may have jobs run twice, and over tcp the jobs
 *                      behind the one that a worker dies with may end as crashed with it; 1
 *   allocate_timeout   a job's wait for a free worker, and a worker's time to boot; 60s
 *   destroy_timeout    from the wish that a worker ends to SIGKILL; 60s
 *   reset_timeout      how long an old worker may still be at its job once coy_pool_reset has its
 *                      successor ready; then it is killed, and the job is told as timed out; 60s
 *   debug              true, for breakpoints: no worker is started ahead, each does one job with the code
 *                      as it is then, and every limit of time or memory is suspended; false
 *   fail_fast          true, the default: coy_pool_start fails where no worker boots; false: it waits
 *                      on, and workers are tried again and again, ever more seldom
 *   max_queue_size     jobs that may wait for a worker; 0, the default: any number
 *   max_workers        additional workers, started while jobs wait for 100 ms and longer; with
 *                      num_workers up to 500; not set: none, unless one of the next two is set, then 10
 *   spawn_rate         how many of these may be started within a second, 1 to 100; 5
 *   idle_timeout       one of these that had nothing to do for so long is retired; 60s
 *   exec_ttl           wall clock for one job, then its worker is killed; 0, the default: any
 *   ttl, idle_ttl      a worker that is older, or a used one that was idle for longer, is replaced
 *                      once it has answered; 0, the default: never
 *   max_worker_memory  MiB; a worker that uses more is replaced once it has answered; 0: any
 *   watch_tick         between two looks at the workers for the three above; 5s
 *   max_payload_size   bytes of context and body together, both ways; 64MiB
 *   protocol           "v3", "v2" (workers of RoadRunner 1, on standard input and output), or "auto",
 *                      the default: both are offered, and the one that is answered is taken;
 *                      over a socket auto is v3
 *   relay              "pipes", the default; "unix://path": a socket of mode 0600, removed with the pool;
 *                      "tcp://host:port": an address of this machine, port 0 is any that is free. The
 *                      processes of other users and other machines are turned away, and whoever is no
 *                      worker of this pool; over tcp by the pid that it says it has
 *   relay_timeout      a worker's time to connect to a socket and to answer, instead of
 *                      allocate_timeout; 60s
 *   user               whom the workers run as: "name", "name:group", "uid" or "uid:gid", with the groups
 *                      that the system has for that user; as this process by default. Needs root, or
 *                      CAP_SETUID, CAP_SETGID and CAP_KILL, which coy_pool_start checks. The socket of
 *                      a unix relay becomes that user's, which needs CAP_CHOWN as well
 *   env.NAME           a variable of the workers, on top of the environment of this process
 *   command            in place of the one that coy_pool_new was given
 * value: as text; durations are "250ms", "1m30s" or seconds, sizes "64MiB" or bytes.
 * 0, COY_ECONFIG, COY_ESTATE after the start, COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_pool_set(coy_pool *pool, const char *key, const char *value);

/* Starts the workers and waits until all have answered the handshake.
 * 0, COY_ETIMEOUT or COY_EINTERRUPTED: they go on booting, call again to wait on; COY_EWORKER: with
 * what the process said; COY_ESTATE: it was stopped; COY_EHANDLE, COY_EFORKED, COY_ESYSTEM,
 * COY_EMEMORY. since 0.1 */
int coy_pool_start(coy_pool *pool, int64_t timeout_ms);

/* Hands a payload over. Context and body are copied; either may be empty, not both.
 * Returns the job's number, 1 and up; every job gets exactly one outcome, to be taken by
 * coy_pool_next or coy_pool_wait. Refusals (empty, too big) come as an outcome as well.
 * COY_ESTATE before the start; COY_EINVAL, COY_EMEMORY, COY_EHANDLE, COY_EFORKED.
 * Does not block. since 0.1 */
int64_t coy_pool_submit(coy_pool *pool, const void *context, size_t context_size, const void *body,
                        size_t body_size);

/* Submits a payload and waits for its outcome. Returns a reply to be freed by coy_reply_free, also
 * when the job failed: ask coy_reply_outcome. NULL: COY_ETIMEOUT: the job goes on, its outcome is
 * dropped; COY_EINTERRUPTED: it goes on, its outcome comes by coy_pool_next; and as
 * coy_pool_submit. since 0.1 */
coy_reply *coy_pool_exec(coy_pool *pool, const void *context, size_t context_size, const void *body,
                         size_t body_size, int64_t timeout_ms);

/* Takes the oldest outcome. Returns a reply to be freed by coy_reply_free. NULL: COY_ETIMEOUT;
 * COY_EINTERRUPTED; COY_ESTATE: it would wait for ever and no job is on its way; COY_EHANDLE,
 * COY_EFORKED, COY_ESYSTEM. since 0.1 */
coy_reply *coy_pool_next(coy_pool *pool, int64_t timeout_ms);

/* Takes the outcome of a certain job. As coy_pool_next; COY_EINVAL: there is no such job, or its
 * outcome has been taken. since 0.1 */
coy_reply *coy_pool_wait(coy_pool *pool, int64_t job, int64_t timeout_ms);

/* Replaces the workers by fresh ones, which read their code anew, one after the other: the fresh one
 * is ready before the old one goes, no job fails by it, and one at work ends when it has answered.
 * Where a fresh one can't start, the old ones go on and the log says why. It goes on while you call
 * coy_pool_next and its like. 0, COY_ESTATE: it does not run; COY_EHANDLE, COY_EFORKED.
 * Does not block. since 0.1 */
int coy_pool_reset(coy_pool *pool);

/* A descriptor to poll for reading, the pool's own (never read or close it): readable when
 * coy_pool_next(pool, 0) has something to do or to give. A negative coy_status: COY_EHANDLE,
 * COY_EFORKED. since 0.1 */
int coy_pool_fd(coy_pool *pool);

/* Steps to the oldest log line that has not been taken: what workers print, why they died. 1: it is
 * there, for the four calls below; 0: there is none. At most 1024 lines wait; what is lost is
 * counted in a line of its own. COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_pool_log_next(coy_pool *pool);

/* Of the line that coy_pool_log_next stepped to; borrowed until it is called again.
 * Level: 0 debug, 1 info, 2 warning, 3 error. Time: seconds since 1970. Pid: 0 for no worker.
 * Without a line: -1, 0, -1, NULL. since 0.1 */
int coy_pool_log_level(coy_pool *pool);
double coy_pool_log_time(coy_pool *pool);
int64_t coy_pool_log_pid(coy_pool *pool);
const char *coy_pool_log_text(coy_pool *pool);

/* Cancels what is queued, lets the jobs that were begun end, then the workers; after timeout_ms
 * kills. Outcomes can still be taken. Again, or before the start, it does nothing.
 * 0, COY_EINTERRUPTED: call again; COY_EHANDLE, COY_EFORKED. since 0.1 */
int coy_pool_stop(coy_pool *pool, int64_t timeout_ms);

/* Kills what still runs and frees the pool; outcomes that were not taken are lost. Replies that
 * were taken stay good. NULL does nothing. since 0.1 */
void coy_pool_free(coy_pool *pool);

/* ---- reply: how a job ended ---- */

/* since 0.1 */
typedef enum coy_outcome {
    COY_OUTCOME_OK = 0,        /* the worker answered */
    COY_OUTCOME_ERROR = 1,     /* the worker answered with an error */
    COY_OUTCOME_CRASHED = 2,   /* the worker died while it had the job */
    COY_OUTCOME_TIMED_OUT = 3, /* a time-out passed */
    COY_OUTCOME_REJECTED = 4,  /* not accepted: empty, too big, the pool is stopped */
    COY_OUTCOME_CANCELLED = 5, /* taken back by a stop */
} coy_outcome;

/* A coy_outcome; COY_EHANDLE. since 0.1 */
int coy_reply_outcome(const coy_reply *reply);

/* The number that coy_pool_submit gave; COY_EHANDLE. since 0.1 */
int64_t coy_reply_job(const coy_reply *reply);

/* Whether PHP code may have seen the job: false only when it certainly has not; true for a bad
 * handle. since 0.1 */
bool coy_reply_may_have_run(const coy_reply *reply);

/* The worker's process, 0 when none had the job; COY_EHANDLE. since 0.1 */
int64_t coy_reply_pid(const coy_reply *reply);

/* The answer; empty unless the outcome is COY_OUTCOME_OK. NULL and 0 for a bad handle. since 0.1 */
const void *coy_reply_body(const coy_reply *reply);
size_t coy_reply_body_size(const coy_reply *reply);
const void *coy_reply_context(const coy_reply *reply);
size_t coy_reply_context_size(const coy_reply *reply);

/* Why the outcome is not COY_OUTCOME_OK; "" when it is. NULL for a bad handle. The size counts
 * bytes: the text of a worker's error may hold any. since 0.1 */
const char *coy_reply_message(const coy_reply *reply);
size_t coy_reply_message_size(const coy_reply *reply);

/* NULL does nothing. since 0.1 */
void coy_reply_free(coy_reply *reply);

#pragma GCC visibility pop

#endif
