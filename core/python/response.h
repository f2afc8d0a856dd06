/* The guava.response.Response that stands for an answer which has been made, so that
 * middleware can look at it and change it. */
#ifndef GV_PYTHON_RESPONSE_H
#define GV_PYTHON_RESPONSE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* All zero: nothing has been made. */
typedef struct gv_made {
    PyObject *response; /* owned */
    PyObject *body;     /* owned: what stands in it for the payload of the answer */
} gv_made;

void gv_made_dispose(gv_made *made);

/* Makes the Response of ex->res, unless there is one.  0, or -1 with an exception set. */
int gv_made_begin(gv_made *made, const gv_exchange *ex);

/* Has ex->res say what the Response says now.  The payload stays where the body is what it
 * was.  0, or -1 with an exception set. */
int gv_made_apply(const gv_made *made, gv_exchange *ex);

/* Whether it is a Response. */
bool gv_response_check(PyObject *object);

#endif
