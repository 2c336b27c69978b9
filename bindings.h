#define FFI_SCOPE "coyote"
#define FFI_LIB "libcoyote.so.0"
#undef FFI_SCOPE
#undef FFI_LIB
/* The C interface of libcoyote, read alike by C and C++ compilers and by PHP's FFI::load and FFI::cdef.
 *
 *   A pool of PHP workers in three lines:
 *     coy_pool *pool = coy_pool_new("php worker.php");
 *     coy_pool_start(pool, 10000);
 *     coy_reply *reply = coy_pool_exec(pool, NULL, 0, "hello", 5, 1000);
 *
 * Conventions
 *   Handles     coy_config *, coy_pool *, coy_reply *, coy_log_line *, coy_server *, coy_source *,
 *               coy_relay *: never look behind them. A stale, foreign or NULL handle is COY_EHANDLE,
 *               not a crash. What you own you end by its X_free; what you forget is freed when the
 *               library is unloaded or the process ends. Borrowed ones say how long they live.
 *   Results     int and int64_t: 0 or more is good, a negative value is a coy_status. Pointers: NULL
 *               is a failure, or "nothing" where it is said so. After a failure coy_error_status()
 *               and coy_error_message() tell which and why, for this thread, until the next failure.
 *               What only reads a reply, a log line or a payload that was received, and X_free, leave
 *               them as they are: a bad handle shows in the result alone.
 *   Time-outs   timeout_ms in milliseconds; 0 does not wait, a negative one waits for ever.
 *   Bytes       in: pointer and size, copied before the call returns; NULL only with size 0. Out:
 *               borrowed from the handle, followed by a NUL that is not counted.
 *   Text        NUL-terminated UTF-8; what comes back is never NULL unless it is said so.
 *   Threads     a handle is used by one thread at a time; different handles by any. The library
 *               starts no threads, takes no signals and writes nothing to your stderr.
 *   Signals     one that arrives while a call waits makes it fail with COY_EINTERRUPTED at once;
 *               nothing is lost: call again.
 *   Forks       in the child of a fork all handles answer COY_EFORKED; X_free only frees memory.
 *               Configs, replies and log lines are memory alone, and stay good.
 */
#ifndef COYOTE_BINDINGS_H
#define COYOTE_BINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#include "bindings/cplusplus_begin.inc"
#endif

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
    COY_ESOURCE = -14,     /* a source can't go on: coy_source_fail */
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

/* ---- config: a tree of settings, and where each was written ---- */

typedef struct coy_config coy_config;

/* An empty one. Returns a handle to be freed by coy_config_free; NULL: COY_EMEMORY.
 * Does not block. since 0.1 */
coy_config *coy_config_new(void);

/* Reads a file of YAML or JSON (by its first character). A key with dots is the same as nesting; what
 * is read later wins, value by value. All mistakes of the file are in one message, a line each:
 * "file:line:column: key: what is wrong".
 * 0, COY_ECONFIG, COY_ESYSTEM, COY_ETOOBIG above 4 MiB, COY_EINVAL, COY_EMEMORY, COY_EHANDLE; after a
 * failure the config is as it was. Blocks on the file alone. since 0.1 */
int coy_config_read_file(coy_config *config, const char *path);

/* The same for text at hand; name stands for the file in messages. since 0.1 */
int coy_config_read_text(coy_config *config, const char *name, const void *text, size_t size);

/* One setting, which wins over those before: "ticker.interval", "250ms". The value is read as YAML.
 * 0, COY_ECONFIG, COY_EINVAL, COY_EMEMORY, COY_EHANDLE. Does not block. since 0.1 */
int coy_config_set(coy_config *config, const char *key, const char *value);

/* What stands at a dotted key ("" is the whole tree; "plugins[0]" an item of a list), as JSON text;
 * borrowed until the next call with this config. NULL: there is nothing, or COY_EHANDLE, COY_EINVAL,
 * COY_EMEMORY. Does not block. since 0.1 */
const char *coy_config_get(coy_config *config, const char *key);

/* Where that was written: "file:line:column", or the key that set it; where the key is absent, where
 * its place would be. Borrowed until the next call with this config. NULL: COY_EHANDLE, COY_EINVAL,
 * COY_EMEMORY. Does not block. since 0.1 */
const char *coy_config_position(coy_config *config, const char *key);

/* NULL does nothing. since 0.1 */
void coy_config_free(coy_config *config);

/* ---- log: lines that wait until you take them ---- */

/* Of a pool or a server: what workers print, why they died. At most 1024 lines and 1 MiB wait; what is
 * lost is counted in a line of its own. A line is borrowed from where it came: it is stale when the
 * next one is taken, and when its pool or server is freed. Take it by coy_pool_log_next and
 * coy_server_log_next. */
typedef struct coy_log_line coy_log_line;

/* since 0.1 */
typedef enum coy_log_level {
    COY_LOG_DEBUG = 0,
    COY_LOG_INFO = 1,
    COY_LOG_WARNING = 2,
    COY_LOG_ERROR = 3,
} coy_log_level;

/* A coy_log_level; COY_EHANDLE. since 0.1 */
int coy_log_line_level(const coy_log_line *line);

/* When it was written, in seconds since 1970; 0 for a bad handle. since 0.1 */
double coy_log_line_time(const coy_log_line *line);

/* The service it is about; NULL: none, or a bad handle. since 0.1 */
const char *coy_log_line_service(const coy_log_line *line);

/* The worker's process it is about, 0: none; COY_EHANDLE. since 0.1 */
int64_t coy_log_line_pid(const coy_log_line *line);

/* Any bytes, for it may be a worker's output. NULL and 0 for a bad handle. since 0.1 */
const void *coy_log_line_text(const coy_log_line *line);
size_t coy_log_line_text_size(const coy_log_line *line);

/* What the text says in parts, for programs: a JSON object, such as {"event":"worker_died",...}.
 * NULL: there are none, or a bad handle. since 0.1 */
const char *coy_log_line_fields(const coy_log_line *line);

/* ---- pool: PHP worker processes ---- */

typedef struct coy_pool coy_pool;
typedef struct coy_reply coy_reply;

/* A pool that is not started yet. command: taken apart by a shell's quoting rules without a shell,
 * such as "php worker.php". Workers find their relay by RR_RELAY: pipes on descriptors 3 and 4, or the
 * socket that the setting relay names.
 * Returns a handle to be freed by coy_pool_free; NULL: COY_ECONFIG, COY_EINVAL, COY_EMEMORY,
 * COY_ESYSTEM. Does not block. since 0.1 */
coy_pool *coy_pool_new(const char *command);

/* The same from a config, as the service of that section would have it: its `workers`, the pool's keys
 * included. The config stays yours and may be freed at once. NULL: COY_ECONFIG: with every mistake and
 * its place, or there is no such section; COY_EINVAL, COY_EMEMORY, COY_EHANDLE, COY_ESYSTEM.
 * Does not block. since 0.1 */
coy_pool *coy_pool_new_from_config(const coy_config *config, const char *section);

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

/* For the next coy_pool_submit or coy_pool_exec, and for that call alone, even where it fails: the job's
 * key. Jobs of one key run in the order in which they were submitted, one at a time. Any bytes, copied;
 * size 0: no key.
 * 0, COY_EINVAL, COY_ETOOBIG from 4 GiB on, COY_EMEMORY, COY_EHANDLE, COY_EFORKED. Does not block.
 * since 0.1 */
int coy_pool_set_key(coy_pool *pool, const void *key, size_t size);

/* For the next coy_pool_submit or coy_pool_exec, and for that call alone, even where it fails: the job's
 * priority, 0 to 9, 4 unless it is set. Of the jobs that wait, those of the highest run first, and in
 * their order among themselves; what is at a worker (prefetch) is not overtaken, and a key's order comes
 * before priority. One that is always overtaken ends by allocate_timeout.
 * 0, COY_EINVAL, COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_pool_set_priority(coy_pool *pool, int priority);

/* Takes a job back. 1: no worker had begun it, and its outcome is COY_OUTCOME_CANCELLED, to be taken;
 * 0: it is at a worker (one that waits in its relay, by prefetch, is too) or done, and nothing is
 * changed. COY_EINVAL: there is no such job, or its outcome has been taken; COY_EHANDLE, COY_EFORKED.
 * Does not block. since 0.1 */
int coy_pool_cancel(coy_pool *pool, int64_t job);

/* The same, and its outcome is dropped in any case: nobody will take it. since 0.1 */
int coy_pool_abandon(coy_pool *pool, int64_t job);

/* The number of the job that was submitted or executed last, 0: none was. COY_EHANDLE, COY_EFORKED. Does
 * not block. since 0.1 */
int64_t coy_pool_last_job(coy_pool *pool);

/* For hosts whose handlers of signals run between calls and not within them, as PHP's do: no
 * coy_pool_exec, coy_pool_next or coy_pool_wait of this pool waits longer than so many milliseconds
 * before it says COY_EINTERRUPTED, so that a signal that came just before is not heard late.
 * 0, the default: any time. 0, COY_EINVAL: negative; COY_EHANDLE, COY_EFORKED. Does not block.
 * since 0.1 */
int coy_pool_set_longest_wait(coy_pool *pool, int64_t milliseconds);

/* Submits a payload and waits for its outcome. Returns a reply to be freed by coy_reply_free, also
 * when the job failed: ask coy_reply_outcome. NULL: COY_ETIMEOUT: the job is abandoned, as by
 * coy_pool_abandon; COY_EINTERRUPTED: it goes on as the job coy_pool_last_job, and its outcome comes by
 * coy_pool_wait or coy_pool_next; and as coy_pool_submit. since 0.1 */
coy_reply *coy_pool_exec(coy_pool *pool, const void *context, size_t context_size, const void *body,
                         size_t body_size, int64_t timeout_ms);

/* Takes the oldest outcome. Returns a reply to be freed by coy_reply_free. NULL: COY_ETIMEOUT;
 * COY_EINTERRUPTED; COY_ESTATE: it would wait for ever and no job is on its way; COY_EHANDLE,
 * COY_EFORKED, COY_ESYSTEM. since 0.1 */
coy_reply *coy_pool_next(coy_pool *pool, int64_t timeout_ms);

/* Takes the outcome of a certain job. Returns a reply to be freed by coy_reply_free. NULL: as
 * coy_pool_next, and COY_EINVAL: there is no such job, or its outcome has been taken. since 0.1 */
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

/* The oldest log line that has not been taken. NULL: there is none, or COY_EHANDLE, COY_EFORKED,
 * COY_EMEMORY. Does not block. since 0.1 */
coy_log_line *coy_pool_log_next(coy_pool *pool);

/* A number that the pool keeps, by its name; 0 before the start:
 *   submitted          jobs so far; always the sum of the next ten, to refused
 *   ok, error, crashed, timed_out, rejected, cancelled: those that have ended, by their outcome
 *   queued             wait for a worker
 *   behind_keys        wait for another of their key
 *   in_flight          are at workers
 *   refused            rejected or taken back, which is told with the next call that waits
 *   given_back         how often a job came back from a worker that had not begun it
 *   workers_booting, workers_ready, workers_working, workers_leaving: workers there are now: those that
 *                      have not answered the handshake, have nothing to do, have jobs, and are to end
 *   workers_started, workers_died: so far
 *   died_CAUSE         of workers_died, by why: expected, exit (by itself), signal, oom (the kernel's
 *                      kill for want of memory), unknown (somebody else took its exit status), boot
 *                      (before it was ready), boot_timeout, closed_relay, protocol (it spoke nonsense),
 *                      memory (of this process, while it was served), exec_ttl, reset_timeout,
 *                      destroy_timeout, killed
 * COY_EINVAL: there is no such number; COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int64_t coy_pool_stat(coy_pool *pool, const char *name);

/* The names for coy_pool_stat, one after the other: from index 0 on, NULL past the last one. Static;
 * more may come. since 0.1 */
const char *coy_pool_stat_name(size_t index);

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
    COY_OUTCOME_CANCELLED = 5, /* taken back, by coy_pool_cancel or a stop */
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

/* Why the outcome is not COY_OUTCOME_OK; empty when it is. Any bytes, for it may be the text of a
 * worker's error. NULL and 0 for a bad handle. since 0.1 */
const void *coy_reply_message(const coy_reply *reply);
size_t coy_reply_message_size(const coy_reply *reply);

/* NULL does nothing. since 0.1 */
void coy_reply_free(coy_reply *reply);

/* ---- server: the services of a config, in your process ---- */

typedef struct coy_server coy_server;
typedef struct coy_source coy_source;

/* A server of every section of the config that names a source: its kinds are those of `coyote serve`,
 * and those that you register. Relative paths are from the working directory, which it leaves alone;
 * its workers get the environment that this process has now; log.level of the config says which lines
 * are kept, from "info" on unless told, and log.format means nothing here.
 * Takes the config over, its handle is stale then; on failure the config stays yours.
 * Returns a handle to be freed by coy_server_free; NULL: COY_EHANDLE, COY_EMEMORY, COY_ESYSTEM.
 * Does not block. since 0.1 */
coy_server *coy_server_new(coy_config *config);

/* The same of a file, as coy_config_read_file reads it. NULL: with the errors of both. since 0.1 */
coy_server *coy_server_new_from_file(const char *path);

/* A kind of source whose events you bring: the section of that name, or the one whose `source` says it,
 * is served by them, with its own workers, as one of a built-in kind. One section for each kind; where
 * there is none, nothing is served. Before coy_server_check.
 * Returns a handle borrowed from the server, which lives as long as it. NULL: COY_EINVAL: no name for a
 * kind (letters, digits, _ and -), or there is such a kind; COY_ESTATE, COY_EMEMORY, COY_EHANDLE,
 * COY_EFORKED. Does not block. since 0.1 */
coy_source *coy_server_register(coy_server *server, const char *kind);

/* Checks the whole config and prepares the services, starting nothing. coy_server_step does it where
 * you don't. 0, COY_ECONFIG: every mistake and its place, a line each; COY_ESTATE: it was done, or the
 * server is stopped; COY_EMEMORY, COY_ESYSTEM, COY_EHANDLE, COY_EFORKED. After a failure other than
 * COY_ESTATE the server is at its end, and coy_server_step says the same. Does not block. since 0.1 */
int coy_server_check(coy_server *server);

/* From now on INT and TERM stop the server (a second one at once) and HUP resets it, unless HUP was
 * ignored: the handlers are the library's until coy_server_release_signals or coy_server_free, which
 * give back those that were there. One server at a time in a process. A child that you fork has those
 * that were there. Again: puts the handlers back in place.
 * 0, COY_ESTATE: another server has them, or this one has ended; COY_ESYSTEM, COY_EHANDLE, COY_EFORKED.
 * Does not block. since 0.1 */
int coy_server_take_signals(coy_server *server);

/* 0, COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_server_release_signals(coy_server *server);

/* Starts the services if they are not, does what is to be done, and where that is nothing waits for it.
 * 1: it serves, or the time is over: call again; 0: every service has ended well, and nothing is left to
 * be served. Negative: COY_EINTERRUPTED: call again; COY_ECONFIG and as coy_server_check; any other: a
 * service has failed with it ("service: reason"), the others have been stopped, and all have ended. What
 * is not COY_EINTERRUPTED is the end: it is said again whenever you call. since 0.1 */
int coy_server_step(coy_server *server, int64_t timeout_ms);

/* Takes the signals (coy_server_take_signals), steps until every service has ended, and releases them.
 * 0: they have ended well; COY_ETIMEOUT, COY_EINTERRUPTED by a signal of yours: it goes on and keeps the
 * signals, call again; and as coy_server_take_signals and coy_server_step. since 0.1 */
int coy_server_serve(coy_server *server, int64_t timeout_ms);

/* A descriptor to poll for reading, the server's own (never read or close it): readable when
 * coy_server_step(server, 0) has something to do, or coy_source_next_settled something to give; from the
 * beginning on, for services are to be started. A negative coy_status: COY_EHANDLE, COY_EFORKED.
 * since 0.1 */
int coy_server_fd(coy_server *server);

/* Begins to bring fresh workers to every service, see coy_pool_reset; goes on while you step.
 * 0, COY_ESTATE: it does not serve; COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_server_reset(coy_server *server);

/* Begins to stop: no event is taken any more, those that wait are settled as cancelled at once, and what
 * was begun may end. Step until it is 0. Before the first step: nothing will be started. Again: nothing.
 * 0, COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_server_stop(coy_server *server);

/* The same without waiting for anybody: workers are killed. since 0.1 */
int coy_server_stop_now(coy_server *server);

/* The oldest log line that has not been taken. NULL: there is none, or COY_EHANDLE, COY_EFORKED,
 * COY_EMEMORY. Does not block. since 0.1 */
coy_log_line *coy_server_log_next(coy_server *server);

/* Kills what still runs and frees the server and its sources. NULL does nothing. since 0.1 */
void coy_server_free(coy_server *server);

/* ---- source: events that you bring to a server ---- */

/* Of coy_server_register: a bounded queue. You push events, the service's workers take them, and each
 * event that was pushed is settled once, also where its service fails or never starts: its outcome waits
 * until coy_source_next_settled takes it. The handle is stale when its server is freed. */

/* since 0.1 */
typedef enum coy_service_state {
    COY_SERVICE_IDLE = 0,    /* its workers are not ready, or not asked for yet */
    COY_SERVICE_SERVING = 1, /* events are taken */
    COY_SERVICE_ENDED = 2,  /* none is taken any more; those that waited are settled as cancelled */
    COY_SERVICE_ABSENT = 3, /* no section of the config is of its kind, or it is disabled; what
                                waited is settled as cancelled */
} coy_service_state;

/* What may stand in its section, beside `source` and `workers`: JSON Schema of an object, the subset of
 * the built-in kinds (type, properties, required, default, description, enum, minimum, maximum, items,
 * additionalProperties, and the formats duration and size). Unless it is set, any key. Before
 * coy_server_check. 0, COY_EINVAL: what is wrong with the schema; COY_ESTATE, COY_EMEMORY, COY_EHANDLE,
 * COY_EFORKED. Does not block. since 0.1 */
int coy_source_set_schema(coy_source *source, const char *schema);

/* A variable of its workers, on top of the server's; the section's workers.env goes on top of it. The
 * name is upper-cased, the last value wins. Before coy_server_check. 0, COY_EINVAL, COY_ESTATE, COY_EMEMORY, COY_EHANDLE, COY_EFORKED. Does not block.
 * since 0.1 */
int coy_source_set_environment(coy_source *source, const char *name, const char *value);

/* How many events may wait here beyond those that workers are free for: 1 to 1,000,000; 1024 unless it
 * is set. 0, COY_EINVAL, COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_source_set_capacity(coy_source *source, int64_t events);

/* Its checked section as JSON text, without `source` and `workers`: defaults put in, durations as whole
 * milliseconds, sizes as bytes. Borrowed from the server. NULL: no section is of its kind
 * (COY_SERVICE_ABSENT), or the config has mistakes; COY_ESTATE before coy_server_check; COY_EHANDLE,
 * COY_EFORKED. Does not block. since 0.1 */
const char *coy_source_section(coy_source *source);

/* Its service is not started, and no worker of it. After coy_server_check and before the first step.
 * Again, or where it has none: nothing. 0, COY_ESTATE, COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_source_disable(coy_source *source);

/* Of its service: a coy_service_state; COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_source_state(coy_source *source);

/* How many events workers would start on at once, those that wait here taken off: push so many, and none
 * waits where it is less safe than at its origin. 0 unless its service takes events; an event counts until
 * its outcome is there, so ask again after a step. 0 or more; COY_EHANDLE, COY_EFORKED. Does not block.
 * since 0.1 */
int64_t coy_source_room(coy_source *source);

/* Of the next event that is pushed, and of that one alone: what logs call it (unless it is set, its
 * number), its ordering key (as coy_pool_set_key), and how often it was tried, from 1 on. A push that is
 * refused leaves them to the next one; size 0 takes an id or a key back.
 * 0, COY_EINVAL, COY_ETOOBIG, COY_EMEMORY, COY_EHANDLE, COY_EFORKED. They do not block. since 0.1 */
int coy_source_set_id(coy_source *source, const void *id, size_t size);
int coy_source_set_key(coy_source *source, const void *key, size_t size);
int coy_source_set_attempt(coy_source *source, int64_t attempt);

/* Hands an event over; context and body are copied. It is taken within a step. Returns its number, 1 and
 * up. COY_EFULL: workers are busy and the capacity is used up: push again when one is settled;
 * COY_ESTATE: its service has ended or is absent, or after coy_source_end and coy_source_fail;
 * COY_EINVAL, COY_ETOOBIG: of key and id from 4 GiB on; COY_EMEMORY, COY_EHANDLE, COY_EFORKED.
 * Does not block. since 0.1 */
int64_t coy_source_push(coy_source *source, const void *context, size_t context_size,
                        const void *body, size_t body_size);

/* Takes the oldest outcome of a pushed event, stepping the server while there is none; with time-out 0
 * once. coy_reply_job is the event's number. Returns a reply to be freed by coy_reply_free. NULL:
 * COY_ETIMEOUT; COY_EINTERRUPTED; COY_ESTATE: none is on its way and none can come, or it would wait for
 * ever; and as coy_server_step, outcomes first. since 0.1 */
coy_reply *coy_source_next_settled(coy_source *source, int64_t timeout_ms);

/* There are no more events: its service ends well when all are settled. Again: nothing.
 * 0, COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_source_end(coy_source *source);

/* The source can't go on: its service fails with this reason, and the server with it (COY_ESOURCE): no
 * event is taken any more, what was begun may end. Before the first step its service fails when it is
 * started. Again, or after its end: nothing. 0, COY_EINVAL, COY_EMEMORY, COY_EHANDLE, COY_EFORKED.
 * Does not block. since 0.1 */
int coy_source_fail(coy_source *source, const char *reason);

/* ---- relay: the worker's end ---- */

typedef struct coy_relay coy_relay;

/* Joins the server that has started this process. address: as RR_RELAY has it, "pipes" (standard input
 * and output), "pipes://fd/3:fd/4" (input, then output), "unix://path", "tcp://host:port"; NULL:
 * RR_RELAY, and where that is not set "pipes". The protocol is the one that the server begins with. On
 * standard output nothing else may be printed then.
 * Returns a handle to be freed by coy_relay_free; NULL: COY_EINVAL, COY_ESTATE: the descriptors have a
 * relay already; COY_EINTERRUPTED, COY_ESYSTEM, COY_EMEMORY. Blocks while a socket connects. since 0.1 */
coy_relay *coy_relay_attach(const char *address);

/* Waits for the next payload, and answers the handshake and the like meanwhile. 1: it is there, for the
 * calls below; 0: stop, or the server is gone, now and for ever after: end the process.
 * COY_ETIMEOUT, COY_EINTERRUPTED: call again, nothing that came is lost; COY_ESTATE: the payload before
 * has no answer; COY_EMEMORY: for what is coming, call again when there is some; COY_EPROTOCOL: what
 * came is no message, COY_ETOOBIG: nor can it be one, COY_ESYSTEM: the server is gone amid one: each for
 * ever after; COY_EHANDLE, COY_EFORKED. since 0.1 */
int coy_relay_receive(coy_relay *relay, int64_t timeout_ms);

/* Of the payload that was received last; borrowed until the next coy_relay_receive. NULL and 0 where
 * there is none. since 0.1 */
const void *coy_relay_body(const coy_relay *relay);
size_t coy_relay_body_size(const coy_relay *relay);
const void *coy_relay_context(const coy_relay *relay);
size_t coy_relay_context_size(const coy_relay *relay);

/* Answers the payload that was received last. Either part may be empty, or both. Blocks while the
 * server does not read. 0; COY_ESTATE: there is none without an answer; COY_ETOOBIG, from 4 GiB on,
 * COY_EINVAL, COY_EMEMORY: it still has none; COY_ESYSTEM: the server is gone. COY_EINTERRUPTED: this is
 * its answer, and the rest of it is written by the same call again, whatever that is given, or by
 * coy_relay_receive. COY_EHANDLE, COY_EFORKED. since 0.1 */
int coy_relay_send(coy_relay *relay, const void *context, size_t context_size, const void *body,
                   size_t body_size);

/* Answers it with a failure; the worker lives on. As coy_relay_send. since 0.1 */
int coy_relay_error(coy_relay *relay, const void *message, size_t size);

/* Asks the server to stop this worker; a payload without an answer goes back to the server, as do those
 * that are on their way. Receive until it is 0: no payload is given any more. Again: nothing. As
 * coy_relay_send, but COY_ESTATE never. since 0.1 */
int coy_relay_stop(coy_relay *relay);

/* A descriptor to poll for reading (never read or close it): readable when coy_relay_receive may have
 * something; it may not, and then says COY_ETIMEOUT. It does not tell of what was read together with
 * the payload before: receive with a time-out of 0 until that is COY_ETIMEOUT, then poll.
 * COY_EHANDLE, COY_EFORKED. Does not block. since 0.1 */
int coy_relay_fd(coy_relay *relay);

/* Closes what it opened; descriptors that the address named stay open. NULL does nothing. since 0.1 */
void coy_relay_free(coy_relay *relay);

#pragma GCC visibility pop

#ifdef __cplusplus
#include "bindings/cplusplus_end.inc"
#endif

#endif
