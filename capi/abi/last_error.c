#include "last_error.h"

#include <pthread.h>
#include <stdlib.h>

/* By key and not by _Thread_local, which frees nothing when a thread ends. */
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void slot_free(void *slot)
{
    error_clear(slot);
    free(slot);
}

static void key_make(void)
{
    pthread_key_create(&key, slot_free);
}

void last_error_unload(void)
{
    pthread_once(&once, key_make);
    void *slot = pthread_getspecific(key);
    /* other threads lose theirs; without this they would end in code that is not there any more */
    pthread_key_delete(key);
    if (slot != NULL) {
        slot_free(slot);
    }
}

int last_error_keep(int status, struct error *error)
{
    if (status >= 0) {
        error_clear(error);
        return status;
    }
    pthread_once(&once, key_make);
    struct error *slot = pthread_getspecific(key);
    if (slot == NULL) {
        slot = calloc(1, sizeof *slot);
        if (slot == NULL || pthread_setspecific(key, slot) != 0) {
            free(slot);
            error_clear(error);
            return status;
        }
    }
    error_move(slot, error);
    slot->status = status;
    return status;
}

const struct error *last_error(void)
{
    static const struct error none = {0};
    pthread_once(&once, key_make);
    const struct error *slot = pthread_getspecific(key);
    return slot == NULL ? &none : slot;
}
