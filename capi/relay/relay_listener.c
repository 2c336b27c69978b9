#include "relay/relay_listener.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "listener_private.h"

enum {
    ACCEPTS_A_STEP = 16, /* so that a flood of strangers leaves time for the workers */
    GUESTS_TO_SPARE = 32,
    REST = 100 /* milliseconds, when descriptors or memory have run out */
};

static struct connection *first_guest(const struct list *guests)
{
    struct list_node *node = list_first(guests);
    return node == NULL ? NULL : container_of(node, struct connection, node);
}

static void rest_due(struct loop_timer *timer)
{
    struct relay_listener *listener = container_of(timer, struct relay_listener, rest);
    struct loop *loop = listener->settings.loop;
    if (loop_watch_start(loop, &listener->watch, listener->socket.fd, EPOLLIN, NULL) != STATUS_OK) {
        loop_timer_set(loop, timer, clock_after(REST));
    }
}

/* The connection stays in the queue, so the loop would be woken again and again. */
static void take_a_rest(struct relay_listener *listener, int failed)
{
    struct error error = {0};
    error_system(&error, failed, "can't take a connection to %s now", listener->address);
    log_write(listener->settings.log, LOG_LEVEL_WARNING, listener->settings.service, 0, "%s",
              error_text(&error));
    error_clear(&error);
    loop_watch_stop(&listener->watch);
    loop_timer_set(listener->settings.loop, &listener->rest, clock_after(REST));
}

static void make_room(struct relay_listener *listener)
{
    if (listener->guests.count >= listener->waiting.count + GUESTS_TO_SPARE) {
        connection_turn_away(first_guest(&listener->guests),
                             "too many others have connected without a handshake");
    }
}

static void watch_ready(struct loop_watch *watch, uint32_t events)
{
    struct relay_listener *listener = container_of(watch, struct relay_listener, watch);
    (void)events;
    for (int i = 0; i < ACCEPTS_A_STEP; i++) {
        int fd = accept4(listener->socket.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            make_room(listener);
            connection_new(listener, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
            take_a_rest(listener, errno);
            return;
        } else if (errno == EAGAIN) {
            return;
        } /* else: that one has gone again */
    }
}

static void free_all(struct list *connections)
{
    struct list_node *node;
    while ((node = list_take_first(connections)) != NULL) {
        connection_free(container_of(node, struct connection, node));
    }
}

static void sweep_run(struct loop_task *task)
{
    free_all(&container_of(task, struct relay_listener, sweep)->gone);
}

/* --- beginning and end --- */

static int listen_at(struct relay_listener *listener, struct error *error)
{
    struct relay_address address;
    const struct relay_listener_settings *settings = &listener->settings;
    int status = relay_address_parse(settings->address, &address, error);
    status =
        status != STATUS_OK ? status : listening_socket_open(&listener->socket, &address, error);
    if (status == STATUS_OK && settings->user != NULL) {
        status = listening_socket_give(&listener->socket, *settings->user, error);
    }
    if (status != STATUS_OK) {
        return status;
    }
    listener->address = relay_address_text(&listener->socket.address);
    if (listener->address == NULL) {
        return error_memory(error);
    }
    return loop_watch_start(settings->loop, &listener->watch, listener->socket.fd, EPOLLIN, error);
}

int relay_listener_new(const struct relay_listener_settings *settings,
                       struct relay_listener **listener, struct error *error)
{
    struct relay_listener *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return error_memory(error);
    }
    made->settings = *settings;
    made->socket.fd = -1;
    made->watch.ready = watch_ready;
    made->rest.due = rest_due;
    made->sweep.run = sweep_run;
    list_init(&made->waiting);
    list_init(&made->guests);
    list_init(&made->gone);
    int status = listen_at(made, error);
    if (status != STATUS_OK) {
        relay_listener_free(made);
        error_prefix(error, "workers.relay: ");
        return status;
    }
    *listener = made;
    return STATUS_OK;
}

void relay_listener_free(struct relay_listener *listener)
{
    if (listener == NULL) {
        return;
    }
    loop_watch_stop(&listener->watch);
    loop_timer_stop(&listener->rest);
    loop_task_stop(&listener->sweep);
    free_all(&listener->guests);
    free_all(&listener->gone);
    if (listener->socket.fd >= 0 && !loop_forked(listener->settings.loop)) {
        listening_socket_remove(&listener->socket);
    }
    listening_socket_close(&listener->socket);
    free(listener->address);
    free(listener);
}
