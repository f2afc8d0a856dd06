/* The one door into application code.  No exception leaves through it. */
#ifndef GV_PYTHON_DISPATCH_H
#define GV_PYTHON_DISPATCH_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* What a GV_MOUNT_DYNAMIC leads to; its objects are owned by whoever made it. */
typedef struct gv_dynamic {
    PyObject *route;   /* asked for a Handler; or, without `resolve`, for the answer */
    PyObject *resolve; /* from a Handler to an Action, Redirect or File; may be NULL */
} gv_dynamic;

/* A gv_app's handle(). */
int gv_dispatch(void *ctx, gv_exchange *ex);

#endif
