#include "net/sender.h"

#include "http/response.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* What one turn of one connection sends of a file, so that others get theirs. */
enum { FILE_TURN = 1024 * 1024 };

/* A client that makes room within this time is not what an answer waits for. */
enum { PROMPT_MS = 100 };

void gv_sending_dispose(gv_sending *sending)
{
    gv_payload_dispose(&sending->payload);
    gv_buf_dispose(&sending->text);
}

static int outcome_of_error(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK ? GV_AGAIN : GV_FAILED;
}

static ssize_t send_vector(int fd, struct iovec *parts, size_t count, int flags)
{
    struct msghdr msg = {.msg_iov = parts, .msg_iovlen = count};
    ssize_t n;

    do {
        n = sendmsg(fd, &msg, MSG_NOSIGNAL | flags);
    } while (n < 0 && errno == EINTR);
    return n;
}

int gv_send(int fd, gv_slice out, size_t *sent)
{
    ssize_t n;

    *sent = 0;
    do {
        n = send(fd, out.at, out.len, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return outcome_of_error();
    *sent = (size_t)n;
    return *sent == out.len ? GV_OK : GV_AGAIN;
}

/* As outcome_of_error(), and whether it is the client that is waited for. */
static int outcome_of_sending(gv_sending *sending)
{
    int outcome = outcome_of_error();

    sending->is_blocked = outcome == GV_AGAIN;
    return outcome;
}

/* Takes `n` sent bytes off the text first, then off the bytes behind it. */
static void account(gv_sending *sending, size_t n)
{
    size_t text = sending->text.len - sending->text_sent;

    sending->passed += n;
    if (n < text) {
        sending->text_sent += n;
        return;
    }
    sending->text.len = sending->text_sent = 0;
    sending->payload.bytes = gv_slice_from(sending->payload.bytes, n - text);
    sending->body_sent += n - text;
}

/* The text, and with it the bytes where the payload is bytes. */
static int send_memory(gv_sending *sending, int fd)
{
    gv_payload *payload = &sending->payload;
    bool more = payload->kind == GV_PAYLOAD_FILE && payload->length > 0;

    if (payload->kind != GV_PAYLOAD_BYTES)
        payload->bytes = GV_SLICE_NONE;
    for (;;) {
        gv_slice text = gv_slice_from(gv_buf_slice(&sending->text), sending->text_sent);
        struct iovec parts[2] = {
            {(void *)text.at, text.len},
            {(void *)payload->bytes.at, payload->bytes.len},
        };
        ssize_t n;

        if (parts[0].iov_len + parts[1].iov_len == 0)
            return GV_OK;
        n = send_vector(fd, parts, 2, more ? MSG_MORE : 0);
        if (n < 0)
            return outcome_of_sending(sending);
        account(sending, (size_t)n);
    }
}

/* At most `*turn` bytes, which what is sent is taken off. */
static int send_file(gv_sending *sending, int fd, size_t *turn)
{
    gv_payload *file = &sending->payload;

    while (file->length > 0) {
        size_t want = file->length < *turn ? (size_t)file->length : *turn;
        ssize_t n;

        if (want == 0)
            return GV_AGAIN;
        n = sendfile(fd, file->fd, &file->offset, want);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return outcome_of_sending(sending);
        if (n == 0)
            return GV_FAILED; /* the file became shorter than announced */
        file->length -= (uint64_t)n;
        sending->body_sent += (uint64_t)n;
        sending->passed += (uint64_t)n;
        *turn -= (size_t)n;
    }
    return GV_OK;
}

/* Goes on to the part behind what is sent; its text is sent like a head's. */
static void next_part(gv_sending *sending)
{
    gv_payload *file = &sending->payload;
    const gv_part *part = file->parts++;

    file->part_count--;
    file->offset = part->offset;
    file->length = part->length;
    gv_buf_append_slice(&sending->text, part->text);
    sending->body_sent += part->text.len;
}

/* The file, and its further parts. */
static int send_parts_of_file(gv_sending *sending, int fd)
{
    size_t turn = FILE_TURN;
    int outcome = send_file(sending, fd, &turn);

    while (outcome == GV_OK && sending->payload.part_count > 0) {
        next_part(sending);
        outcome = send_memory(sending, fd);
        if (outcome == GV_OK)
            outcome = send_file(sending, fd, &turn);
    }
    return outcome;
}

static void append_chunk(gv_sending *sending, gv_slice chunk)
{
    if (chunk.len == 0)
        return; /* as a chunk it would end the body */
    sending->body_sent += chunk.len;
    if (sending->chunked)
        gv_chunk_begin(&sending->text, chunk.len);
    gv_buf_append_slice(&sending->text, chunk);
    if (sending->chunked)
        gv_buf_append_literal(&sending->text, GV_CHUNK_END);
}

static void end_stream(gv_sending *sending)
{
    if (sending->chunked)
        gv_buf_append_literal(&sending->text, GV_CHUNK_LAST);
    gv_payload_dispose(&sending->payload);
}

/* The client has taken all that there was, so its time does not run meanwhile. */
static int pause_stream(gv_sending *sending)
{
    sending->is_paused = true;
    sending->is_timed = false;
    return GV_AGAIN;
}

/* One chunk a turn: it reaches the client when it is made, and a stream without end
 * leaves the others their turns. */
static int send_stream(gv_sending *sending, int fd)
{
    gv_payload *stream = &sending->payload;
    gv_slice chunk = GV_SLICE_NONE;
    int sent;

    switch (stream->next(stream->owner, &chunk)) {
    case GV_MORE:
        append_chunk(sending, chunk);
        sent = send_memory(sending, fd);
        return sent == GV_OK ? GV_AGAIN : sent;
    case GV_MORE_LATER:
        return pause_stream(sending);
    case GV_NO_MORE:
        end_stream(sending);
        return send_memory(sending, fd);
    case GV_MORE_FAILED:
        break;
    }
    return GV_FAILED;
}

/* Bytes that the socket holds: not sent, or not acknowledged (tcp(7), SIOCOUTQ). */
static uint64_t held_by_socket(int fd)
{
    int held = 0;

    return ioctl(fd, SIOCOUTQ, &held) == 0 && held > 0 ? (uint64_t)held : 0;
}

int gv_sending_go_on(gv_sending *sending, int fd)
{
    int outcome;

    sending->is_blocked = sending->is_paused = false;
    if (sending->payload.kind == GV_PAYLOAD_STREAM && sending->text.len == 0)
        return send_stream(sending, fd);
    outcome = send_memory(sending, fd);
    if (outcome == GV_OK && sending->payload.kind == GV_PAYLOAD_FILE)
        outcome = send_parts_of_file(sending, fd);
    if (outcome == GV_OK && sending->payload.kind == GV_PAYLOAD_STREAM)
        outcome = send_stream(sending, fd);
    return outcome;
}

static void begin_time(gv_sending *sending, int fd, const gv_pace_rule *rule,
                       int64_t now_ms)
{
    gv_pace_begin(&sending->pace, rule, now_ms);
    sending->passed = held_by_socket(fd);
    sending->is_timed = true;
}

void gv_sending_wait(gv_sending *sending, int fd, const gv_pace_rule *rule,
                     int64_t now_ms)
{
    sending->waits_ms = now_ms;
    if (sending->is_blocked && !sending->is_timed)
        begin_time(sending, fd, rule, now_ms);
}

void gv_sending_resume(gv_sending *sending, int64_t now_ms)
{
    if (now_ms - sending->waits_ms < PROMPT_MS)
        sending->is_timed = false;
}

bool gv_sending_is_in_time(gv_sending *sending, int fd, const gv_pace_rule *rule,
                           int64_t seen_ms)
{
    uint64_t held;

    if (!sending->is_timed) {
        begin_time(sending, fd, rule, seen_ms);
        return true;
    }
    held = held_by_socket(fd);
    if (held < sending->passed && sending->passed - held > sending->pace.bytes)
        gv_pace_add(&sending->pace, rule, sending->passed - held - sending->pace.bytes,
                    seen_ms);
    return !gv_pace_is_over(&sending->pace, rule, seen_ms);
}
