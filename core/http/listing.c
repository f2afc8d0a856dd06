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
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<style>\n"
    ":root { --ink: #1f2328; --faint: #656d76; --line: #e4e7ea; --paper: #fff;\n"
    "  --hover: #f5f7f9; --link: #0a5bc4; --folder: #d99a2b }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --ink: #e6e8eb; --faint: #929aa3; --line: #2a2f36; --paper: #14171a;\n"
    "    --hover: #1c2126; --link: #7db4ff; --folder: #e3b25c }\n"
    "}\n"
    "* { box-sizing: border-box }\n"
    "body { margin: 0; padding: 2.5rem 1rem; background: var(--paper);\n"
    "  color: var(--ink); font: 15px/1.5 system-ui, sans-serif }\n"
    "main { max-width: 52rem; margin: 0 auto }\n"
    "h1 { margin: 0 .75rem 1rem; font-size: 1.35rem; font-weight: 600;\n"
    "  overflow-wrap: anywhere }\n"
    "table { width: 100%; border-collapse: collapse }\n"
    "th, td { padding: .45rem .75rem; border-bottom: 1px solid var(--line);\n"
    "  text-align: left; vertical-align: baseline }\n"
    "th { color: var(--faint); font-size: .8rem; font-weight: 500 }\n"
    "td { overflow-wrap: anywhere }\n"
    "th + th, td + td { width: 1%; color: var(--faint); text-align: right;\n"
    "  white-space: nowrap; font-variant-numeric: tabular-nums }\n"
    "tbody tr:hover { background: var(--hover) }\n"
    "a { color: var(--link); text-decoration: none }\n"
    "a:hover, a:focus-visible { text-decoration: underline }\n"
    "svg { width: 1.1em; height: 1.1em; margin-right: .6em; vertical-align: -.18em;\n"
    "  fill: var(--faint) }\n"
    "svg.folder { fill: var(--folder) }\n"
    "svg.icons { display: none }\n"
    ".empty { color: var(--faint) }\n"
    "@media (max-width: 34rem) { th:nth-child(3), td:nth-child(3) { display: none } }\n"
    "</style>\n";

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

static int compare(const void *a, const void *b)
{
    const gv_listing_entry *left = *(const gv_listing_entry *const *)a;
    const gv_listing_entry *right = *(const gv_listing_entry *const *)b;
    size_t common = left->name.len < right->name.len ? left->name.len : right->name.len;
    int order;

    if (left->is_directory != right->is_directory)
        return left->is_directory ? -1 : 1;
    order = strncasecmp(left->name.at, right->name.at, common);
    if (order == 0)
        order = (left->name.len > right->name.len) - (left->name.len < right->name.len);
    return order != 0 ? order : memcmp(left->name.at, right->name.at, common);
}

/* Fills `shown` with the entries that can be asked for, in order; returns how many. */
static size_t sort(const gv_listing_entry **shown, const gv_listing_entry *entries,
                   size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (gv_utf8_valid(entries[i].name))
            shown[kept++] = &entries[i];
    qsort(shown, kept, sizeof(*shown), compare);
    return kept;
}

static void put_title(gv_buf *out, gv_slice path)
{
    gv_buf_append_literal(out, "<title>Index of ");
    gv_escape_html(out, path);
    gv_buf_append_literal(out, "</title>\n</head>\n<body>\n");
    gv_buf_append(out, icons, sizeof(icons) - 1);
    gv_buf_append_literal(out, "<main>\n<h1>Index of ");
    gv_escape_html(out, path);
    gv_buf_append_literal(out, "</h1>\n<table>\n<thead><tr><th>Name</th><th>Size</th>"
                               "<th>Modified (UTC)</th></tr></thead>\n<tbody>\n");
}

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
    gv_buf_append_literal(out, "</td><td>");
    if (!entry->is_directory)
        put_size(out, entry->size);
    gv_buf_append_literal(out, "</td><td>");
    put_time(out, entry->modified);
    gv_buf_append_literal(out, "</td></tr>\n");
}

void gv_listing_render(gv_buf *out, gv_slice path, const gv_listing_entry *entries,
                       size_t count)
{
    const gv_listing_entry **shown = gv_calloc(count, sizeof(*shown));
    size_t kept = sort(shown, entries, count);

    gv_buf_append(out, head, sizeof(head) - 1);
    put_title(out, path);
    if (!gv_slice_equal(path, GV_SLICE("/")))
        put_parent(out);
    for (size_t i = 0; i < kept; i++)
        put_entry(out, shown[i]);
    if (kept == 0)
        gv_buf_append_literal(out, "<tr><td class=\"empty\" colspan=\"3\">"
                                   "This directory is empty.</td></tr>\n");
    gv_buf_append_literal(out, "</tbody>\n</table>\n</main>\n</body>\n</html>\n");
    free(shown);
}
