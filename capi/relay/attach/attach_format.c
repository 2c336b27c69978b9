#include "attach_format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/recognise.h"

/* No limit is known here: that is the server's. A stated length is believed up to what servers allow
   by default, beyond that room is made for what has come. */
enum { TRUST = 64 * 1024 * 1024, QUOTE_MOST = 80 };

/* 0x14: a header with one option, or a context of the second format. */
enum { AMBIGUOUS = GORIDGE2_CONTROL | GORIDGE2_RAW };

static void careful(struct frame_buffer *frames)
{
    frames->trust = TRUST;
    frames->terminates = true;
}

void attach_format_init(struct attach_format *format)
{
    const size_t limit = PTRDIFF_MAX / 2;
    *format = (struct attach_format){.class = &attach_goridge3};
    goridge2_decoder_init(&format->goridge2, limit);
    goridge2_joiner_init(&format->joiner, limit);
    goridge3_decoder_init(&format->goridge3, limit);
    careful(&format->goridge2.frames);
    careful(&format->goridge3.frames);
}

void attach_format_free(struct attach_format *format)
{
    goridge2_decoder_free(&format->goridge2);
    goridge2_joiner_free(&format->joiner);
    goridge3_decoder_free(&format->goridge3);
    frame_buffer_free(&format->context);
}

/* What was read while nothing was known. */
static int hand_over(struct attach_format *format, struct bytes came, struct error *error)
{
    while (came.size > 0) {
        size_t size = 0;
        void *to = goridge2_decoder_space(&format->goridge2, &size);
        if (to == NULL) {
            return error_memory(error);
        }
        size = size < came.size ? size : came.size;
        memcpy(to, came.data, size);
        goridge2_decoder_wrote(&format->goridge2, size);
        came.data = (const char *)came.data + size;
        came.size -= size;
    }
    goridge3_decoder_free(&format->goridge3);
    format->class = &attach_goridge2;
    return 1;
}

/* Whether it can be told already. Only a header with options and a frame of the second format begin
   alike; the third one's CRC tells. */
static bool is_enough(struct bytes came)
{
    return came.size >= GORIDGE3_HEADER ||
           (came.size > 0 && *(const uint8_t *)came.data != AMBIGUOUS);
}

static bool is_goridge2(struct bytes came)
{
    uint8_t first = *(const uint8_t *)came.data;
    return first == GORIDGE2_CONTROL || first == (GORIDGE2_CONTROL | GORIDGE2_EMPTY) ||
           (first == AMBIGUOUS && !goridge3_recognise(came));
}

int attach_format_recognise(struct attach_format *format, struct error *error)
{
    struct bytes came = goridge3_decoder_rest(&format->goridge3);
    if (!is_enough(came)) {
        return 0;
    }
    return is_goridge2(came) ? hand_over(format, came, error) : 1;
}

int attach_format_refuse(int status, const char *name, struct bytes came, struct error *error)
{
    char *quoted = bytes_quote(came, QUOTE_MOST);
    const char *quote = quoted == NULL ? "(no memory to quote it)" : quoted;
    if (status == STATUS_ETOOBIG) {
        error_set(error, status, "a %s frame came that says it has more bytes than memory can: %s",
                  name, quote);
    } else {
        error_set(error, status,
                  "what came is no %s frame of a server (does it come from one, and does nobody "
                  "else read from this relay?): %s",
                  name, quote);
    }
    free(quoted);
    return status;
}
