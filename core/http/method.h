#ifndef GV_HTTP_METHOD_H
#define GV_HTTP_METHOD_H

#include "base/slice.h"

/* The methods guava serves (RFC 9110, section 9.3; RFC 5789); others get 501. */
typedef enum gv_method {
    GV_GET,
    GV_HEAD,
    GV_POST,
    GV_PUT,
    GV_PATCH,
    GV_DELETE,
    GV_OPTIONS,
    GV_METHOD_COUNT
} gv_method;

#define GV_METHOD_BIT(method) (1u << (method))

/* Sets of methods, such as a 405's Allow. */
typedef unsigned gv_method_set;

gv_slice gv_method_name(gv_method method);

/* The method of that name, in capitals; GV_METHOD_COUNT where there is none. */
gv_method gv_method_named(gv_slice name);

/* What a resource with actions for `methods` answers: HEAD with GET (RFC 9110, section
 * 9.1), and every method where `methods` is empty. */
static inline gv_method_set gv_method_set_complete(gv_method_set methods)
{
    if (methods == 0)
        return GV_METHOD_BIT(GV_METHOD_COUNT) - 1;
    if (methods & GV_METHOD_BIT(GV_GET))
        methods |= GV_METHOD_BIT(GV_HEAD);
    return methods;
}

#endif
