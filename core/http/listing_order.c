#include "http/listing_order.h"

static const gv_slice columns[GV_LISTING_COLUMNS] = {
    [GV_LISTING_NAME] = {"name", 4},
    [GV_LISTING_SIZE] = {"size", 4},
    [GV_LISTING_MODIFIED] = {"modified", 8},
};

gv_slice gv_listing_column_name(gv_listing_column column)
{
    return columns[column];
}

static void take_pair(gv_listing_order *order, gv_slice pair)
{
    gv_slice sort = GV_SLICE("sort="), direction = GV_SLICE("order=");

    if (gv_slice_starts_with(pair, sort)) {
        for (int i = 0; i < GV_LISTING_COLUMNS; i++)
            if (gv_slice_equal(gv_slice_from(pair, sort.len), columns[i]))
                order->column = (gv_listing_column)i;
    } else if (gv_slice_starts_with(pair, direction)) {
        order->descending =
            gv_slice_equal(gv_slice_from(pair, direction.len), GV_SLICE("desc"));
    }
}

gv_listing_order gv_listing_order_of(gv_slice query)
{
    gv_listing_order order = {GV_LISTING_NAME, false};

    while (query.len > 0) {
        const char *end = memchr(query.at, '&', query.len);
        size_t len = end != NULL ? (size_t)(end - query.at) : query.len;

        take_pair(&order, (gv_slice){query.at, len});
        query = gv_slice_from(query, end != NULL ? len + 1 : len);
    }
    return order;
}

/* ---- natural order ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes the run of digits that `text` begins with off it; without leading zeros. */
static gv_slice take_number(gv_slice *text)
{
    gv_slice number;
    size_t len = 0, zeros = 0;

    while (len < text->len && is_digit(text->at[len]))
        len++;
    while (zeros < len && text->at[zeros] == '0')
        zeros++;
    number = (gv_slice){text->at + zeros, len - zeros};
    *text = gv_slice_from(*text, len);
    return number;
}

static int compare_numbers(gv_slice *a, gv_slice *b)
{
    gv_slice left = take_number(a), right = take_number(b);

    if (left.len != right.len)
        return left.len < right.len ? -1 : 1;
    return left.len > 0 ? memcmp(left.at, right.at, left.len) : 0;
}

static int compare_letters(gv_slice *a, gv_slice *b)
{
    int order = strncasecmp(a->at, b->at, 1);

    *a = gv_slice_from(*a, 1);
    *b = gv_slice_from(*b, 1);
    return order;
}

static int compare_bytes(gv_slice a, gv_slice b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.at, b.at, shorter) : 0;

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

int gv_natural_compare(gv_slice a, gv_slice b)
{
    gv_slice left = a, right = b;

    while (left.len > 0 && right.len > 0) {
        bool numbers = is_digit(left.at[0]) && is_digit(right.at[0]);
        int order =
            numbers ? compare_numbers(&left, &right) : compare_letters(&left, &right);

        if (order != 0)
            return order;
    }
    if (left.len != right.len)
        return left.len < right.len ? -1 : 1;
    return compare_bytes(a, b);
}
