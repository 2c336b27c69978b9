#include "pool_lanes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/error.h"

enum { BUCKETS_FIRST = 64, FREE_MOST = 256 };

/* FNV-1a, 64 bits, from a start that is ours alone:
   https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
static uint64_t hash_of(const struct lanes *lanes, struct bytes key)
{
    const unsigned char *byte = key.data;
    uint64_t hash = lanes->seed;
    for (size_t i = 0; i < key.size; i++) {
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    }
    return hash ^ (hash >> 32);
}

static struct lane **bucket_of(const struct lanes *lanes, uint64_t hash)
{
    return &lanes->buckets[hash & (lanes->bucket_count - 1)];
}

/* Where memory runs out the buckets only get longer. */
static void grow(struct lanes *lanes)
{
    struct lane **old = lanes->buckets;
    size_t old_count = lanes->bucket_count;
    size_t count = old_count == 0 ? BUCKETS_FIRST : old_count * 2;
    struct lane **buckets = calloc(count, sizeof(struct lane *));
    if (buckets == NULL) {
        return;
    }
    lanes->buckets = buckets;
    lanes->bucket_count = count;
    for (size_t i = 0; old != NULL && i < old_count; i++) {
        for (struct lane *lane = old[i], *next; lane != NULL; lane = next) {
            next = lane->next;
            struct lane **bucket = bucket_of(lanes, lane->hash);
            lane->next = *bucket;
            *bucket = lane;
        }
    }
    free((void *)old);
}

static void start(struct lanes *lanes)
{
    grow(lanes);
    if (getrandom(&lanes->seed, sizeof lanes->seed, GRND_NONBLOCK) != sizeof lanes->seed) {
        lanes->seed = (uint64_t)clock_now() ^ (uint64_t)(uintptr_t)lanes->buckets;
    }
}

static void lane_free(struct lane *lane)
{
    free(lane->key);
    free(lane);
}

static bool set_key(struct lane *lane, struct bytes key)
{
    if (lane->key_room < key.size) {
        char *room = realloc(lane->key, key.size);
        if (room == NULL) {
            return false;
        }
        lane->key = room;
        lane->key_room = key.size;
    }
    if (key.size > 0) {
        memcpy(lane->key, key.data, key.size);
    }
    lane->key_size = key.size;
    return true;
}

static struct lane *lane_new(struct lanes *lanes, struct bytes key)
{
    struct lane *lane = lanes->free;
    if (lane != NULL) {
        lanes->free = lane->next;
        lanes->free_count--;
    } else if ((lane = calloc(1, sizeof *lane)) != NULL) {
        list_init(&lane->waiting);
    } else {
        return NULL;
    }
    if (!set_key(lane, key)) {
        lane_free(lane);
        return NULL;
    }
    return lane;
}

static struct lane *find(const struct lanes *lanes, struct bytes key, uint64_t hash)
{
    struct lane *lane = *bucket_of(lanes, hash);
    while (lane != NULL &&
           (lane->hash != hash || !bytes_equal((struct bytes){lane->key, lane->key_size}, key))) {
        lane = lane->next;
    }
    return lane;
}

bool lanes_has(const struct lanes *lanes, struct bytes key)
{
    return lanes->count > 0 && find(lanes, key, hash_of(lanes, key)) != NULL;
}

int lanes_enter(struct lanes *lanes, struct job *job, bool *waits)
{
    if (lanes->buckets == NULL) {
        start(lanes);
    } else if (lanes->count >= lanes->bucket_count) {
        grow(lanes);
    }
    if (lanes->buckets == NULL) {
        return STATUS_EMEMORY;
    }
    uint64_t hash = hash_of(lanes, job_key(job));
    struct lane *lane = find(lanes, job_key(job), hash);
    *waits = lane != NULL;
    if (*waits) {
        list_append(&lane->waiting, &job->node);
        job->place = JOB_BEHIND_KEY;
        lanes->waiting++;
    } else if ((lane = lane_new(lanes, job_key(job))) != NULL) {
        struct lane **bucket = bucket_of(lanes, hash);
        lane->hash = hash;
        lane->next = *bucket;
        *bucket = lane;
        lanes->count++;
    }
    job->lane = lane;
    return lane == NULL ? STATUS_EMEMORY : STATUS_OK;
}

void lanes_remove(struct lanes *lanes, struct job *job)
{
    list_remove(&((struct lane *)job->lane)->waiting, &job->node);
    job->place = JOB_ELSEWHERE;
    lanes->waiting--;
}

static struct job *take_waiting(struct lanes *lanes, struct lane *lane)
{
    struct list_node *node = list_first(&lane->waiting);
    if (node == NULL) {
        return NULL;
    }
    struct job *job = container_of(node, struct job, node);
    lanes_remove(lanes, job);
    return job;
}

static void drop(struct lanes *lanes, struct lane *lane)
{
    struct lane **place = bucket_of(lanes, lane->hash);
    while (*place != lane) {
        place = &(*place)->next;
    }
    *place = lane->next;
    lanes->count--;
    if (lanes->free_count < FREE_MOST) {
        lane->next = lanes->free;
        lanes->free = lane;
        lanes->free_count++;
    } else {
        lane_free(lane);
    }
}

struct job *lanes_next(struct lanes *lanes, struct lane *lane)
{
    struct job *next = take_waiting(lanes, lane);
    if (next == NULL) {
        drop(lanes, lane);
    }
    return next;
}

void lanes_take_all(struct lanes *lanes, struct list *jobs)
{
    for (size_t i = 0; lanes->waiting > 0 && i < lanes->bucket_count; i++) {
        for (struct lane *lane = lanes->buckets[i]; lane != NULL; lane = lane->next) {
            struct job *job;
            while ((job = take_waiting(lanes, lane)) != NULL) {
                list_append(jobs, &job->node);
            }
        }
    }
}

static void free_chain(struct lane *lane)
{
    for (struct lane *next; lane != NULL; lane = next) {
        next = lane->next;
        lane_free(lane);
    }
}

void lanes_free(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->bucket_count; i++) {
        free_chain(lanes->buckets[i]);
    }
    free_chain(lanes->free);
    free((void *)lanes->buckets);
    *lanes = (struct lanes){0};
}
