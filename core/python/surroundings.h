/* What an application keeps around its answers: middleware and sessions, of all requests
 * or of those that one mount answers. */
#ifndef GV_PYTHON_SURROUNDINGS_H
#define GV_PYTHON_SURROUNDINGS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* Bound methods, owned; NULL where the object has none. */
typedef struct gv_middleware {
    PyObject *process_request, *process_response;
} gv_middleware;

typedef struct gv_surroundings {
    PyObject *open_session, *save_session; /* owned; NULL: there are no sessions */
    size_t count;
    gv_middleware middleware[]; /* in the order of their turns */
} gv_surroundings;

/* From a sequence of middleware, and what opens and saves sessions or None; both are
 * borrowed.  NULL with an exception set: TypeError for what is no middleware. */
gv_surroundings *gv_surroundings_new(PyObject *middleware, PyObject *sessions);

/* NULL is allowed. */
void gv_surroundings_free(gv_surroundings *around);

/* For the garbage collector; NULL is allowed.  What is cleared is never used again. */
int gv_surroundings_traverse(gv_surroundings *around, visitproc visit, void *arg);
void gv_surroundings_clear(gv_surroundings *around);

/* A gv_app's surround(): the middleware of `around`, a gv_surroundings, in turn, then
 * `inner`, then those whose turn had come in reverse. */
int gv_surround(void *around, gv_exchange *ex, gv_answerer *inner);

#endif
