/* What the status address answers: a page for each path. */
#ifndef GV_DAEMON_STATUS_PAGES_H
#define GV_DAEMON_STATUS_PAGES_H

#include "base/buf.h"
#include "daemon/report.h"

typedef struct gv_status_page {
    gv_slice path;
    gv_slice content_type;
    /* Appends the page for `report`, and returns its status. */
    int (*write)(gv_buf *out, const gv_report *report);
} gv_status_page;

/* NULL where there is none. */
const gv_status_page *gv_status_page_at(gv_slice path);

/* The pages that are larger than a line. */
void gv_metrics_write(gv_buf *out, const gv_report *report);
void gv_status_json_write(gv_buf *out, const gv_report *report);
void gv_status_text_write(gv_buf *out, const gv_report *report);

/* The dashboard's files, which setup.py makes from core/daemon/dashboard/. */
extern const gv_slice gv_dashboard_html, gv_dashboard_css, gv_dashboard_js;

#endif
