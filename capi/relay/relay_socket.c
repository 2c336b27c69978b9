/* A relay over a socket that its worker connects to. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "listener_private.h"

static struct relay_socket *socket_of(struct relay *relay)
{
    return container_of(relay, struct relay_socket, relay);
}

static struct channel *channel_of(struct relay *relay)
{
    return &socket_of(relay)->connection->channel;
}

/* --- whose connection it is --- */

static void stop_waiting(struct relay_socket *socket)
{
    if (socket->waits) {
        list_remove(&socket->listener->waiting, &socket->node);
        socket->waits = false;
    }
}

static struct relay_socket *find_exactly(const struct relay_listener *listener, pid_t pid)
{
    for (struct list_node *node = list_first(&listener->waiting); node != NULL;
         node = list_next(&listener->waiting, node)) {
        struct relay_socket *socket = container_of(node, struct relay_socket, node);
        if (socket->pid == pid) {
            return socket;
        }
    }
    return NULL;
}

struct relay_socket *relay_socket_find(const struct relay_listener *listener, pid_t pid)
{
    struct relay_socket *socket = pid <= 0 ? NULL : find_exactly(listener, pid);
    /* what a wrapper started is in its group, which the launcher gave it for its own */
    pid_t group = socket != NULL || pid <= 0 ? -1 : getpgid(pid);
    return group <= 0 ? socket : find_exactly(listener, group);
}

void relay_socket_adopt(struct relay_socket *socket, struct connection *connection,
                        const struct relay_message *pid)
{
    stop_waiting(socket);
    socket->connection = connection;
    socket->relay.events->message(socket->relay.owner, pid);
    if (socket->stop_wanted) {
        channel_send_stop(&connection->channel, NULL);
    }
}

void relay_socket_fail(struct relay_socket *socket, const struct error *reason)
{
    stop_waiting(socket);
    socket->relay.events->ended(socket->relay.owner, reason);
}

void relay_socket_message(struct relay_socket *socket, const struct relay_message *message)
{
    socket->relay.events->message(socket->relay.owner, message);
}

void relay_socket_ended(struct relay_socket *socket, bool lossy, const struct error *reason)
{
    socket->relay.lossy = lossy;
    socket->relay.events->ended(socket->relay.owner, reason);
}

/* --- the contract --- */

static struct relay_child socket_child(struct relay *relay)
{
    return (struct relay_child){
        .input = -1, .output = -1, .address = socket_of(relay)->listener->address};
}

static int socket_open(struct relay *relay, pid_t pid, struct error *error)
{
    struct relay_socket *socket = socket_of(relay);
    (void)error;
    socket->pid = pid;
    socket->waits = true;
    list_append(&socket->listener->waiting, &socket->node);
    return STATUS_OK;
}

/* The listener does, to each that connects. */
static int socket_send_pid(struct relay *relay, struct error *error)
{
    (void)relay;
    (void)error;
    return STATUS_OK;
}

static int socket_check(const struct relay *relay, const struct payload *payload,
                        struct error *error)
{
    const struct relay_socket *socket = container_of(relay, const struct relay_socket, relay);
    return socket->connection->channel.codec->class->check(payload, error);
}

static int socket_send(struct relay *relay, const struct payload *payload, struct error *error)
{
    return channel_send(channel_of(relay), payload, error);
}

static int socket_send_stop(struct relay *relay, struct error *error)
{
    struct relay_socket *socket = socket_of(relay);
    if (socket->connection != NULL) {
        return channel_send_stop(&socket->connection->channel, error);
    }
    socket->stop_wanted = true; /* it is booting: as soon as it is here */
    return STATUS_OK;
}

static bool socket_connected(const struct relay *relay)
{
    return container_of(relay, const struct relay_socket, relay)->connection != NULL;
}

static size_t socket_unwritten(const struct relay *relay)
{
    const struct relay_socket *socket = container_of(relay, const struct relay_socket, relay);
    return socket->connection == NULL ? 0 : socket->connection->channel.writer.execs;
}

static bool socket_half_written(const struct relay *relay)
{
    const struct relay_socket *socket = container_of(relay, const struct relay_socket, relay);
    return socket->connection != NULL &&
           frame_writer_amid_exec(&socket->connection->channel.writer);
}

static void socket_drain(struct relay *relay)
{
    enum { UNDER_WAY = 10, ROUNDS = 4 };
    struct relay_socket *socket = socket_of(relay);
    if (socket->connection == NULL || channel_of(relay)->ended) {
        return;
    }
    struct channel *channel = channel_of(relay);
    channel_drain(channel);
    /* Through a unix socket all that was sent is here. Of tcp's last bytes and its end the kernel
       may have some under way when the process is gone already; a grandchild keeps the end back. */
    struct pollfd more = {.fd = channel->read_fd, .events = POLLIN};
    for (int i = 0; i < ROUNDS && socket->connection->peer.pid == 0 && !channel->ended &&
                    poll(&more, 1, UNDER_WAY) > 0;
         i++) {
        channel_drain(channel);
    }
}

static void socket_close(struct relay *relay)
{
    struct relay_socket *socket = socket_of(relay);
    stop_waiting(socket);
    if (socket->connection != NULL) {
        channel_close(&socket->connection->channel);
    }
}

static void socket_free(struct relay *relay)
{
    struct relay_socket *socket = socket_of(relay);
    stop_waiting(socket);
    if (socket->connection != NULL) {
        connection_free(socket->connection);
    }
    free(socket);
}

static const struct relay_class socket_class = {
    .child = socket_child,
    .open = socket_open,
    .send_pid = socket_send_pid,
    .check = socket_check,
    .send = socket_send,
    .send_stop = socket_send_stop,
    .unwritten = socket_unwritten,
    .half_written = socket_half_written,
    .connected = socket_connected,
    .drain = socket_drain,
    .close = socket_close,
    .free = socket_free,
};

int relay_socket_new(struct relay_listener *listener, const struct relay_events *events,
                     void *owner, struct relay **relay, struct error *error)
{
    struct relay_socket *socket = calloc(1, sizeof *socket);
    if (socket == NULL) {
        return error_memory(error);
    }
    socket->relay = (struct relay){&socket_class, events, owner, false};
    socket->listener = listener;
    *relay = &socket->relay;
    return STATUS_OK;
}
