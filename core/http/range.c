#include "http/range.h"

#include "base/result.h"
#include "http/list.h"

/* Takes the digits at the start of `text`; a number too large for 64 bits is the
 * largest there is, and so behind the end of everything.  False without digits. */
static bool take_number(gv_slice *text, uint64_t *number)
{
    size_t len = 0;

    for (*number = 0; len < text->len; len++) {
        unsigned digit = (unsigned char)text->at[len] - (unsigned)'0';

        if (digit > 9)
            break;
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, digit, number))
            *number = UINT64_MAX;
    }
    *text = gv_slice_from(*text, len);
    return len > 0;
}

/* "-5": the last five bytes. */
static int parse_suffix(gv_range *range, gv_slice spec, uint64_t size)
{
    uint64_t length;

    spec = gv_slice_from(spec, 1);
    if (!take_number(&spec, &length) || spec.len > 0)
        return GV_BAD;
    if (size == 0 && length > 0)
        return GV_BAD; /* satisfiable, and no 206 can say so: all is sent */
    range->length = length < size ? length : size;
    range->first = size - range->length;
    return range->length > 0 ? GV_OK : GV_DECLINED;
}

/* One range-spec.  GV_OK; GV_DECLINED: behind the end; GV_BAD: malformed. */
static int parse_spec(gv_range *range, gv_slice spec, uint64_t size)
{
    uint64_t first, last = UINT64_MAX;

    if (spec.at[0] == '-')
        return parse_suffix(range, spec, size);
    if (!take_number(&spec, &first) || spec.len == 0 || spec.at[0] != '-')
        return GV_BAD;
    spec = gv_slice_from(spec, 1);
    if (spec.len > 0 && (!take_number(&spec, &last) || spec.len > 0 || last < first))
        return GV_BAD;
    if (first >= size)
        return GV_DECLINED;
    range->first = first;
    range->length = (last < size ? last + 1 : size) - first;
    return GV_OK;
}

static bool is_joined(const gv_range *a, const gv_range *b)
{
    return a->first <= b->first + b->length && b->first <= a->first + a->length;
}

static void join(gv_range *into, const gv_range *other)
{
    uint64_t end = into->first + into->length, other_end = other->first + other->length;

    into->first = other->first < into->first ? other->first : into->first;
    into->length = (other_end > end ? other_end : end) - into->first;
}

static void take_out(gv_ranges *ranges, unsigned place)
{
    ranges->count--;
    memmove(&ranges->at[place], &ranges->at[place + 1],
            (ranges->count - place) * sizeof(ranges->at[0]));
}

/* Puts `range` in the place of the first that it overlaps or touches, together with it
 * and all others that it joins; or behind the last. */
static void add(gv_ranges *ranges, gv_range range)
{
    unsigned place = ranges->count;

    for (unsigned i = 0; i < ranges->count;) {
        if (!is_joined(&ranges->at[i], &range)) {
            i++;
            continue;
        }
        join(&range, &ranges->at[i]);
        take_out(ranges, i);
        place = i < place ? i : place;
        i = 0; /* what has grown may now touch one that it did not */
    }
    memmove(&ranges->at[place + 1], &ranges->at[place],
            (ranges->count - place) * sizeof(ranges->at[0]));
    ranges->at[place] = range;
    ranges->count++;
}

static bool skip_unit(gv_slice *value)
{
    static const gv_slice unit = {"bytes=", 6};

    if (value->len < unit.len || strncasecmp(value->at, unit.at, unit.len) != 0)
        return false;
    *value = gv_slice_from(*value, unit.len);
    return true;
}

int gv_ranges_parse(gv_ranges *ranges, gv_slice value, uint64_t size)
{
    unsigned asked = 0;
    gv_slice spec;

    ranges->count = 0;
    if (!skip_unit(&value))
        return GV_DECLINED;
    while (gv_list_next(&value, &spec)) {
        gv_range range;
        int outcome;

        if (spec.len == 0)
            continue;
        if (asked++ == GV_RANGES_MAX)
            return GV_DECLINED;
        outcome = parse_spec(&range, spec, size);
        if (outcome == GV_BAD)
            return GV_DECLINED;
        if (outcome == GV_OK)
            add(ranges, range);
    }
    if (asked == 0)
        return GV_DECLINED;
    return ranges->count > 0 ? GV_OK : GV_BAD;
}

void gv_content_range_append(gv_buf *out, const gv_range *range, uint64_t size)
{
    gv_buf_append_literal(out, "Content-Range: bytes ");
    gv_buf_append_uint(out, range->first);
    gv_buf_append_literal(out, "-");
    gv_buf_append_uint(out, range->first + range->length - 1);
    gv_buf_append_literal(out, "/");
    gv_buf_append_uint(out, size);
    gv_buf_append_literal(out, "\r\n");
}

void gv_unsatisfied_range_append(gv_buf *out, uint64_t size)
{
    gv_buf_append_literal(out, "Content-Range: bytes */");
    gv_buf_append_uint(out, size);
    gv_buf_append_literal(out, "\r\n");
}

void gv_range_part_begin(gv_buf *out, gv_slice boundary, gv_slice content_type,
                         const gv_range *range, uint64_t size)
{
    gv_buf_append_literal(out, "\r\n--");
    gv_buf_append_slice(out, boundary);
    gv_buf_append_literal(out, "\r\nContent-Type: ");
    gv_buf_append_slice(out, content_type);
    gv_buf_append_literal(out, "\r\n");
    gv_content_range_append(out, range, size);
    gv_buf_append_literal(out, "\r\n");
}

void gv_range_parts_end(gv_buf *out, gv_slice boundary)
{
    gv_buf_append_literal(out, "\r\n--");
    gv_buf_append_slice(out, boundary);
    gv_buf_append_literal(out, "--\r\n");
}
