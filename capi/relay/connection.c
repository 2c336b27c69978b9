/* A connection until it is somebody's: accepted, spoken to, matched or turned away. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "listener_private.h"

/* What may come before the handshake. */
enum { HANDSHAKE_MOST = 4096 };

/* A second. */
enum { WARNINGS = 10 };

static struct connection *connection_of(struct channel *channel)
{
    return container_of(channel, struct connection, channel);
}

/* Its channel may be in the middle of telling us something. */
static void dismiss(struct connection *connection)
{
    struct relay_listener *listener = connection->listener;
    channel_close(&connection->channel);
    loop_timer_stop(&connection->timeout);
    list_remove(&listener->guests, &connection->node);
    list_append(&listener->gone, &connection->node);
    loop_task_post(listener->settings.loop, &listener->sweep);
}

/* Somebody who comes again and again must not fill the log. */
static bool may_warn(struct relay_listener *listener)
{
    const struct relay_listener_settings *settings = &listener->settings;
    int64_t now = loop_now(settings->loop);
    if (now - listener->second >= CLOCK_SECOND) {
        if (listener->refusals > WARNINGS) {
            log_write(settings->log, LOG_LEVEL_WARNING, settings->service, 0,
                      "turned away %u more, which had connected to %s",
                      listener->refusals - WARNINGS, listener->address);
        }
        listener->second = now;
        listener->refusals = 0;
    }
    return ++listener->refusals <= WARNINGS;
}

static void log_refusal(struct relay_listener *listener, const struct socket_peer *peer,
                        const char *reason)
{
    if (!may_warn(listener)) {
        return;
    }
    log_write(listener->settings.log, LOG_LEVEL_WARNING, listener->settings.service, 0,
              "turned away %s, which had connected to %s: %s",
              peer->name == NULL ? "somebody" : peer->name, listener->address, reason);
}

void connection_turn_away(struct connection *connection, const char *reason)
{
    log_refusal(connection->listener, &connection->peer, reason);
    dismiss(connection);
}

/* --- the handshake --- */

static void handshake(struct connection *connection, const struct relay_message *message)
{
    struct relay_listener *listener = connection->listener;
    pid_t known = connection->peer.pid;
    struct relay_socket *relay = relay_socket_find(listener, known != 0 ? known : message->pid);
    if (relay == NULL) {
        connection_turn_away(connection, "no worker with this pid is awaited");
        return;
    }
    list_remove(&listener->guests, &connection->node);
    loop_timer_stop(&connection->timeout);
    connection->relay = relay;
    connection->channel.allowance = SIZE_MAX;
    connection->channel.codec->class->set_limit(connection->channel.codec,
                                                listener->settings.limit);
    relay_socket_adopt(relay, connection, message);
}

/* No handshake: the worker's fault where it is known to be one. */
static void spoilt(struct connection *connection, const struct error *reason)
{
    pid_t known = connection->peer.pid;
    struct relay_socket *relay = known == 0 ? NULL : relay_socket_find(connection->listener, known);
    if (relay == NULL) {
        connection_turn_away(connection, error_text(reason));
        return;
    }
    dismiss(connection);
    relay_socket_fail(relay, reason);
}

static void channel_message(struct channel *channel, const struct relay_message *message)
{
    struct connection *connection = connection_of(channel);
    if (connection->relay != NULL) {
        relay_socket_message(connection->relay, message);
    } else if (message->kind == RELAY_PID) {
        handshake(connection, message);
    } else {
        struct error error = {0};
        error_set(&error, STATUS_EPROTOCOL, "it spoke before it had answered the handshake");
        spoilt(connection, &error);
        error_clear(&error);
    }
}

static void channel_ended(struct channel *channel, const struct error *reason)
{
    struct connection *connection = connection_of(channel);
    const struct relay_listener_settings *settings = &connection->listener->settings;
    if (connection->relay != NULL) {
        /* With its reset tcp drops what waits at the sender; a unix socket has handed all over. */
        bool tcp = connection->peer.pid == 0;
        relay_socket_ended(connection->relay, tcp && channel->reset, reason);
    } else if (reason->status != STATUS_OK) {
        spoilt(connection, reason);
    } else {
        log_write(settings->log, LOG_LEVEL_DEBUG, settings->service, 0,
                  "%s connected and closed without a handshake", connection->peer.name);
        dismiss(connection);
    }
}

static void timeout_due(struct loop_timer *timer)
{
    connection_turn_away(container_of(timer, struct connection, timeout),
                         "it did not answer the handshake in time (workers.relay_timeout)");
}

/* --- beginning and end --- */

static struct codec *new_codec(enum protocol protocol)
{
    return protocol == PROTOCOL_V2 ? codec_goridge2_new(HANDSHAKE_MOST)
                                   : codec_goridge3_new(HANDSHAKE_MOST);
}

/* The loop watches a descriptor once; reading and writing each have their own. */
static int start(struct connection *connection, int fd, struct error *error)
{
    static const struct channel_events events = {channel_message, channel_ended};
    static const int on = 1;
    const struct relay_listener_settings *settings = &connection->listener->settings;
    int writing = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    int failed = errno;
    channel_init(&connection->channel, settings->loop, new_codec(settings->protocol), fd, writing,
                 &events);
    connection->channel.allowance = HANDSHAKE_MOST;
    if (writing < 0) {
        return error_system(error, failed, "taking a connection");
    }
    if (connection->peer.pid == 0) { /* tcp */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    int status = channel_open(&connection->channel, error);
    return status != STATUS_OK ? status : channel_send_pid(&connection->channel, error);
}

static int admit(struct relay_listener *listener, int fd, struct socket_peer *peer,
                 struct error *error)
{
    const uid_t *user = listener->settings.user;
    int status = socket_peer_of(fd, user != NULL ? *user : geteuid(), peer, error);
    if (status == STATUS_OK && peer->pid != 0 && relay_socket_find(listener, peer->pid) == NULL) {
        status = error_set(error, STATUS_EINVAL, "it is no worker that is awaited");
    }
    return status;
}

void connection_new(struct relay_listener *listener, int fd)
{
    struct error error = {0};
    struct socket_peer peer = {0};
    struct connection *connection = calloc(1, sizeof *connection);
    int status = connection == NULL ? error_memory(&error) : admit(listener, fd, &peer, &error);
    if (connection == NULL || status != STATUS_OK) {
        log_refusal(listener, &peer, error_text(&error));
        error_clear(&error);
        free(peer.name);
        free(connection);
        close(fd);
        return;
    }
    connection->listener = listener;
    connection->peer = peer;
    connection->timeout.due = timeout_due;
    list_append(&listener->guests, &connection->node);
    if (start(connection, fd, &error) != STATUS_OK) {
        connection_turn_away(connection, error_text(&error));
    } else if (!connection->channel.ended) {
        loop_timer_set(listener->settings.loop, &connection->timeout,
                       clock_after(listener->settings.timeout));
    }
    error_clear(&error);
}

void connection_free(struct connection *connection)
{
    loop_timer_stop(&connection->timeout);
    channel_free(&connection->channel);
    free(connection->peer.name);
    free(connection);
}
