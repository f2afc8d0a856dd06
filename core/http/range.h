/* Byte ranges (RFC 9110, section 14). */
#ifndef GV_HTTP_RANGE_H
#define GV_HTTP_RANGE_H

#include "base/buf.h"

/* More ranges than any reader needs are asked for to do harm (section 14.2). */
enum { GV_RANGES_MAX = 16 };

typedef struct gv_range {
    uint64_t first;
    uint64_t length; /* at least 1 */
} gv_range;

typedef struct gv_ranges {
    unsigned count;
    gv_range at[GV_RANGES_MAX];
} gv_ranges;

/* What the value of a Range field asks of `size` bytes.  GV_OK: some ranges, as they
 * were asked for, but those that overlap or touch made one.  GV_DECLINED: the field is
 * to be ignored, being malformed, of another unit, or of more than GV_RANGES_MAX
 * ranges.  GV_BAD: none can be satisfied (416). */
int gv_ranges_parse(gv_ranges *ranges, gv_slice value, uint64_t size);

/* Appends "Content-Range: bytes 0-9/100" and its CRLF. */
void gv_content_range_append(gv_buf *out, const gv_range *range, uint64_t size);

/* The same of a 416: "Content-Range: bytes *" and "/100". */
void gv_unsatisfied_range_append(gv_buf *out, uint64_t size);

/* Appends what stands before a part of a multipart/byteranges body (section 14.6), and
 * what stands behind the last. */
void gv_range_part_begin(gv_buf *out, gv_slice boundary, gv_slice content_type,
                         const gv_range *range, uint64_t size);
void gv_range_parts_end(gv_buf *out, gv_slice boundary);

#endif
