#include "pool_levels.h"

void levels_init(struct levels *levels)
{
    *levels = (struct levels){0};
    for (size_t i = 0; i < JOB_PRIORITIES; i++) {
        list_init(&levels->returned[i]);
        list_init(&levels->queue[i]);
    }
}

static struct job *job_of(struct list_node *node)
{
    return node == NULL ? NULL : container_of(node, struct job, node);
}

/* A priority that nobody may give is the highest. */
static size_t level_of(const struct job *job)
{
    return job->priority < JOB_PRIORITIES ? job->priority : JOB_PRIORITIES - 1;
}

static void count_in(struct levels *levels, struct job *job, enum job_place place)
{
    job->place = (uint8_t)place;
    levels->filled |= 1U << level_of(job);
    levels->count++;
}

void levels_add(struct levels *levels, struct job *job)
{
    list_append(&levels->queue[level_of(job)], &job->node);
    count_in(levels, job, JOB_QUEUED);
}

void levels_return(struct levels *levels, struct job *job)
{
    list_prepend(&levels->returned[level_of(job)], &job->node);
    count_in(levels, job, JOB_RETURNED);
}

void levels_remove(struct levels *levels, struct job *job)
{
    size_t level = level_of(job);
    struct list *returned = &levels->returned[level];
    struct list *queue = &levels->queue[level];
    list_remove(job->place == JOB_RETURNED ? returned : queue, &job->node);
    job->place = JOB_ELSEWHERE;
    levels->count--;
    if (list_empty(returned) && list_empty(queue)) {
        levels->filled &= ~(1U << level);
    }
}

static size_t highest(unsigned filled)
{
    return sizeof filled * 8 - 1 - (size_t)__builtin_clz(filled);
}

struct job *levels_take(struct levels *levels)
{
    if (levels->filled == 0) {
        return NULL;
    }
    size_t level = highest(levels->filled);
    struct list_node *node = list_first(&levels->returned[level]);
    struct job *job = job_of(node != NULL ? node : list_first(&levels->queue[level]));
    levels_remove(levels, job);
    return job;
}

static struct job *earlier(struct job *one, struct job *other)
{
    if (one == NULL || other == NULL) {
        return one != NULL ? one : other;
    }
    return one->deadline <= other->deadline ? one : other;
}

/* Each that comes back is put before those that came back earlier, and waits longer than they: so
   the last is due first. In the queue it is the first. */
static struct job *first_of(const struct levels *levels, size_t level)
{
    const struct list *returned = &levels->returned[level];
    struct job *last = list_empty(returned) ? NULL : job_of(returned->head.previous);
    return earlier(job_of(list_first(&levels->queue[level])), last);
}

struct job *levels_first_due(const struct levels *levels)
{
    struct job *first = NULL;
    for (unsigned left = levels->filled; left != 0;) {
        size_t level = highest(left);
        first = earlier(first, first_of(levels, level));
        left &= ~(1U << level);
    }
    return first;
}
