#include "embed_signals.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int held[] = {SIGINT, SIGTERM};
enum { HELD = sizeof held / sizeof *held };

static struct sigaction ours[HELD];
static bool holding;
static atomic_bool php_has_thread;
static atomic_uint_least64_t event_in_hand;

void embed_signals_php(bool has_thread)
{
    atomic_store_explicit(&php_has_thread, has_thread, memory_order_relaxed);
}

void embed_signals_event(uint64_t id)
{
    atomic_store_explicit(&event_in_hand, id, memory_order_relaxed);
}

/* printf is not async-signal-safe. Returns how much of `to` it filled; there is room for all 20. */
static size_t put_number(char *to, uint64_t number)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    for (size_t i = 0; i < count; i++) {
        to[i] = digits[count - 1 - i];
    }
    return count;
}

/* A reader that does not read must hold neither PHP nor the end. */
static void say(const char *line, size_t size)
{
    struct pollfd reader = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&reader, 1, 0) > 0) {
        ssize_t wrote = write(STDERR_FILENO, line, size);
        (void)wrote; /* nothing is left to be done about it */
    }
}

/* The log line about the stop waits, as the loop does, for PHP. Somebody at a terminal would take the
   silence for deafness; a log that is read by programs needs no line of another format. */
static void say_heard(int signal)
{
    static const char event[] = "coyote-embed: stopping when PHP has ended its event; ";
    static const char script[] = "coyote-embed: stopping when PHP comes back; ";
    static const char interrupt[] = "press Ctrl-C again to stop at once\n";
    static const char other[] = "send the signal again to stop at once\n";
    struct termios ignored;
    if (!atomic_load_explicit(&php_has_thread, memory_order_relaxed) ||
        tcgetattr(STDERR_FILENO, &ignored) != 0) {
        return;
    }
    if (atomic_load_explicit(&event_in_hand, memory_order_relaxed) != 0) {
        say(event, sizeof event - 1);
    } else {
        say(script, sizeof script - 1);
    }
    if (signal == SIGINT) {
        say(interrupt, sizeof interrupt - 1);
    } else {
        say(other, sizeof other - 1);
    }
}

void embed_signals_at_once(int signal, unsigned count)
{
    static const char stopped[] = "coyote-embed: stopped at once by a second signal";
    static const char during[] = ", amid PHP's event number ";
    static const char since[] = " since the start"; /* which is not the source's own number */
    if (count < 2) {
        say_heard(signal);
        return;
    }
    char line[sizeof stopped + sizeof during + sizeof since + 32];
    size_t size = sizeof stopped - 1;
    memcpy(line, stopped, size);
    uint64_t id = atomic_load_explicit(&event_in_hand, memory_order_relaxed);
    if (id != 0) {
        memcpy(line + size, during, sizeof during - 1);
        size += sizeof during - 1;
        size += put_number(line + size, id);
        memcpy(line + size, since, sizeof since - 1);
        size += sizeof since - 1;
    }
    line[size++] = '\n';
    say(line, size);
    _exit(128 + signal);
}

void embed_signals_hold(void)
{
    for (int i = 0; i < HELD; i++) {
        sigaction(held[i], NULL, &ours[i]);
    }
    holding = true;
}

static void unblock(void)
{
    sigset_t ours_alone;
    sigemptyset(&ours_alone);
    for (int i = 0; i < HELD; i++) {
        sigaddset(&ours_alone, held[i]);
    }
    pthread_sigmask(SIG_UNBLOCK, &ours_alone, NULL);
}

void embed_signals_take_back(struct log *log, const char *service)
{
    for (int i = 0; i < HELD && holding; i++) {
        struct sigaction now;
        sigaction(held[i], NULL, &now);
        if (now.sa_handler != ours[i].sa_handler) {
            sigaction(held[i], &ours[i], NULL);
            log_write(log, LOG_LEVEL_WARNING, service, 0,
                      "the script has taken SIG%s; inside coyote-embed it is the server's and was "
                      "given back: leave the loop when receive() returns null instead",
                      held[i] == SIGINT ? "INT" : "TERM");
        }
    }
    if (holding) {
        unblock();
    }
}
