#include "loop/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signal_hold.h"
#include "loop_fork.h"
#include "loop_timer.h"

enum {
    BATCH = 64,          /* descriptors told by one epoll_wait */
    BATCHES_A_STEP = 64, /* so that those which are always ready can't hold the step */
    TIMERS_A_STEP = 256, /* so that a timer set into the past can't hold the step */
    TASK_ROUNDS = 16     /* tasks that post tasks, likewise */
};

struct loop {
    int epoll;
    int timer; /* timerfd: makes `epoll` readable at `armed` */
    int wake;  /* eventfd: makes it readable while tasks wait */
    bool woken;
    bool kept; /* readable, by loop_keep_readable */
    bool stepping;
    struct signal_hold hold;
    unsigned generation; /* of the process that made it */
    int64_t now;
    int64_t armed;
    struct loop_timer *timers;
    struct list tasks;
    struct epoll_event batch[BATCH];
    int batch_size;
};

static int watch_own(struct loop *loop, int fd, struct error *error)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        return error_system(error, errno, "adding a descriptor to epoll");
    }
    return STATUS_OK;
}

static int loop_open(struct loop *loop, struct error *error)
{
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->epoll < 0 || loop->timer < 0 || loop->wake < 0) {
        return error_system(error, errno, "making the event loop's descriptors");
    }
    int status = watch_own(loop, loop->timer, error);
    return status != STATUS_OK ? status : watch_own(loop, loop->wake, error);
}

struct loop *loop_new(struct error *error)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        error_memory(error);
        return NULL;
    }
    loop->generation = fork_generation();
    loop->armed = CLOCK_NEVER;
    loop->now = clock_now();
    list_init(&loop->tasks);
    signal_hold_init(&loop->hold);
    if (loop_open(loop, error) != STATUS_OK) {
        loop_free(loop);
        return NULL;
    }
    return loop;
}

static void close_if_open(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void loop_free(struct loop *loop)
{
    if (loop != NULL) {
        close_if_open(loop->epoll);
        close_if_open(loop->timer);
        close_if_open(loop->wake);
        free(loop);
    }
}

bool loop_forked(const struct loop *loop)
{
    return loop->generation != fork_generation();
}

int loop_fd(const struct loop *loop)
{
    return loop->epoll;
}

int64_t loop_now(const struct loop *loop)
{
    return loop->now;
}

/* Setting the timerfd also takes back that it is readable. */
static void timer_arm(struct loop *loop, int64_t deadline)
{
    if (loop_forked(loop)) {
        return;
    }
    struct itimerspec when = {0};
    if (deadline != CLOCK_NEVER) {
        int64_t at = deadline > 0 ? deadline : 1; /* 0 would disarm */
        when.it_value.tv_sec = at / CLOCK_SECOND;
        when.it_value.tv_nsec = at % CLOCK_SECOND;
    }
    timerfd_settime(loop->timer, TFD_TIMER_ABSTIME, &when, NULL);
    loop->armed = deadline;
}

static int64_t earliest(const struct loop *loop)
{
    return loop->timers == NULL ? CLOCK_NEVER : loop->timers->deadline;
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t deadline)
{
    loop_timer_stop(timer);
    if (deadline == CLOCK_NEVER) {
        return;
    }
    timer->deadline = deadline;
    timer->loop = loop;
    loop->timers = timer_heap_insert(loop->timers, timer);
    /* Only an earlier deadline costs a system call. A later one leaves the timerfd as it is: the
       step that it wakes finds nothing due and arms it anew. */
    if (earliest(loop) < loop->armed) {
        timer_arm(loop, earliest(loop));
    }
}

void loop_timer_stop(struct loop_timer *timer)
{
    if (timer->loop != NULL) {
        timer->loop->timers = timer_heap_remove(timer->loop->timers, timer);
        timer->loop = NULL;
    }
}

static bool run_timers(struct loop *loop)
{
    int ran = 0;
    while (earliest(loop) <= loop->now && ran < TIMERS_A_STEP) {
        struct loop_timer *timer = loop->timers;
        loop_timer_stop(timer);
        timer->due(timer);
        ran++;
    }
    if (loop->armed <= loop->now) {
        timer_arm(loop, earliest(loop));
    }
    return ran > 0;
}

static void loop_wake(struct loop *loop)
{
    if (!loop->woken && !loop_forked(loop)) {
        loop->woken = eventfd_write(loop->wake, 1) == 0;
    }
}

/* Makes the eventfd say what is true. */
static void loop_rest(struct loop *loop)
{
    eventfd_t count;
    if (loop->kept || !list_empty(&loop->tasks)) {
        loop_wake(loop);
    } else if (loop->woken && !loop_forked(loop)) {
        eventfd_read(loop->wake, &count);
        loop->woken = false;
    }
}

void loop_task_post(struct loop *loop, struct loop_task *task)
{
    if (task->loop != NULL) {
        return;
    }
    task->loop = loop;
    list_append(&loop->tasks, &task->node);
    if (!loop->stepping) {
        loop_wake(loop);
    }
}

void loop_task_stop(struct loop_task *task)
{
    if (task->loop != NULL) {
        list_remove(&task->loop->tasks, &task->node);
        task->loop = NULL;
    }
}

static bool run_tasks(struct loop *loop)
{
    bool ran = false;
    for (int round = 0; round < TASK_ROUNDS && !list_empty(&loop->tasks); round++) {
        for (size_t left = loop->tasks.count; left > 0 && !list_empty(&loop->tasks); left--) {
            struct loop_task *task = container_of(list_first(&loop->tasks), struct loop_task, node);
            loop_task_stop(task);
            task->run(task);
            ran = true;
        }
    }
    loop_rest(loop);
    return ran;
}

void loop_task_run(struct loop *loop, struct loop_task *task)
{
    if (loop_forked(loop)) {
        return;
    }
    loop_task_stop(task);
    loop->now = clock_now();
    loop->stepping = true;
    task->run(task);
    run_tasks(loop);
    loop->stepping = false;
}

void loop_keep_readable(struct loop *loop, bool keep)
{
    if (loop->kept != keep) {
        loop->kept = keep;
        loop_rest(loop);
    }
}

int loop_watch_start(struct loop *loop, struct loop_watch *watch, int fd, uint32_t epoll_events,
                     struct error *error)
{
    struct epoll_event event = {.events = epoll_events, .data.ptr = watch};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        return error_system(error, errno, "watching descriptor %d", fd);
    }
    watch->fd = fd;
    watch->loop = loop;
    return STATUS_OK;
}

void loop_watch_stop(struct loop_watch *watch)
{
    if (watch->loop != NULL && !loop_forked(watch->loop)) {
        epoll_ctl(watch->loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
    }
    loop_watch_forget(watch);
}

void loop_watch_forget(struct loop_watch *watch)
{
    struct loop *loop = watch->loop;
    if (loop == NULL) {
        return;
    }
    watch->loop = NULL;
    for (int i = 0; i < loop->batch_size; i++) {
        if (loop->batch[i].data.ptr == watch) {
            loop->batch[i].data.ptr = NULL;
        }
    }
}

static bool run_watches(struct loop *loop)
{
    bool ran = false;
    for (int i = 0; i < loop->batch_size; i++) {
        struct loop_watch *watch = loop->batch[i].data.ptr;
        if (watch != NULL) {
            watch->ready(watch, loop->batch[i].events);
            ran = true;
        }
    }
    loop->batch_size = 0;
    return ran;
}

/* One epoll_wait and what it brings: an errno value, *full when there may be more. */
static int run_batch(struct loop *loop, int wait, bool *ran, bool *full)
{
    int size = epoll_pwait(loop->epoll, loop->batch, BATCH, wait, signal_hold_mask(&loop->hold));
    int failed = size < 0 ? errno : 0;
    loop->batch_size = size > 0 ? size : 0;
    *full = size == BATCH;
    loop->now = clock_now();
    *ran |= run_watches(loop);
    return failed;
}

/* All that has come before anything is too late: whoever steps seldom must not see an answer time out
   because there are many. An errno value, *ran when a callback was called. */
static int step_once(struct loop *loop, int wait, bool *ran)
{
    bool full = false;
    loop->stepping = true;
    int failed = run_batch(loop, wait, ran, &full);
    for (int batches = 1; full && failed == 0 && batches < BATCHES_A_STEP; batches++) {
        failed = run_batch(loop, 0, ran, &full);
    }
    *ran |= run_timers(loop);
    *ran |= run_tasks(loop);
    loop->stepping = false;
    return failed;
}

static int cannot_wait(int failed, struct error *error)
{
    return failed != EBADF && failed != EINVAL
               ? error_system(error, failed, "waiting for events")
               : error_set(
                     error, STATUS_ESYSTEM,
                     "waiting for events: %s: something in this process has closed descriptors "
                     "that it had not opened; free this and make a new one",
                     strerror(failed));
}

int loop_step(struct loop *loop, int64_t deadline, struct error *error)
{
    if (loop_forked(loop)) {
        return error_set(error, STATUS_EFORKED,
                         "this belongs to the parent process: make a new one after the fork");
    }
    for (;;) {
        bool ran = false;
        if (signal_hold_interrupted(&loop->hold)) {
            return error_set(error, STATUS_EINTERRUPTED, "a signal came: call again");
        }
        bool waits = list_empty(&loop->tasks) && !loop->kept;
        int failed = step_once(loop, waits ? clock_wait(deadline) : 0, &ran);
        /* first, although a timer may have run as well: nobody will tell of the signal again */
        if (failed == EINTR) {
            return error_set(error, STATUS_EINTERRUPTED, "a signal came: call again");
        }
        if (ran || loop->kept) {
            return STATUS_OK;
        }
        if (failed != 0) {
            return cannot_wait(failed, error);
        }
        if (deadline <= loop->now) {
            return error_set(error, STATUS_ETIMEOUT, "nothing came in time");
        }
    }
}

void loop_hold_signals(struct loop *loop)
{
    signal_hold_begin(&loop->hold);
}

void loop_release_signals(struct loop *loop)
{
    signal_hold_end(&loop->hold);
}
