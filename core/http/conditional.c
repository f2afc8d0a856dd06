#include "http/conditional.h"

#include "http/date.h"

/* Takes the next entity-tag (section 8.8.3) off a list.  `tag` is without the mark of
 * a weak one.  False at the list's end, and where it is malformed. */
static bool next_tag(gv_slice *list, gv_slice *tag, bool *weak)
{
    const char *closing;

    while (list->len > 0 && memchr(" \t,", list->at[0], 3) != NULL)
        *list = gv_slice_from(*list, 1);
    *weak = gv_slice_starts_with(*list, GV_SLICE("W/"));
    if (*weak)
        *list = gv_slice_from(*list, 2);
    if (list->len < 2 || list->at[0] != '"')
        return false;
    closing = memchr(list->at + 1, '"', list->len - 1);
    if (closing == NULL)
        return false;
    *tag = (gv_slice){list->at, (size_t)(closing - list->at) + 1};
    *list = gv_slice_from(*list, tag->len);
    return true;
}

static bool list_has(gv_slice list, const gv_validator *current, bool strongly)
{
    gv_slice tag;
    bool weak;

    if (gv_slice_equal(gv_slice_trim(list), GV_SLICE("*")))
        return true;
    while (next_tag(&list, &tag, &weak)) {
        if (!(strongly && (weak || current->weak)) &&
            gv_slice_equal(tag, current->etag))
            return true;
    }
    return false;
}

/* Whether any line of the field names the tag, or is "*". */
static bool names(const gv_request *req, gv_field field, const gv_validator *current,
                  bool strongly)
{
    for (unsigned i = 0; i < req->header_count; i++) {
        if (req->headers[i].field == field &&
            list_has(req->headers[i].value, current, strongly))
            return true;
    }
    return false;
}

/* The date of a field, or -1 where it is to be ignored. */
static int64_t date_in(const gv_request *req, gv_field field,
                       const gv_validator *current)
{
    gv_slice value = gv_request_only_field(req, field);

    if (value.len > 0 && gv_slice_equal(value, current->date))
        return current->modified;
    return gv_date_parse(value);
}

static bool may_go_on(const gv_request *req, gv_field_set fields,
                      const gv_validator *current)
{
    int64_t since;

    if (fields & GV_FIELD_BIT(GV_FIELD_IF_MATCH))
        return names(req, GV_FIELD_IF_MATCH, current, true);
    since = date_in(req, GV_FIELD_IF_UNMODIFIED_SINCE, current);
    return since < 0 || current->modified <= since;
}

static bool is_known(const gv_request *req, gv_field_set fields,
                     const gv_validator *current)
{
    int64_t since;

    if (fields & GV_FIELD_BIT(GV_FIELD_IF_NONE_MATCH))
        return names(req, GV_FIELD_IF_NONE_MATCH, current, false);
    since = date_in(req, GV_FIELD_IF_MODIFIED_SINCE, current);
    return since >= 0 && current->modified >= 0 && current->modified <= since;
}

int gv_conditions_check(const gv_request *req, gv_field_set fields,
                        const gv_validator *current)
{
    if ((fields & GV_CONDITIONS) == 0)
        return 200;
    if (!may_go_on(req, fields, current))
        return 412;
    return is_known(req, fields, current) ? 304 : 200;
}

bool gv_if_range_holds(const gv_request *req, gv_field_set fields,
                       const gv_validator *current, int64_t now)
{
    gv_slice value;

    if ((fields & GV_FIELD_BIT(GV_FIELD_IF_RANGE)) == 0)
        return true;
    value = gv_request_only_field(req, GV_FIELD_IF_RANGE);
    if (gv_slice_equal(value, current->etag))
        return value.len > 0;
    /* Section 8.8.2.2: within its second it may have been modified twice. */
    return current->modified >= 0 && current->modified < now &&
           gv_date_parse(value) == current->modified;
}
