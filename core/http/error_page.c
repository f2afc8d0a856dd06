#include "http/error_page.h"

#include "base/json.h"
#include "http/accept.h"
#include "http/escape.h"
#include "http/status.h"

bool gv_prefers_json(gv_slice accept, gv_slice type)
{
    return gv_accept_quality(accept, GV_SLICE("application/json")) >
           gv_accept_quality(accept, type);
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
