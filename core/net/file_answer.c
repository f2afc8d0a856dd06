#include "net/file_answer.h"

#include "base/mem.h"
#include "http/conditional.h"
#include "http/range.h"
#include "net/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum { BOUNDARY_LEN = 32 };

/* ---- payloads ---- */

static void release_content(void *owner)
{
    gv_file_unref(owner);
}

static void release_open(void *owner)
{
    gv_open_file_unref(owner);
}

static void send_bytes(gv_exchange *ex, gv_file *file, gv_open_file *open,
                       const gv_range *range)
{
    if (open != NULL)
        ex->res.payload = (gv_payload){.kind = GV_PAYLOAD_FILE,
                                       .fd = open->fd,
                                       .offset = (off_t)range->first,
                                       .length = range->length,
                                       .owner = gv_open_file_ref(open),
                                       .release = release_open};
    else
        ex->res.payload =
            (gv_payload){.kind = GV_PAYLOAD_BYTES,
                         .bytes = {file->content + range->first, range->length},
                         .owner = gv_file_ref(file),
                         .release = release_content};
}

/* ---- more ranges than one ---- */

/* The texts of a multipart/byteranges body, and which bytes go between them. */
typedef struct multipart {
    char content_type[sizeof("multipart/byteranges; boundary=") + BOUNDARY_LEN];
    char boundary[BOUNDARY_LEN + 1];
    gv_buf text;
    gv_buf whole;       /* all of it, where the content is in memory; else */
    gv_open_file *open; /* a reference */
    gv_part parts[GV_RANGES_MAX + 1];
} multipart;

static void free_multipart(void *owner)
{
    multipart *body = owner;

    gv_buf_dispose(&body->text);
    gv_buf_dispose(&body->whole);
    if (body->open != NULL)
        gv_open_file_unref(body->open);
    free(body);
}

/* Nobody who writes a file can know what would end it early. */
static void choose_boundary(multipart *body)
{
    unsigned char random[BOUNDARY_LEN / 2] = {0};
    ssize_t n = getrandom(random, sizeof(random), 0);

    (void)n; /* a few bytes never fail once the kernel has started */
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(body->boundary + 2 * i, 3, "%02x", random[i]);
    snprintf(body->content_type, sizeof(body->content_type),
             "multipart/byteranges; boundary=%s", body->boundary);
}

/* The parts' texts are cut out of one buffer once that has stopped growing. */
static multipart *make_multipart(const gv_file *file, const gv_ranges *ranges)
{
    multipart *body = gv_calloc(1, sizeof(*body));
    uint64_t size = (uint64_t)file->state.size;
    size_t ends[GV_RANGES_MAX + 1], start = 0;

    choose_boundary(body);
    for (unsigned i = 0; i < ranges->count; i++) {
        gv_range_part_begin(&body->text, gv_slice_of(body->boundary), file->type,
                            &ranges->at[i], size);
        ends[i] = body->text.len;
        body->parts[i].offset = (off_t)ranges->at[i].first;
        body->parts[i].length = ranges->at[i].length;
    }
    gv_range_parts_end(&body->text, gv_slice_of(body->boundary));
    ends[ranges->count] = body->text.len;
    for (unsigned i = 0; i <= ranges->count; i++) {
        body->parts[i].text = (gv_slice){body->text.at + start, ends[i] - start};
        start = ends[i];
    }
    return body;
}

/* Where the content is in memory, so is all of the body. */
static void gather(multipart *body, const gv_file *file, unsigned part_count)
{
    for (unsigned i = 0; i < part_count; i++) {
        const gv_part *part = &body->parts[i];

        gv_buf_append_slice(&body->whole, part->text);
        gv_buf_append(&body->whole, file->content + part->offset, part->length);
    }
}

static void send_ranges(gv_exchange *ex, const gv_file *file, gv_open_file *open,
                        const gv_ranges *ranges)
{
    multipart *body = make_multipart(file, ranges);
    gv_payload *payload = &ex->res.payload;
    unsigned part_count = ranges->count + 1;

    ex->res.content_type = gv_slice_of(body->content_type);
    *payload = (gv_payload){.owner = body, .release = free_multipart};
    if (open == NULL) {
        gather(body, file, part_count);
        payload->kind = GV_PAYLOAD_BYTES;
        payload->bytes = gv_buf_slice(&body->whole);
        return;
    }
    body->open = gv_open_file_ref(open);
    payload->kind = GV_PAYLOAD_FILE;
    payload->fd = open->fd;
    payload->parts = body->parts;
    payload->part_count = part_count;
}

/* ---- answering ---- */

/* What Range asks for; GV_DECLINED where all of the file is to be sent. */
static int ranges_asked(const gv_exchange *ex, const gv_file *file, gv_field_set fields,
                        const gv_validator *current, gv_ranges *ranges)
{
    if (ex->req->method != GV_GET || !(fields & GV_FIELD_BIT(GV_FIELD_RANGE)) ||
        !gv_if_range_holds(ex->req, fields, current, gv_server_wall(ex->server)))
        return GV_DECLINED;
    return gv_ranges_parse(ranges, gv_request_only_field(ex->req, GV_FIELD_RANGE),
                           (uint64_t)file->state.size);
}

void gv_file_answer_whole(gv_exchange *ex, gv_file *file, gv_open_file *open,
                          int status)
{
    const gv_range all = {0, (uint64_t)file->state.size};

    ex->res.content_type = file->type;
    gv_buf_append_slice(&ex->res.fields, gv_buf_slice(&file->fields));
    ex->res.status = status;
    send_bytes(ex, file, open, &all);
}

static void send_partial(gv_exchange *ex, gv_file *file, gv_open_file *open,
                         const gv_ranges *ranges)
{
    ex->res.status = 206;
    if (ranges->count > 1) {
        send_ranges(ex, file, open, ranges);
        return;
    }
    gv_content_range_append(&ex->res.fields, &ranges->at[0],
                            (uint64_t)file->state.size);
    send_bytes(ex, file, open, &ranges->at[0]);
}

static void send_content(gv_exchange *ex, gv_file *file, gv_open_file *open,
                         gv_field_set fields, const gv_validator *current)
{
    gv_ranges ranges;

    switch (ranges_asked(ex, file, fields, current, &ranges)) {
    case GV_OK:
        ex->res.content_type = file->type;
        gv_buf_append_slice(&ex->res.fields, gv_buf_slice(&file->fields));
        send_partial(ex, file, open, &ranges);
        break;
    case GV_BAD:
        gv_unsatisfied_range_append(&ex->res.fields, (uint64_t)file->state.size);
        gv_exchange_error(ex, 416);
        break;
    default:
        gv_file_answer_whole(ex, file, open, 200);
    }
}

void gv_file_answer(gv_exchange *ex, gv_file *file, gv_open_file *open)
{
    const gv_validator current = {
        .etag = file->etag, .modified = file->modified, .date = file->date};
    gv_field_set fields = gv_request_fields(ex->req);
    int status = gv_conditions_check(ex->req, fields, &current);

    if (status == 200) {
        send_content(ex, file, open, fields, &current);
        return;
    }
    if (status == 304) {
        gv_buf_append(&ex->res.fields, file->fields.at, file->brief);
        ex->res.status = 304;
    } else {
        gv_exchange_error(ex, status);
    }
}
