/* INT and TERM belong to the server, also while PHP has the thread. */
#ifndef COYOTE_EMBED_SIGNALS_H
#define COYOTE_EMBED_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

/* For container_take_signals: a first signal that comes while PHP has the thread is acknowledged on
   a terminal; a second one ends the process at once, whatever PHP is doing. The exit code is 128 +
   the signal's number. */
void embed_signals_at_once(int signal, unsigned count);

/* Whether the script runs and does not wait in receive(): then the loop stands still. */
void embed_signals_php(bool has_thread);

/* The event that PHP has in hand, for the last words of a process; 0: none. No system call. */
void embed_signals_event(uint64_t id);

/* The handlers that are in place now are the server's. */
void embed_signals_hold(void);

/* Puts them back where a script has set its own with pcntl_signal, and says so, and unblocks them: a
   server that hears no TERM could not be stopped. Nothing before embed_signals_hold. */
void embed_signals_take_back(struct log *log, const char *service);

#endif
