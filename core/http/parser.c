#include "http/parser.h"

#include "base/mem.h"
#include "http/chars.h"
#include "http/host.h"
#include "http/list.h"
#include "http/target.h"

#include <stdlib.h>

/* What stands behind the target: " HTTP/1.1", and its line's end. */
enum { VERSION_LEN = 9, CRLF_LEN = 2 };

static int on_url(llhttp_t *llhttp, const char *at, size_t len);
static int on_header_field(llhttp_t *llhttp, const char *at, size_t len);
static int on_header_value(llhttp_t *llhttp, const char *at, size_t len);
static int on_headers_complete(llhttp_t *llhttp);

static const llhttp_settings_t callbacks = {
    .on_url = on_url,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
};

void gv_parser_init(gv_parser *parser, const gv_parser_limits *limits)
{
    *parser = (gv_parser){.limits = *limits};
    parser->headers = gv_calloc(limits->header_count, sizeof(gv_header));
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &callbacks);
    parser->llhttp.data = parser;
}

void gv_parser_dispose(gv_parser *parser)
{
    free(parser->headers);
    *parser = (gv_parser){0};
}

/* Notes why a request is refused.  GV_BAD; callbacks of llhttp turn it into
 * HPE_USER. */
static int refuse(gv_parser *parser, int status, const char *reason)
{
    parser->status = status;
    parser->reason = reason;
    return GV_BAD;
}

/* ---- what llhttp tells, in the order it comes ---- */

/* The method that llhttp found, or -1 for one that guava does not serve. */
static int served_method(const llhttp_t *llhttp)
{
    switch (llhttp->method) {
    case HTTP_GET:
        return GV_GET;
    case HTTP_HEAD:
        return GV_HEAD;
    case HTTP_POST:
        return GV_POST;
    case HTTP_PUT:
        return GV_PUT;
    case HTTP_PATCH:
        return GV_PATCH;
    case HTTP_DELETE:
        return GV_DELETE;
    case HTTP_OPTIONS:
        return GV_OPTIONS;
    default:
        return -1;
    }
}

static int read_method(gv_parser *parser)
{
    int method = served_method(&parser->llhttp);

    if (parser->llhttp.method == HTTP_PRI)
        return refuse(parser, 505, "the preface of HTTP/2");
    if (method < 0)
        return refuse(parser, 501, "a method that is not served");
    parser->req->method = (gv_method)method;
    parser->req->method_name = gv_method_name((gv_method)method);
    return GV_OK;
}

/* Called once for each head: with what there is of the target. */
static int on_url(llhttp_t *llhttp, const char *at, size_t len)
{
    gv_parser *parser = llhttp->data;
    size_t line = (size_t)(at - parser->data) + VERSION_LEN;

    parser->req->target = (gv_slice){at, len};
    /* In the order in which it shows, where the bytes come one by one. */
    if (line + 1 <= parser->limits.request_line && read_method(parser) != GV_OK)
        return HPE_USER;
    if (line + len <= parser->limits.request_line)
        return HPE_OK;
    refuse(parser, 414, "a request line over the limit");
    return HPE_USER;
}

static inline bool same_word(const char *name, const char *lower)
{
    uint64_t a, b;

    memcpy(&a, name, sizeof(a));
    memcpy(&b, lower, sizeof(b));
    return (a | 0x2020202020202020u) == b;
}

static inline bool same_half_word(const char *name, const char *lower)
{
    uint32_t a, b;

    memcpy(&a, name, sizeof(a));
    memcpy(&b, lower, sizeof(b));
    return (a | 0x20202020u) == b;
}

/* Whether a field name is `lower` (4 to 24 bytes, in lower case), by words that
 * overlap.  A token has no control characters, so nothing but '-' becomes '-' when
 * the bit of lower case is set. */
static inline bool is_named(const char *name, const char *lower, size_t len)
{
    if (len < 8)
        return same_half_word(name, lower) &&
               same_half_word(name + len - 4, lower + len - 4);
    return same_word(name, lower) && same_word(name + len - 8, lower + len - 8) &&
           (len <= 16 || same_word(name + 8, lower + 8));
}

#define IS(name, lower) is_named((name), (lower), sizeof(lower) - 1)

static gv_field field_named(const char *name, size_t len)
{
    switch (len) {
    case 4:
        return IS(name, "host") ? GV_FIELD_HOST : GV_FIELD_OTHER;
    case 5:
        return IS(name, "range") ? GV_FIELD_RANGE : GV_FIELD_OTHER;
    case 6:
        if (IS(name, "accept"))
            return GV_FIELD_ACCEPT;
        if (IS(name, "cookie"))
            return GV_FIELD_COOKIE;
        return IS(name, "expect") ? GV_FIELD_EXPECT : GV_FIELD_OTHER;
    case 7:
        return IS(name, "referer") ? GV_FIELD_REFERER : GV_FIELD_OTHER;
    case 8:
        if (IS(name, "if-match"))
            return GV_FIELD_IF_MATCH;
        return IS(name, "if-range") ? GV_FIELD_IF_RANGE : GV_FIELD_OTHER;
    case 10:
        if (IS(name, "connection"))
            return GV_FIELD_CONNECTION;
        return IS(name, "user-agent") ? GV_FIELD_USER_AGENT : GV_FIELD_OTHER;
    case 12:
        return IS(name, "content-type") ? GV_FIELD_CONTENT_TYPE : GV_FIELD_OTHER;
    case 13:
        return IS(name, "if-none-match") ? GV_FIELD_IF_NONE_MATCH : GV_FIELD_OTHER;
    case 14:
        return IS(name, "content-length") ? GV_FIELD_CONTENT_LENGTH : GV_FIELD_OTHER;
    case 15:
        return IS(name, "accept-encoding") ? GV_FIELD_ACCEPT_ENCODING : GV_FIELD_OTHER;
    case 17:
        if (IS(name, "transfer-encoding"))
            return GV_FIELD_TRANSFER_ENCODING;
        return IS(name, "if-modified-since") ? GV_FIELD_IF_MODIFIED_SINCE
                                             : GV_FIELD_OTHER;
    case 19:
        return IS(name, "if-unmodified-since") ? GV_FIELD_IF_UNMODIFIED_SINCE
                                               : GV_FIELD_OTHER;
    default:
        return GV_FIELD_OTHER;
    }
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t len)
{
    gv_parser *parser = llhttp->data;
    gv_request *req = parser->req;

    if (req->header_count == parser->limits.header_count) {
        refuse(parser, 431, "more header fields than the limit");
        return HPE_USER;
    }
    parser->headers[req->header_count++] =
        (gv_header){{at, len}, GV_SLICE_NONE, field_named(at, len)};
    return HPE_OK;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t len)
{
    gv_parser *parser = llhttp->data;

    while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
        len--;
    parser->headers[parser->req->header_count - 1].value = (gv_slice){at, len};
    return HPE_OK;
}

/* The checks of a whole head follow outside of llhttp: see finish(). */
static int on_headers_complete(llhttp_t *llhttp)
{
    (void)llhttp;
    return HPE_PAUSED;
}

/* ---- the request line ---- */

/* Reads the version behind the target (RFC 9112, section 2.3), at which `left`
 * bytes are.  GV_OK for 1.0 and 1.1; GV_AGAIN where it has not all come. */
static int read_version(gv_parser *parser, const char *at, size_t left)
{
    static const char usual[] = " HTTP/1.1\r", form[] = " HTTP/d.d\r";

    if (left >= sizeof(usual) - 1 && memcmp(at, usual, sizeof(usual) - 1) == 0) {
        parser->req->minor = 1;
        return GV_OK;
    }
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        if (i == left)
            return GV_AGAIN;
        if (form[i] == 'd' ? at[i] < '0' || at[i] > '9' : at[i] != form[i])
            return refuse(parser, 400, "a malformed request line");
    }
    if (at[6] != '1' || at[8] > '1')
        return refuse(parser, 505, "a version other than HTTP/1.0 and HTTP/1.1");
    parser->req->minor = (uint8_t)(at[8] - '0');
    return GV_OK;
}

static int read_target(gv_parser *parser)
{
    const char *fault = gv_target_split(parser->req);

    return fault == NULL ? GV_OK : refuse(parser, 400, fault);
}

/* ---- the fields that decide how the request is read ---- */

/* The absolute target's host decides; a Host that says otherwise is refused, as a
 * proxy might have looked at either. */
static int read_host(gv_parser *parser, gv_slice host)
{
    gv_request *req = parser->req;

    if (!gv_host_valid(host))
        return refuse(parser, 400, "a malformed Host");
    if (req->host.at == NULL)
        req->host = host;
    else if (!gv_host_equal(req->host, host, gv_target_implied_port(req->target)))
        return refuse(parser, 400, "a target that Host contradicts");
    return GV_OK;
}

typedef struct connection_options {
    bool close, keep_alive;
} connection_options;

static void read_connection(connection_options *options, gv_slice list)
{
    gv_slice option;

    while (gv_list_next(&list, &option)) {
        if (gv_slice_equal_nocase(option, GV_SLICE("close")))
            options->close = true;
        else if (gv_slice_equal_nocase(option, GV_SLICE("keep-alive")))
            options->keep_alive = true;
    }
}

/* llhttp has checked that the value is one number of 64 bits. */
static int read_content_length(gv_parser *parser)
{
    if (parser->llhttp.content_length > INT64_MAX)
        return refuse(parser, 400, "a Content-Length that is too large");
    parser->req->content_length = (int64_t)parser->llhttp.content_length;
    return GV_OK;
}

/* Whether there is a tab in the white space around a value: a colon stands before it, a
 * CR behind. */
static bool has_tab_around(gv_slice value)
{
    const char *before = value.at - 1, *behind = value.at + value.len;

    while (*before == ' ')
        before--;
    while (*behind == ' ')
        behind++;
    return *before == '\t' || *behind == '\t';
}

/* Only `chunked` alone is understood.  Where it comes last of other codings the
 * request is legal and not served; anywhere else its end can not be known
 * (RFC 9112, sections 6.1 and 6.3). */
static int read_transfer_encoding(gv_parser *parser, gv_slice list)
{
    gv_slice coding, rest = list;
    unsigned count = 0, chunked = 0;
    bool last = false;

    if (parser->req->minor == 0)
        return refuse(parser, 400, "Transfer-Encoding in HTTP/1.0");
    if (parser->req->chunked)
        return refuse(parser, 400, "Transfer-Encoding more than once");
    if (list.len > 0 && has_tab_around(list))
        return refuse(parser, 400, "a tab beside Transfer-Encoding");
    while (gv_list_next(&rest, &coding)) {
        if (coding.len == 0 || gv_token_span(coding) != coding.len)
            return refuse(parser, 400, "a malformed Transfer-Encoding");
        last = gv_slice_equal_nocase(coding, GV_SLICE("chunked"));
        chunked += last;
        count++;
    }
    if (!last || chunked > 1 || list.at[list.len - 1] == ',')
        return refuse(parser, 400, "Transfer-Encoding without chunked at its end");
    if (count > 1)
        return refuse(parser, 501, "a transfer coding other than chunked");
    if ((parser->llhttp.flags & F_CHUNKED) == 0)
        return refuse(parser, 400, "Transfer-Encoding with odd white space");
    parser->req->chunked = true;
    return GV_OK;
}

/* HTTP/1.0 clients know no 100 (RFC 9110, section 10.1.1). */
static int read_expect(gv_parser *parser, gv_slice expectation)
{
    if (!gv_slice_equal_nocase(expectation, GV_SLICE("100-continue")))
        return refuse(parser, 417, "an expectation other than 100-continue");
    parser->req->expect_continue = parser->req->minor > 0;
    return GV_OK;
}

static int read_fields(gv_parser *parser)
{
    gv_request *req = parser->req;
    connection_options connection = {false, false};
    unsigned hosts = 0;
    int result = GV_OK;

    for (unsigned i = 0; i < req->header_count && result == GV_OK; i++) {
        gv_slice value = req->headers[i].value;

        switch (req->headers[i].field) {
        case GV_FIELD_HOST:
            result = hosts++ == 0 ? read_host(parser, value)
                                  : refuse(parser, 400, "Host more than once");
            break;
        case GV_FIELD_CONNECTION:
            read_connection(&connection, value);
            break;
        case GV_FIELD_CONTENT_LENGTH:
            result = read_content_length(parser);
            break;
        case GV_FIELD_TRANSFER_ENCODING:
            result = read_transfer_encoding(parser, value);
            break;
        case GV_FIELD_EXPECT:
            result = read_expect(parser, value);
            break;
        default:
            break;
        }
    }
    if (result == GV_OK && hosts == 0 && req->minor > 0)
        return refuse(parser, 400, "no Host");
    req->keep_alive = !connection.close && (req->minor > 0 || connection.keep_alive);
    return result;
}

/* ---- a head from its start to its end ---- */

static void begin(gv_parser *parser, gv_request *req, const char *data)
{
    *req = (gv_request){.content_length = -1, .headers = parser->headers};
    parser->req = req;
    parser->data = data;
    llhttp_reset(&parser->llhttp);
}

/* The bytes of the empty lines before the request line (RFC 9112, section 2.2). */
static size_t empty_lines_len(const char *data, size_t len)
{
    size_t skipped = 0;

    while (len - skipped >= 2 && data[skipped] == '\r' && data[skipped + 1] == '\n')
        skipped += 2;
    return skipped;
}

/* Where the field lines begin, from the start of the data: known as soon as the
 * target is, as all versions are equally long. */
static size_t fields_start(const gv_parser *parser)
{
    const gv_slice *target = &parser->req->target;

    return (size_t)(target->at - parser->data) + target->len + VERSION_LEN + CRLF_LEN;
}

/* The head has not all come, and may be over a limit already. */
static ssize_t wait_for_more(gv_parser *parser, const char *end)
{
    size_t len = (size_t)(end - parser->data);

    parser->most = parser->limits.request_line;
    if (parser->req->target.at == NULL)
        return len <= parser->most
                   ? GV_AGAIN
                   : refuse(parser, 414, "a request line over the limit");
    if (len < fields_start(parser))
        return GV_AGAIN; /* on_url() has looked at the limit */
    parser->most = fields_start(parser) + parser->limits.headers + CRLF_LEN - 1;
    return len <= parser->most ? GV_AGAIN
                               : refuse(parser, 431, "header fields over the limit");
}

/* A head ends at `end`: llhttp takes it for well-formed. */
static ssize_t finish(gv_parser *parser, const char *line, const char *end)
{
    gv_request *req = parser->req;
    const char *target_end = req->target.at + req->target.len;

    if (wait_for_more(parser, end - 1) == GV_BAD)
        return GV_BAD;
    if (req->target.at != line + req->method_name.len + 1)
        return refuse(parser, 400, "more than one space behind the method");
    if (read_version(parser, target_end, (size_t)(end - target_end)) != GV_OK)
        return GV_BAD;
    if (read_target(parser) != GV_OK || read_fields(parser) != GV_OK)
        return GV_BAD;
    return end - parser->data;
}

/* llhttp knows a fixed list of methods and refuses others at their first strange
 * byte: any token is a legal method (RFC 9110, section 9.1). */
static ssize_t refuse_method(gv_parser *parser, const char *line, const char *end)
{
    size_t len = gv_token_span((gv_slice){line, (size_t)(end - line)});

    if (line + len == end)
        return wait_for_more(parser, end);
    if ((size_t)(line + len - parser->data) > parser->limits.request_line)
        return refuse(parser, 414, "a request line over the limit");
    if (len == 0 || line[len] != ' ')
        return refuse(parser, 400, "a method that is not a token");
    return refuse(parser, 501, "a method that is not served");
}

static llhttp_errno_t parse(gv_parser *parser, const char *line, const char *end)
{
    begin(parser, parser->req, parser->data);
    return llhttp_execute(&parser->llhttp, line, (size_t)(end - line));
}

/* llhttp has found a fault.  Where what came before it is refused by itself, over a limit
 * say, that decides: so the answer is the same however the bytes are split. */
static ssize_t refuse_fault(gv_parser *parser, const char *line)
{
    const char *reason = llhttp_get_error_reason(&parser->llhttp);
    const char *fault = llhttp_get_error_pos(&parser->llhttp);
    llhttp_errno_t error = parse(parser, line, fault);

    if (error != HPE_OK && error != HPE_USER && fault > line)
        error = parse(parser, line, --fault); /* it was the byte behind the fault */
    if (error == HPE_USER || wait_for_more(parser, fault) == GV_BAD)
        return GV_BAD;
    return refuse(parser, 400, reason);
}

/* llhttp has stopped with `error`. */
static ssize_t explain(gv_parser *parser, llhttp_errno_t error, const char *line,
                       const char *end)
{
    const gv_slice *target = &parser->req->target;
    int result;

    switch (error) {
    case HPE_USER:
        return GV_BAD;
    case HPE_INVALID_METHOD:
        return refuse_method(parser, line, end);
    case HPE_INVALID_VERSION:
        result = read_version(parser, target->at + target->len,
                              (size_t)(end - target->at) - target->len);
        if (result == GV_AGAIN)
            return wait_for_more(parser, end);
        if (result == GV_BAD)
            return result;
        break;
    default:
        break;
    }
    return refuse_fault(parser, line);
}

ssize_t gv_parser_head(gv_parser *parser, gv_request *req, const char *data, size_t len)
{
    const char *line = data + empty_lines_len(data, len);
    const char *end = data + len;
    llhttp_errno_t error;

    begin(parser, req, data);
    if (line == end || (*line == '\r' && line + 1 == end))
        return wait_for_more(parser, end);
    if (*line == '\r' || *line == '\n')
        return refuse(parser, 400, "a bare CR or LF before the request line");
    error = llhttp_execute(&parser->llhttp, line, (size_t)(end - line));
    if (error == HPE_PAUSED)
        return finish(parser, line, llhttp_get_error_pos(&parser->llhttp));
    if (error == HPE_OK)
        return wait_for_more(parser, end);
    return explain(parser, error, line, end);
}
