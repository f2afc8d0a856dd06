#include "http/listing.h"

#include "base/mem.h"
#include "http/escape.h"
#include "http/path.h"

#include <stdlib.h>
#include <time.h>

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

/* Whoever changes it puts the new digest into `policy`; a test tells it. */
static const char style[] =
    "\n"
    ":root { --ink: #1f2328; --faint: #5f6771; --line: #e4e7ea; --paper: #fff;\n"
    "  --hover: #f5f7f9; --link: #0a5bc4; --folder: #d99a2b }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --ink: #e6e8eb; --faint: #9aa2ab; --line: #2a2f36; --paper: #14171a;\n"
    "    --hover: #1c2126; --link: #7db4ff; --folder: #e3b25c }\n"
    "}\n"
    "* { box-sizing: border-box }\n"
    "body { margin: 0; padding: 2.5rem 1rem; background: var(--paper);\n"
    "  color: var(--ink); font: 15px/1.5 system-ui, sans-serif }\n"
    "main { max-width: 52rem; margin: 0 auto }\n"
    "h1 { margin: 0 .75rem 1rem; font-size: 1.35rem; font-weight: 600;\n"
    "  overflow-wrap: anywhere }\n"
    "h1 i { margin: 0 .1em; color: var(--faint); font-style: normal;\n"
    "  font-weight: 400 }\n"
    "table { width: 100%; border-collapse: collapse }\n"
    "th, td { padding: .45rem .75rem; border-bottom: 1px solid var(--line);\n"
    "  text-align: left; vertical-align: baseline }\n"
    "th { font-size: .8rem; font-weight: 500; white-space: nowrap }\n"
    "th a { color: var(--faint) }\n"
    "th[aria-sort] a { color: var(--ink) }\n"
    "th[aria-sort] a::after { content: \"\\a0\\2191\" }\n"
    "th[aria-sort=descending] a::after { content: \"\\a0\\2193\" }\n"
    "td { overflow-wrap: anywhere }\n"
    "th + th, td + td { width: 1%; color: var(--faint); text-align: right;\n"
    "  white-space: nowrap; font-variant-numeric: tabular-nums }\n"
    "tbody tr:hover { background: var(--hover) }\n"
    "a { color: var(--link); text-decoration: none }\n"
    "a:hover, a:focus-visible { text-decoration: underline }\n"
    "td:first-child { padding-left: 2.4rem }\n"
    "svg { float: left; width: 1.1em; height: 1.1em; margin: .2em 0 0 -1.7em;\n"
    "  fill: var(--faint) }\n"
    "svg.folder { fill: var(--folder) }\n"
    "svg.icons { display: none }\n"
    ".empty { color: var(--faint) }\n"
    "@media (max-width: 34rem) {\n"
    "  body { padding: 1.25rem 0 }\n"
    "  th:nth-child(3), td:nth-child(3) { display: none }\n"
    "}\n";

static const char policy[] =
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "style-src 'sha256-ry+ZuckgecpmyNn+VhPzRfVOBhNQ/JsEv/Nz67p7kxM='";

static const char icons[] =
    "<svg class=\"icons\">"
    "<symbol id=\"folder\" viewBox=\"0 0 16 16\"><path d=\"M1.5 3A1.5 1.5 0 0 1 3 1.5h3"
    "l1.5 2H13A1.5 1.5 0 0 1 14.5 5v7.5A1.5 1.5 0 0 1 13 14H3a1.5 1.5 0 0 "
    "1-1.5-1.5z\"/>"
    "</symbol>"
    "<symbol id=\"file\" viewBox=\"0 0 16 16\"><path d=\"M4 1h5v4h4v9a1 1 0 0 1-1 "
    "1H4a1 1"
    " 0 0 1-1-1V2a1 1 0 0 1 1-1zm6 0 3 3h-3z\"/></symbol>"
    "<symbol id=\"up\" viewBox=\"0 0 16 16\"><path d=\"M8 2.5 13 7.5l-1.4 1.4L9 "
    "6.3V14H7"
    "V6.3L4.4 8.9 3 7.5z\"/></symbol>"
    "</svg>\n";

/* ---- order ---- */

static int compare_column(const gv_listing_entry *a, const gv_listing_entry *b,
                          gv_listing_column column)
{
    switch (column) {
    case GV_LISTING_SIZE:
        return a->is_directory ? 0 : (a->size > b->size) - (a->size < b->size);
    case GV_LISTING_MODIFIED:
        return (a->modified > b->modified) - (a->modified < b->modified);
    default:
        return gv_natural_compare(a->name, b->name);
    }
}

static int compare(const void *a, const void *b, void *context)
{
    const gv_listing_entry *left = *(const gv_listing_entry *const *)a;
    const gv_listing_entry *right = *(const gv_listing_entry *const *)b;
    const gv_listing_order *order = context;
    int outcome;

    if (left->is_directory != right->is_directory)
        return left->is_directory ? -1 : 1;
    outcome = compare_column(left, right, order->column);
    if (outcome == 0)
        return gv_natural_compare(left->name, right->name);
    return order->descending ? -outcome : outcome;
}

/* Fills `shown` with the entries that can be asked for, in order; returns how many. */
static size_t sort(const gv_listing_entry **shown, const gv_listing *listing)
{
    gv_listing_order order = listing->order;
    size_t kept = 0;

    for (size_t i = 0; i < listing->count; i++)
        if (gv_utf8_valid(listing->entries[i].name))
            shown[kept++] = &listing->entries[i];
    qsort_r(shown, kept, sizeof(*shown), compare, &order);
    return kept;
}

/* ---- the path ---- */

static size_t count_segments(gv_slice path)
{
    size_t count = 0;

    for (size_t i = 0; i < path.len; i++)
        count += path.at[i] == '/';
    return count;
}

/* A link to the directory that is `up` levels above this one, or its own name. */
static void put_crumb(gv_buf *out, gv_slice name, size_t up)
{
    if (up == 0) {
        gv_escape_html(out, name);
        return;
    }
    gv_buf_append_literal(out, "<a href=\"");
    for (size_t i = 0; i < up; i++)
        gv_buf_append_literal(out, "../");
    gv_buf_append_literal(out, "\">");
    gv_escape_html(out, name);
    gv_buf_append_literal(out, "</a>");
}

static gv_slice take_segment(gv_slice *path)
{
    const char *slash = memchr(path->at, '/', path->len);
    gv_slice segment = {path->at, (size_t)(slash - path->at)};

    *path = gv_slice_from(*path, segment.len + 1);
    return segment;
}

/* The top, then each directory on the way; all but the last are links. */
static void put_crumbs(gv_buf *out, const gv_listing *listing)
{
    gv_slice top = {listing->path.at, listing->top};
    gv_slice below = gv_slice_from(listing->path, listing->top);
    size_t up = count_segments(below);

    if (top.len > 1) {
        put_crumb(out, (gv_slice){top.at, top.len - 1}, up);
        gv_buf_append_literal(out, "<i>/</i>");
    } else {
        put_crumb(out, top, up);
    }
    while (up > 0) {
        put_crumb(out, take_segment(&below), --up);
        gv_buf_append_literal(out, "<i>/</i>");
    }
}

/* ---- the head ---- */

static void put_head(gv_buf *out, const gv_listing *listing)
{
    gv_buf_append(out, head, sizeof(head) - 1);
    gv_buf_append_literal(out, "<style>");
    gv_buf_append(out, style, sizeof(style) - 1);
    gv_buf_append_literal(out, "</style>\n<title>Index of ");
    gv_escape_html(out, listing->path);
    gv_buf_append_literal(out, "</title>\n</head>\n<body>\n");
    gv_buf_append(out, icons, sizeof(icons) - 1);
    gv_buf_append_literal(out, "<main>\n<h1>Index of ");
    put_crumbs(out, listing);
    gv_buf_append_literal(out, "</h1>\n");
}

/* A column's name, which leads to the page in its order: of what is sorted by it the
 * other way round, and otherwise the largest and newest first. */
static void put_column(gv_buf *out, gv_listing_column column, gv_listing_order order)
{
    static const char *const titles[] = {"Name", "Size", "Modified (UTC)"};
    bool sorted = column == order.column;
    bool descending = sorted ? !order.descending : column != GV_LISTING_NAME;
    gv_slice name = gv_listing_column_name(column);

    gv_buf_append_literal(out, "<th scope=\"col\"");
    if (sorted)
        gv_buf_printf(out, " aria-sort=\"%s\"",
                      order.descending ? "descending" : "ascending");
    gv_buf_printf(out, "><a href=\"?sort=%.*s&amp;order=%s\">%s</a></th>",
                  (int)name.len, name.at, descending ? "desc" : "asc", titles[column]);
}

static void put_columns(gv_buf *out, gv_listing_order order)
{
    gv_buf_append_literal(out, "<thead><tr>");
    for (int column = 0; column < GV_LISTING_COLUMNS; column++)
        put_column(out, (gv_listing_column)column, order);
    gv_buf_append_literal(out, "</tr></thead>\n");
}

/* ---- the entries ---- */

static void put_parent(gv_buf *out)
{
    gv_buf_append_literal(out, "<tr><td><svg aria-hidden=\"true\"><use href=\"#up\"/>"
                               "</svg><a href=\"../\">Parent directory</a></td>"
                               "<td></td><td></td></tr>\n");
}

static void put_link(gv_buf *out, const gv_listing_entry *entry)
{
    const char *icon = entry->is_directory ? "folder" : "file";
    const char *slash = entry->is_directory ? "/" : "";

    gv_buf_printf(out,
                  "<svg class=\"%s\" aria-hidden=\"true\"><use href=\"#%s\"/></svg>"
                  "<a href=\"./",
                  icon, icon);
    gv_escape_url(out, entry->name);
    gv_buf_printf(out, "%s\">", slash);
    gv_escape_html(out, entry->name);
    gv_buf_printf(out, "%s</a>", slash);
}

/* Not by "%.1f", which follows the locale that the application may have set. */
static void put_rounded(gv_buf *out, double amount)
{
    unsigned tenths = (unsigned)(amount * 10 + 0.5);

    if (tenths < 100)
        gv_buf_printf(out, "%u.%u", tenths / 10, tenths % 10);
    else
        gv_buf_append_uint(out, (uint64_t)(amount + 0.5));
}

/* In powers of 1024, three digits at most. */
static void put_size(gv_buf *out, uint64_t size)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double amount = (double)size / 1024;
    size_t unit = 0;

    if (size < 1000) {
        gv_buf_append_uint(out, size);
        gv_buf_append_literal(out, " B");
        return;
    }
    while (amount >= 999.5) {
        amount /= 1024;
        unit++;
    }
    put_rounded(out, amount);
    gv_buf_printf(out, " %s", units[unit]);
}

static void put_time(gv_buf *out, int64_t seconds)
{
    time_t moment = (time_t)seconds;
    char iso[40], shown[40];
    struct tm tm;

    if (gmtime_r(&moment, &tm) == NULL)
        return;
    strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm);
    strftime(shown, sizeof(shown), "%Y-%m-%d %H:%M", &tm);
    gv_buf_printf(out, "<time datetime=\"%s\">%s</time>", iso, shown);
}

static void put_entry(gv_buf *out, const gv_listing_entry *entry)
{
    gv_buf_append_literal(out, "<tr><td>");
    put_link(out, entry);
    if (entry->is_directory) {
        gv_buf_append_literal(out, "</td><td>");
    } else {
        gv_buf_append_literal(out, "</td><td title=\"");
        gv_buf_append_uint(out, entry->size);
        gv_buf_append_literal(out, " bytes\">");
        put_size(out, entry->size);
    }
    gv_buf_append_literal(out, "</td><td>");
    put_time(out, entry->modified);
    gv_buf_append_literal(out, "</td></tr>\n");
}

static void put_entries(gv_buf *out, const gv_listing *listing)
{
    const gv_listing_entry **shown = gv_calloc(listing->count, sizeof(*shown));
    size_t kept = sort(shown, listing);

    for (size_t i = 0; i < kept; i++)
        put_entry(out, shown[i]);
    if (kept == 0)
        gv_buf_append_literal(out, "<tr><td class=\"empty\" colspan=\"3\">"
                                   "This directory is empty.</td></tr>\n");
    free(shown);
}

gv_slice gv_listing_policy(void)
{
    return GV_SLICE(policy);
}

void gv_listing_render(gv_buf *out, const gv_listing *listing)
{
    put_head(out, listing);
    gv_buf_append_literal(out, "<table>\n");
    put_columns(out, listing->order);
    gv_buf_append_literal(out, "<tbody>\n");
    if (listing->path.len > listing->top)
        put_parent(out);
    put_entries(out, listing);
    gv_buf_append_literal(out, "</tbody>\n</table>\n</main>\n</body>\n</html>\n");
}
