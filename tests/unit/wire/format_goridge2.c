#include <check.h>

#include "bytes.h"
#include "format.h"

static void start(struct stream *stream, size_t limit)
{
    goridge2_decoder_init(&stream->decoder2, limit);
    goridge2_joiner_init(&stream->joiner2, limit);
}

static void stop(struct stream *stream)
{
    goridge2_decoder_free(&stream->decoder2);
    goridge2_joiner_free(&stream->joiner2);
}

static void *space(struct stream *stream, size_t *size)
{
    return goridge2_decoder_space(&stream->decoder2, size);
}

static void wrote(struct stream *stream, size_t size)
{
    goridge2_decoder_wrote(&stream->decoder2, size);
}

static int next(struct stream *stream, struct error *error)
{
    return goridge2_decoder_next(&stream->decoder2, &stream->frame2, error);
}

static struct bytes rest(const struct stream *stream)
{
    return goridge2_decoder_rest(&stream->decoder2);
}

static const struct buffer *buffer(const struct stream *stream)
{
    return &stream->decoder2.frames.bytes;
}

static struct bytes payload(const struct stream *stream)
{
    return stream->frame2.payload;
}

void append_frame2(struct buffer *to, const struct goridge2_frame *frame)
{
    uint8_t header[GORIDGE2_HEADER];
    goridge2_header(header, frame->flags, frame->payload.size);
    append_bytes(to, (struct bytes){header, sizeof header});
    append_bytes(to, frame->payload);
}

static void append_last(const struct stream *stream, struct buffer *to)
{
    append_frame2(to, &stream->frame2);
}

void append_payload2(struct buffer *to, const char *context, const char *body)
{
    struct payload parts = {bytes_of_text(context), bytes_of_text(body)};
    uint8_t context_header[GORIDGE2_HEADER];
    uint8_t body_header[GORIDGE2_HEADER];
    goridge2_payload_headers(context_header, body_header, &parts);
    append_bytes(to, (struct bytes){context_header, GORIDGE2_HEADER});
    append_bytes(to, parts.context);
    append_bytes(to, (struct bytes){body_header, GORIDGE2_HEADER});
    append_bytes(to, parts.body);
}

static void append_body(struct buffer *to, struct bytes body)
{
    append_frame2(to, &(struct goridge2_frame){GORIDGE2_RAW, body});
}

static size_t put_header(uint8_t *header, uint32_t size)
{
    goridge2_header(header, GORIDGE2_RAW, size);
    return GORIDGE2_HEADER;
}

/* The server's two frames of an exec come one at a time here: each is written by its half of the
   function that writes both. */
static void append_half(struct buffer *to, const struct goridge2_frame *frame, struct tally *tally)
{
    uint8_t headers[2][GORIDGE2_HEADER];
    bool is_body = frame->flags == 0;
    struct payload parts = {0};
    *(is_body ? &parts.body : &parts.context) = frame->payload;
    goridge2_payload_headers(headers[0], headers[1], &parts);
    append_bytes(to, (struct bytes){headers[is_body ? 1 : 0], GORIDGE2_HEADER});
    append_bytes(to, frame->payload);
    (*(is_body ? &tally->execs : &tally->exec_contexts))++;
}

static void append_as_server(const struct stream *stream, struct buffer *to, struct tally *tally)
{
    const struct goridge2_frame *frame = &stream->frame2;
    bool control = frame->flags == GORIDGE2_CONTROL;
    if (control && bytes_equal(frame->payload, bytes_of_text("{\"pid\":1234}"))) {
        ck_assert_int_eq(goridge2_append_pid(to, 1234), STATUS_OK);
        tally->pids++;
    } else if (control && bytes_equal(frame->payload, bytes_of_text("{\"stop\":true}"))) {
        ck_assert_int_eq(goridge2_append_stop(to), STATUS_OK);
        tally->stops++;
    } else if (frame->flags == 0 || frame->flags == (GORIDGE2_CONTROL | GORIDGE2_RAW)) {
        append_half(to, frame, tally);
    } else {
        append_frame2(to, frame);
        tally->others++;
    }
}

static void understand(struct stream *stream, struct tally *tally)
{
    const struct goridge2_frame *frame = &stream->frame2;
    struct payload said;
    struct error error = {0};
    int pid = 0;
    switch (goridge2_understand(&stream->joiner2, frame, &said, &pid, &error)) {
    case GORIDGE2_MEANS_NOTHING_YET:
        ck_assert(goridge2_joiner_waits(&stream->joiner2));
        expect_bytes(buffer_unread(&stream->joiner2.context.bytes), frame->payload);
        tally->reply_contexts++;
        return;
    case GORIDGE2_MEANS_REPLY:
        expect_bytes(said.context, buffer_unread(&stream->joiner2.context.bytes));
        expect_bytes(said.body, frame->payload);
        tally->replies++;
        break;
    case GORIDGE2_MEANS_WORKER_ERROR:
        expect_bytes(said.body, frame->payload);
        tally->errors++;
        break;
    case GORIDGE2_MEANS_PID:
        ck_assert_int_eq(pid, 4321);
        tally->worker_pids++;
        break;
    case GORIDGE2_MEANS_STOP:
        expect_bytes(said.context, bytes_of_text("{\"stop\":true}"));
        tally->worker_stops++;
        break;
    default:
        ck_abort_msg("not understood: %s", error_text(&error));
    }
    ck_assert(!goridge2_joiner_waits(&stream->joiner2));
}

static size_t append_examples(struct buffer *to)
{
    static const uint8_t flags[] = {0x08, 0x12, 0x1c};
    enum { FLAGS = sizeof flags };
    ck_assert_int_eq(goridge2_append_pid(to, 4321), STATUS_OK);
    append_payload2(to, "{\"n\":1}", "hello");
    append_payload2(to, "", "");
    /* the test of every two splits takes the square of the length: no more than needed */
    for (size_t i = 0; i < FLAGS; i++) {
        append_frame2(to, &(struct goridge2_frame){.flags = flags[i]});
    }
    append_frame2(to, &(struct goridge2_frame){GORIDGE2_RAW, {"\0\x04\n\x14\xff", 5}});
    ck_assert_int_eq(goridge2_append_stop(to), STATUS_OK);
    return 1 + 2 + 2 + FLAGS + 1 + 1;
}

const struct format format_goridge2 = {
    .name = "goridge v2",
    .header = GORIDGE2_HEADER,
    .start = start,
    .stop = stop,
    .space = space,
    .wrote = wrote,
    .next = next,
    .rest = rest,
    .buffer = buffer,
    .payload = payload,
    .append_frame = append_last,
    .append_as_server = append_as_server,
    .understand = understand,
    .append_body = append_body,
    .put_header = put_header,
    .append_examples = append_examples,
};
