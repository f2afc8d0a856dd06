#include "http/error_page.h"

#include "base/json.h"
#include "http/escape.h"
#include "http/status.h"

enum { QUALITY_MAX = 1000 };

/* A range's preference in thousandths: the number behind "q=" (RFC 9110, section
 * 12.4.2), or the most where there is none. */
static int quality_of(gv_slice parameters)
{
    int quality = 0, weight = QUALITY_MAX;

    while (parameters.len > 1 && (parameters.at[0] != 'q' || parameters.at[1] != '='))
        parameters = gv_slice_from(parameters, 1);
    if (parameters.len < 3)
        return QUALITY_MAX;
    for (size_t i = 2; i < parameters.len && weight > 0; i++) {
        char digit = parameters.at[i];

        if (digit == '.')
            continue;
        if (digit < '0' || digit > '9')
            break;
        quality += (digit - '0') * weight;
        weight /= 10;
    }
    return quality < QUALITY_MAX ? quality : QUALITY_MAX;
}

/* How exactly `range` names `type`: 0 not at all, 1 as all types, 2 as all of its
 * kind, 3 by itself. */
static int match(gv_slice range, gv_slice type)
{
    size_t kind = (size_t)((const char *)memchr(type.at, '/', type.len) - type.at) + 1;

    if (gv_slice_equal_nocase(range, type))
        return 3;
    if (gv_slice_equal(range, GV_SLICE("*/*")))
        return 1;
    if (range.len == kind + 1 && range.at[kind] == '*' &&
        strncasecmp(range.at, type.at, kind) == 0)
        return 2;
    return 0;
}

/* What the field `accept` gives `type`, by the range that names it most exactly. */
static int quality_for(gv_slice accept, gv_slice type)
{
    int best = 0, quality = 0;

    while (accept.len > 0) {
        const char *comma = memchr(accept.at, ',', accept.len);
        size_t len = comma != NULL ? (size_t)(comma - accept.at) : accept.len;
        gv_slice element = {accept.at, len};
        const char *semicolon = memchr(element.at, ';', element.len);
        size_t range_len = semicolon != NULL ? (size_t)(semicolon - element.at) : len;
        int exactness = match(gv_slice_trim((gv_slice){element.at, range_len}), type);

        if (exactness > best) {
            best = exactness;
            quality = quality_of(gv_slice_from(element, range_len));
        }
        accept = gv_slice_from(accept, comma != NULL ? len + 1 : len);
    }
    return quality;
}

bool gv_prefers_json(gv_slice accept, gv_slice type)
{
    const char *semicolon = memchr(type.at, ';', type.len);

    if (semicolon != NULL)
        type.len = (size_t)(semicolon - type.at);
    return quality_for(accept, GV_SLICE("application/json")) >
           quality_for(accept, type);
}

/* The start of `detail` that is shown, cut between two characters. */
static gv_slice shown(gv_slice detail)
{
    if (detail.len <= GV_ERROR_DETAIL)
        return detail;
    detail.len = GV_ERROR_DETAIL;
    while (detail.len > 0 && ((unsigned char)detail.at[detail.len] & 0xC0) == 0x80)
        detail.len--;
    return detail;
}

static void write_json(gv_buf *out, int status, gv_slice reason, gv_slice detail)
{
    gv_json json = {out, false};

    gv_json_open(&json, NULL, '{');
    gv_json_int(&json, "status", status);
    gv_json_text(&json, "error", reason);
    if (detail.len > 0)
        gv_json_text(&json, "detail", detail);
    gv_json_close(&json, '}');
    gv_buf_append_literal(out, "\n");
}

static void write_html(gv_buf *out, int status, gv_slice reason, gv_slice detail)
{
    int length = (int)reason.len;

    gv_buf_printf(out,
                  "<!DOCTYPE html>\n<html lang=\"en\">\n"
                  "<head><meta charset=\"utf-8\"><title>%d %.*s</title></head>\n"
                  "<body><h1>%d %.*s</h1>",
                  status, length, reason.at, status, length, reason.at);
    if (detail.len > 0) {
        gv_buf_append_literal(out, "\n<p>");
        gv_escape_html(out, detail);
        gv_buf_append_literal(out, "</p>");
    }
    gv_buf_append_literal(out, "</body>\n</html>\n");
}

gv_slice gv_error_page(gv_buf *out, int status, gv_slice detail, gv_slice accept)
{
    gv_slice reason = gv_status_reason(status);

    if (gv_prefers_json(accept, GV_SLICE("text/html"))) {
        write_json(out, status, reason, shown(detail));
        return GV_SLICE("application/json");
    }
    write_html(out, status, reason, shown(detail));
    return GV_SLICE("text/html; charset=utf-8");
}
