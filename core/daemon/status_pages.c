#include "daemon/status_pages.h"

#define HTML  {"text/html; charset=utf-8", 24}
#define PLAIN {"text/plain; charset=utf-8", 25}

static int write_live(gv_buf *out, const gv_report *report)
{
    (void)report;
    gv_buf_append_literal(out, "live\n");
    return 200;
}

static int write_ready(gv_buf *out, const gv_report *report)
{
    if (report->unready == NULL) {
        gv_buf_append_literal(out, "ready\n");
        return 200;
    }
    gv_buf_printf(out, "not ready: %s\n", report->unready);
    return 503;
}

static int write_metrics(gv_buf *out, const gv_report *report)
{
    gv_metrics_write(out, report);
    return 200;
}

static int write_json(gv_buf *out, const gv_report *report)
{
    gv_status_json_write(out, report);
    return 200;
}

static int write_text(gv_buf *out, const gv_report *report)
{
    gv_status_text_write(out, report);
    return 200;
}

static int write_html(gv_buf *out, const gv_report *report)
{
    (void)report;
    gv_buf_append_slice(out, gv_dashboard_html);
    return 200;
}

static int write_css(gv_buf *out, const gv_report *report)
{
    (void)report;
    gv_buf_append_slice(out, gv_dashboard_css);
    return 200;
}

static int write_js(gv_buf *out, const gv_report *report)
{
    (void)report;
    gv_buf_append_slice(out, gv_dashboard_js);
    return 200;
}

static const gv_status_page pages[] = {
    {{"/live", 5}, PLAIN, write_live},
    {{"/ready", 6}, PLAIN, write_ready},
    {{"/metrics", 8}, {"text/plain; version=0.0.4; charset=utf-8", 40}, write_metrics},
    {{"/status.json", 12}, {"application/json", 16}, write_json},
    {{"/status.txt", 11}, PLAIN, write_text},
    {{"/", 1}, HTML, write_html},
    {{"/dashboard.css", 14}, {"text/css; charset=utf-8", 23}, write_css},
    {{"/dashboard.js", 13}, {"text/javascript; charset=utf-8", 30}, write_js},
};

const gv_status_page *gv_status_page_at(gv_slice path)
{
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (gv_slice_equal(pages[i].path, path))
            return &pages[i];
    }
    return NULL;
}
