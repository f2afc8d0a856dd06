/* Conditional requests (RFC 9110, section 13). */
#ifndef GV_HTTP_CONDITIONAL_H
#define GV_HTTP_CONDITIONAL_H

#include "http/request.h"

/* What a representation is known by. */
typedef struct gv_validator {
    gv_slice etag;    /* with its quotes, without the mark of a weak one; empty: none */
    int64_t modified; /* seconds; -1: nobody knows */
    gv_slice date;    /* the same as Last-Modified has it: what clients give back */
    bool weak;        /* `etag` is */
} gv_validator;

enum {
    GV_CONDITIONS = GV_FIELD_BIT(GV_FIELD_IF_MATCH) |
    GV_FIELD_BIT(GV_FIELD_IF_NONE_MATCH) | GV_FIELD_BIT(GV_FIELD_IF_UNMODIFIED_SINCE) |
    GV_FIELD_BIT(GV_FIELD_IF_MODIFIED_SINCE)
};

/* What the preconditions of a GET or HEAD say, in the order of section 13.2.2: 200 to
 * go on, 304 or 412.  `fields` is the set that `req` has. */
int gv_conditions_check(const gv_request *req, gv_field_set fields,
                        const gv_validator *current);

/* Whether Range counts: If-Range is absent, or names what is `current` by a strong
 * validator (section 13.1.5).  A date is strong once its second is over at `now`. */
bool gv_if_range_holds(const gv_request *req, gv_field_set fields,
                       const gv_validator *current, int64_t now);

#endif
