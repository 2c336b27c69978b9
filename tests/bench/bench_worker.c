/* The cheapest worker there can be, to have hundreds of: goridge v3, every payload is sent back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/goridge3.h"

enum { LARGEST = 1 << 20 };

static int input = 3;
static int output = 4;

static void must(bool good, const char *what)
{
    if (!good) {
        perror(what);
        exit(1);
    }
}

static void find_relay(void)
{
    static const char prefix[] = "unix://";
    const char *relay = getenv("RR_RELAY");
    if (relay == NULL || strncmp(relay, prefix, sizeof prefix - 1) != 0) {
        return;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", relay + sizeof prefix - 1);
    input = output = socket(AF_UNIX, SOCK_STREAM, 0);
    must(input >= 0 && connect(input, (void *)&address, sizeof address) == 0, relay);
}

/* false: it is to end. */
static bool answer(const struct goridge3_frame *frame, struct buffer *answers)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    if ((frame->flags & GORIDGE3_CONTROL) == 0) {
        size_t size = goridge3_header(header, frame->flags, 0, frame->options, frame->option_count,
                                      (uint32_t)frame->payload.size);
        return buffer_append(answers, (struct bytes){header, size}) == STATUS_OK &&
               buffer_append(answers, frame->payload) == STATUS_OK;
    }
    static const char stop[] = "stop";
    return memmem(frame->payload.data, frame->payload.size, stop, sizeof stop - 1) == NULL &&
           goridge3_append_pid(answers, getpid()) == STATUS_OK;
}

static void send_all(struct buffer *answers)
{
    while (buffer_unread(answers).size > 0) {
        ssize_t wrote = write(output, buffer_unread(answers).data, buffer_unread(answers).size);
        must(wrote > 0, "write");
        buffer_consume(answers, (size_t)wrote);
    }
}

int main(void)
{
    struct goridge3_decoder decoder;
    struct buffer answers = {0};
    goridge3_decoder_init(&decoder, LARGEST);
    find_relay();
    for (;;) {
        size_t size = 0;
        void *to = goridge3_decoder_space(&decoder, &size);
        ssize_t got = to == NULL ? 0 : read(input, to, size);
        if (got <= 0) {
            return got == 0 ? 0 : 1;
        }
        goridge3_decoder_wrote(&decoder, (size_t)got);
        struct goridge3_frame frame;
        bool goes_on = true;
        while (goes_on && goridge3_decoder_next(&decoder, &frame, NULL) > 0) {
            goes_on = answer(&frame, &answers);
        }
        send_all(&answers);
        if (!goes_on) {
            return 0;
        }
    }
}
