#include "http/accept_encoding.h"

#include "http/list.h"

enum { UNNAMED = -1 };

static const struct {
    gv_slice name, ending;
} codings[GV_CODING_COUNT] = {
    [GV_CODING_IDENTITY] = {{"identity", 8}, {"", 0}},
    [GV_CODING_BR] = {{"br", 2}, {".br", 3}},
    [GV_CODING_ZSTD] = {{"zstd", 4}, {".zst", 4}},
    [GV_CODING_GZIP] = {{"gzip", 4}, {".gz", 3}},
};

gv_slice gv_coding_name(gv_coding coding)
{
    return codings[coding].name;
}

gv_slice gv_coding_ending(gv_coding coding)
{
    return codings[coding].ending;
}

/* The number of a weight such as "q=0.5" (section 12.4.2), in thousandths; 0 for what
 * is none, so that a mistake does not bring what may not be read. */
static int read_weight(gv_slice text)
{
    int quality = 0, worth = GV_QUALITY_MAX;

    if (text.len < 3 || (text.at[0] | 0x20) != 'q' || text.at[1] != '=')
        return 0;
    for (size_t i = 2; i < text.len; i++) {
        if (i == 3 && text.at[i] == '.')
            continue;
        if (text.at[i] < '0' || text.at[i] > '9' || i == 3)
            return 0;
        quality += (text.at[i] - '0') * worth;
        worth /= 10;
    }
    return quality < GV_QUALITY_MAX ? quality : GV_QUALITY_MAX;
}

/* The coding that `name` names, GV_CODING_COUNT for "*", or UNNAMED. */
static int coding_named(gv_slice name)
{
    if (gv_slice_equal(name, GV_SLICE("*")))
        return GV_CODING_COUNT;
    if (gv_slice_equal_nocase(name, GV_SLICE("x-gzip"))) /* section 8.4.1.3 */
        return GV_CODING_GZIP;
    for (int coding = 0; coding < GV_CODING_COUNT; coding++) {
        if (gv_slice_equal_nocase(name, codings[coding].name))
            return coding;
    }
    return UNNAMED;
}

static void read_list(gv_slice list, int quality[GV_CODING_COUNT + 1])
{
    gv_slice element;

    while (gv_list_next(&list, &element)) {
        const char *semicolon =
            element.len > 0 ? memchr(element.at, ';', element.len) : NULL;
        size_t len = semicolon != NULL ? (size_t)(semicolon - element.at) : element.len;
        int coding = coding_named(gv_slice_trim((gv_slice){element.at, len}));

        if (coding == UNNAMED)
            continue;
        quality[coding] =
            semicolon == NULL
                ? GV_QUALITY_MAX
                : read_weight(gv_slice_trim(gv_slice_from(element, len + 1)));
    }
}

void gv_accept_encoding(const gv_request *req, int quality[GV_CODING_COUNT])
{
    int named[GV_CODING_COUNT + 1]; /* the last is of "*" */
    int others;

    for (int coding = 0; coding <= GV_CODING_COUNT; coding++)
        named[coding] = UNNAMED;
    for (unsigned i = 0; i < req->header_count; i++) {
        if (req->headers[i].field == GV_FIELD_ACCEPT_ENCODING)
            read_list(req->headers[i].value, named);
    }
    others = named[GV_CODING_COUNT];
    for (int coding = 0; coding < GV_CODING_COUNT; coding++) {
        int unnamed = coding == GV_CODING_IDENTITY ? (others != 0) : others;

        quality[coding] = named[coding] != UNNAMED ? named[coding] : unnamed;
        if (quality[coding] < 0)
            quality[coding] = 0;
    }
}
