#include "http/body.h"

#include "http/tempfile.h"

#include <unistd.h>

/* What one chunk may add to the overhead: sixteen digits and two line ends. */
enum { CHUNK_OVERHEAD = 20 };

static int on_chunk_header(llhttp_t *llhttp);
static int on_trailer(llhttp_t *llhttp);
static int on_chunk_complete(llhttp_t *llhttp);
static int on_body(llhttp_t *llhttp, const char *at, size_t len);
static int on_message_complete(llhttp_t *llhttp);

static const llhttp_settings_t callbacks = {
    .on_chunk_header = on_chunk_header,
    .on_chunk_complete = on_chunk_complete,
    .on_body = on_body,
    .on_header_value_complete = on_trailer,
    .on_message_complete = on_message_complete,
};

/* Notes why the body is refused; GV_BAD. */
static int refuse(gv_body *body, int status, const char *reason)
{
    body->status = status;
    body->reason = reason;
    return GV_BAD;
}

/* `more` bytes are announced behind the ones that are there. */
static int check_limit(gv_body *body, uint64_t more)
{
    if (more > body->limits.each - body->len)
        return refuse(body, 413, "a body over the limit");
    return GV_OK;
}

/* llhttp's state is plain memory: it has no pointer to itself, and none into the
 * head's bytes once it has paused behind the head. */
void gv_body_init(gv_body *body, const gv_parser *parser, const gv_body_limits *limits)
{
    *body = (gv_body){.framing = parser->llhttp,
                      .limits = *limits,
                      .fd = -1,
                      .most_overhead = parser->limits.headers,
                      .trailers_left = parser->limits.header_count};
    llhttp_resume(&body->framing);
    body->framing.settings = (void *)&callbacks;
    body->framing.upgrade = 0;
    body->complete =
        (body->framing.flags & F_CHUNKED) == 0 && body->framing.content_length == 0;
    check_limit(body, body->framing.content_length);
}

void gv_body_dispose(gv_body *body)
{
    gv_buf_dispose(&body->memory);
    if (body->fd >= 0)
        close(body->fd);
    body->fd = -1;
    *body->limits.spent -= body->spilled;
    body->spilled = 0;
}

/* Writes to the file, if there is room for it. */
static int write_file(gv_body *body, const char *data, size_t len)
{
    const gv_body_limits *limits = &body->limits;

    if (len > limits->disk - *limits->spent)
        return refuse(body, 503, "no room for bodies in files (limits.body_disk)");
    if (gv_tempfile_write(body->fd, data, len) != GV_OK)
        return refuse(body, 503, "a temporary file can not be written");
    *limits->spent += len;
    body->spilled += len;
    return GV_OK;
}

/* Moves what is in memory to a file. */
static int spill(gv_body *body)
{
    body->fd = gv_tempfile_open();
    if (body->fd < 0)
        return refuse(body, 503, "a temporary file can not be made");
    if (write_file(body, body->memory.at, body->memory.len) != GV_OK)
        return GV_BAD;
    gv_buf_dispose(&body->memory);
    return GV_OK;
}

static int store(gv_body *body, const char *data, size_t len)
{
    if (body->fd < 0 && body->memory.len + len <= body->limits.memory) {
        gv_buf_append(&body->memory, data, len);
        return GV_OK;
    }
    if (body->fd < 0 && spill(body) != GV_OK)
        return GV_BAD;
    return write_file(body, data, len);
}

/* llhttp keeps the chunk's size in content_length. */
static int on_chunk_header(llhttp_t *llhttp)
{
    gv_body *body = llhttp->data;

    body->chunks++;
    body->in_chunk = true;
    return check_limit(body, llhttp->content_length) == GV_OK ? HPE_OK : HPE_USER;
}

static int on_chunk_complete(llhttp_t *llhttp)
{
    gv_body *body = llhttp->data;

    body->in_chunk = false;
    return HPE_OK;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t len)
{
    gv_body *body = llhttp->data;

    if (store(body, at, len) != GV_OK)
        return HPE_USER;
    body->len += len;
    return HPE_OK;
}

static int on_trailer(llhttp_t *llhttp)
{
    gv_body *body = llhttp->data;

    if (body->trailers_left-- > 0)
        return HPE_OK;
    refuse(body, 431, "more trailers than the limit for fields");
    return HPE_USER;
}

static int on_message_complete(llhttp_t *llhttp)
{
    gv_body *body = llhttp->data;

    body->complete = true;
    return HPE_PAUSED;
}

static uint64_t overhead_limit(const gv_body *body)
{
    return body->most_overhead + CHUNK_OVERHEAD * body->chunks;
}

/* How many bytes may be decoded in one go so that only the last of them can be over the
 * limit of overhead: the answer does not depend on how the bytes were split. */
static size_t longest_step(const gv_body *body, size_t len)
{
    uint64_t step = overhead_limit(body) - body->overhead + 1;

    if ((body->framing.flags & F_CHUNKED) == 0)
        return len;
    if (body->in_chunk) /* what is left of the chunk's data is none */
        step += body->framing.content_length;
    return step < len ? (size_t)step : len;
}

/* As gv_body_feed(), of no more than longest_step(). */
static ssize_t feed(gv_body *body, const char *data, size_t len)
{
    uint64_t decoded = body->len;
    llhttp_errno_t error = llhttp_execute(&body->framing, data, len);

    if (error == HPE_PAUSED)
        len = (size_t)(llhttp_get_error_pos(&body->framing) - data);
    else if (body->status != 0)
        return GV_BAD;
    else if (error != HPE_OK)
        return refuse(body, 400, llhttp_get_error_reason(&body->framing));
    body->overhead += len - (body->len - decoded);
    if (body->overhead > overhead_limit(body))
        return refuse(body, 431, "chunk extensions or trailers over the limit");
    return (ssize_t)len;
}

ssize_t gv_body_feed(gv_body *body, const char *data, size_t len)
{
    size_t used = 0;

    if (body->status != 0)
        return GV_BAD;
    body->framing.data = body; /* it may have moved since the last time */
    while (used < len && !body->complete) {
        ssize_t n = feed(body, data + used, longest_step(body, len - used));

        if (n < 0)
            return n;
        used += (size_t)n;
    }
    return (ssize_t)used;
}
