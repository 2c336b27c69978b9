#include <check.h>

#include "bytes.h"
#include "format.h"

static void start(struct stream *stream, size_t limit)
{
    goridge3_decoder_init(&stream->decoder3, limit);
}

static void stop(struct stream *stream)
{
    goridge3_decoder_free(&stream->decoder3);
}

static void *space(struct stream *stream, size_t *size)
{
    return goridge3_decoder_space(&stream->decoder3, size);
}

static void wrote(struct stream *stream, size_t size)
{
    goridge3_decoder_wrote(&stream->decoder3, size);
}

static int next(struct stream *stream, struct error *error)
{
    return goridge3_decoder_next(&stream->decoder3, &stream->frame3, error);
}

static struct bytes rest(const struct stream *stream)
{
    return goridge3_decoder_rest(&stream->decoder3);
}

static const struct buffer *buffer(const struct stream *stream)
{
    return &stream->decoder3.frames.bytes;
}

static struct bytes payload(const struct stream *stream)
{
    return stream->frame3.payload;
}

void append_frame(struct buffer *to, const struct goridge3_frame *frame)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    size_t size = goridge3_header(header, frame->flags, frame->stream, frame->options,
                                  frame->option_count, (uint32_t)frame->payload.size);
    append_bytes(to, (struct bytes){header, size});
    append_bytes(to, frame->payload);
}

static void append_last(const struct stream *stream, struct buffer *to)
{
    append_frame(to, &stream->frame3);
}

static void append_parts(struct buffer *to, const struct payload *parts)
{
    uint8_t header[GORIDGE3_HEADER_MAX];
    append_bytes(to, (struct bytes){header, goridge3_payload_header(header, parts)});
    append_bytes(to, parts->context);
    append_bytes(to, parts->body);
}

void append_payload(struct buffer *to, const char *context, const char *body)
{
    append_parts(to, &(struct payload){bytes_of_text(context), bytes_of_text(body)});
}

static void append_body(struct buffer *to, struct bytes body)
{
    append_parts(to, &(struct payload){.body = body});
}

static size_t put_header(uint8_t *header, uint32_t size)
{
    return goridge3_header(header, 0, 0, NULL, 0, size);
}

static void append_as_server(const struct stream *stream, struct buffer *to, struct tally *tally)
{
    const struct goridge3_frame *frame = &stream->frame3;
    bool control = frame->flags == (GORIDGE3_CONTROL | GORIDGE3_JSON) && frame->option_count == 0;
    if (control && bytes_equal(frame->payload, bytes_of_text("{\"pid\":1234}"))) {
        ck_assert_int_eq(goridge3_append_pid(to, 1234), STATUS_OK);
        tally->pids++;
    } else if (control && bytes_equal(frame->payload, bytes_of_text("{\"stop\":true}"))) {
        ck_assert_int_eq(goridge3_append_stop(to), STATUS_OK);
        tally->stops++;
    } else if (frame->flags == 0 && frame->stream == 0 && frame->option_count == 1 &&
               frame->options[0] <= frame->payload.size) {
        size_t context = frame->options[0];
        const char *data = frame->payload.data;
        append_parts(to, &(struct payload){{data, context},
                                           {data + context, frame->payload.size - context}});
        tally->execs++;
    } else {
        append_frame(to, frame);
        tally->others++;
    }
}

static void understand(struct stream *stream, struct tally *tally)
{
    const struct goridge3_frame *frame = &stream->frame3;
    struct payload said;
    struct error error = {0};
    bool more = false;
    int pid = 0;
    switch (goridge3_understand(frame, &said, &more, &pid, &error)) {
    case GORIDGE3_MEANS_REPLY:
        ck_assert_int_eq(more, frame->stream & 1);
        ck_assert_uint_eq(said.context.size, frame->options[0]);
        ck_assert_uint_eq(payload_size(&said), frame->payload.size);
        tally->replies++;
        break;
    case GORIDGE3_MEANS_WORKER_ERROR:
        expect_bytes(said.body, frame->payload);
        tally->errors++;
        break;
    case GORIDGE3_MEANS_PID:
        ck_assert_int_eq(pid, 4321);
        tally->worker_pids++;
        break;
    case GORIDGE3_MEANS_STOP:
        tally->worker_stops++;
        break;
    default:
        ck_abort_msg("not understood: %s", error_text(&error));
    }
}

static size_t append_examples(struct buffer *to)
{
    ck_assert_int_eq(goridge3_append_pid(to, 4321), STATUS_OK);
    append_payload(to, "{\"n\":1}", "hello");
    append_payload(to, "", "");
    append_payload(to, "context alone", "");
    struct goridge3_frame full = {
        .flags = GORIDGE3_PROTO | GORIDGE3_RAW,
        .stream = GORIDGE3_STREAM | GORIDGE3_PING,
        .option_count = 10,
        .options = {1, 2, 3, 4, 5, 6, 7, 8, 9, UINT32_MAX},
        .payload = {"\0\x13\x14\xff", 4},
    };
    append_frame(to, &full);
    struct goridge3_frame bare = {.flags = GORIDGE3_ERROR};
    append_frame(to, &bare);
    ck_assert_int_eq(goridge3_append_stop(to), STATUS_OK);
    return 7;
}

const struct format format_goridge3 = {
    .name = "goridge v3",
    .header = GORIDGE3_HEADER,
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
