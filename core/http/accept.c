#include "http/accept.h"

#include <stdbool.h>

/* How exactly a range names a type: the more, the better. */
enum {
    NOT_AT_ALL,
    AS_ALL_TYPES,
    AS_ALL_OF_ITS_KIND,
    BESIDE_PARAMETERS, /* of the range, which the type does not have */
    BY_ITSELF,
    WITH_PARAMETERS
};

/* Takes what stands before the next `separator`, trimmed; one within quotes is none. */
static gv_slice next_piece(gv_slice *rest, char separator)
{
    gv_slice piece = *rest;
    bool quoted = false;
    size_t end = 0;

    for (; end < rest->len && (quoted || rest->at[end] != separator); end++) {
        if (quoted && rest->at[end] == '\\' && end + 1 < rest->len)
            end++;
        else if (rest->at[end] == '"')
            quoted = !quoted;
    }
    piece.len = end;
    *rest = gv_slice_from(*rest, end < rest->len ? end + 1 : end);
    return gv_slice_trim(piece);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A weight (section 12.4.2) in thousandths. */
static int weight_of(gv_slice text)
{
    int quality = 0, place = GV_QUALITY_MAX / 10;

    if (text.len > 0 && text.at[0] != '0' && text.at[0] != '.')
        return GV_QUALITY_MAX;
    if (text.len > 0 && text.at[0] == '0')
        text = gv_slice_from(text, 1);
    for (size_t i = 1; i < text.len && place > 0 && is_digit(text.at[i]); i++) {
        quality += (text.at[i] - '0') * place;
        place /= 10;
    }
    return quality;
}

static bool is_weight(gv_slice parameter)
{
    return parameter.len >= 2 && (parameter.at[0] | 0x20) == 'q' &&
           parameter.at[1] == '=';
}

static bool has_parameter(gv_slice parameters, gv_slice wanted)
{
    while (parameters.len > 0) {
        if (gv_slice_equal_nocase(next_piece(&parameters, ';'), wanted))
            return true;
    }
    return false;
}

static int exactness_of(gv_slice range, gv_slice type)
{
    const char *slash = memchr(type.at, '/', type.len);
    size_t kind = slash != NULL ? (size_t)(slash - type.at) + 1 : 0;

    if (gv_slice_equal_nocase(range, type))
        return BY_ITSELF;
    if (gv_slice_equal(range, GV_SLICE("*/*")))
        return AS_ALL_TYPES;
    if (kind > 0 && range.len == kind + 1 && range.at[kind] == '*' &&
        strncasecmp(range.at, type.at, kind) == 0)
        return AS_ALL_OF_ITS_KIND;
    return NOT_AT_ALL;
}

/* How exactly one element of the field names the type, and its weight. */
static int match(gv_slice element, gv_slice type, gv_slice parameters, int *quality)
{
    int exactness = exactness_of(next_piece(&element, ';'), type);
    bool fits = true, bare = true;

    *quality = GV_QUALITY_MAX;
    while (element.len > 0) {
        gv_slice parameter = next_piece(&element, ';');

        if (is_weight(parameter)) {
            *quality = weight_of(gv_slice_from(parameter, 2));
            break; /* what follows is no parameter of the type */
        }
        bare = bare && parameter.len == 0;
        fits = fits && (parameter.len == 0 || has_parameter(parameters, parameter));
    }
    if (exactness != BY_ITSELF || bare)
        return exactness;
    return fits ? WITH_PARAMETERS : BESIDE_PARAMETERS;
}

int gv_accept_quality(gv_slice accept, gv_slice type)
{
    int best = NOT_AT_ALL, quality = 0;
    gv_slice parameters = type;

    if (accept.len == 0) /* as it is in most requests of programs */
        return 0;
    type = next_piece(&parameters, ';');
    while (type.len > 0 && accept.len > 0) {
        int weight,
            exactness = match(next_piece(&accept, ','), type, parameters, &weight);

        if (exactness > best) {
            best = exactness;
            quality = weight;
        }
    }
    return quality;
}
