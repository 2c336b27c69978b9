#include "attach_claim.h"

#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static struct {
    pthread_mutex_t lock;
    struct attach_claim *first;
} claims = {.lock = PTHREAD_MUTEX_INITIALIZER};

bool attach_claim_take(struct attach_claim *claim, int fd)
{
    pid_t pid = getpid();
    bool taken = false;
    pthread_mutex_lock(&claims.lock);
    for (const struct attach_claim *other = claims.first; other != NULL; other = other->next) {
        taken = taken || (other->fd == fd && other->pid == pid);
    }
    if (!taken) {
        *claim = (struct attach_claim){.next = claims.first, .pid = pid, .fd = fd, .held = true};
        claims.first = claim;
    }
    pthread_mutex_unlock(&claims.lock);
    return !taken;
}

void attach_claim_give_up(struct attach_claim *claim)
{
    if (!claim->held) {
        return;
    }
    pthread_mutex_lock(&claims.lock);
    struct attach_claim **place = &claims.first;
    while (*place != claim) {
        place = &(*place)->next;
    }
    *place = claim->next;
    pthread_mutex_unlock(&claims.lock);
    claim->held = false;
}
