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

#endif
