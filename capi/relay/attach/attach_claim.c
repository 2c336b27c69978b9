#include "attach_claim.h"

#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static struct {
    pthread_mutex_t lock;
    struct attach_claim *first;
} claims = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A child of a fork gets the list whole, whatever other threads were at. */
static void lock(void)
{
    pthread_mutex_lock(&claims.lock);
}

static void unlock(void)
{
    pthread_mutex_unlock(&claims.lock);
}

__attribute__((constructor)) static void watch_forks(void)
{
    pthread_atfork(lock, unlock, unlock);
}

bool attach_claim_take(struct attach_claim *claim, int fd)
{
    pid_t pid = getpid();
    bool taken = false;
    lock();
    for (const struct attach_claim *other = claims.first; other != NULL; other = other->next) {
        taken = taken || (other->fd == fd && other->pid == pid);
    }
    if (!taken) {
        *claim = (struct attach_claim){.next = claims.first, .pid = pid, .fd = fd, .held = true};
        claims.first = claim;
    }
    unlock();
    return !taken;
}

void attach_claim_give_up(struct attach_claim *claim)
{
    if (!claim->held) {
        return;
    }
    lock();
    struct attach_claim **place = &claims.first;
    while (*place != claim) {
        place = &(*place)->next;
    }
    *place = claim->next;
    unlock();
    claim->held = false;
}
