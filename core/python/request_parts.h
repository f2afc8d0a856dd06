/* What a Request is made of, for the files that implement the type. */
#ifndef GV_PYTHON_REQUEST_PARTS_H
#define GV_PYTHON_REQUEST_PARTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "python/kept.h"

#include <stdbool.h>

/* Attributes, each made when it is first asked for.  Those up to GV_REQUEST_BODY only
 * an exchange or __init__ can give. */
typedef enum gv_request_attribute {
    GV_REQUEST_METHOD,
    GV_REQUEST_URL,
    GV_REQUEST_PATH,
    GV_REQUEST_RAW_PATH,
    GV_REQUEST_QUERY,
    GV_REQUEST_HOST,
    GV_REQUEST_BODY,
    GV_REQUEST_SCHEME,
    GV_REQUEST_VERSION,
    GV_REQUEST_CLIENT,
    GV_REQUEST_ID,
    GV_REQUEST_HEADERS,
    GV_REQUEST_GET,
    GV_REQUEST_POST,
    GV_REQUEST_FILES,
    GV_REQUEST_COOKIES,
    GV_REQUEST_SESSION,
    GV_REQUEST_STATE,
    GV_REQUEST_ATTRIBUTES
} gv_request_attribute;

typedef struct gv_py_request {
    PyObject_HEAD
    const gv_exchange *ex; /* NULL: made by hand, and all that can be is in `values` */
    gv_kept *kept;         /* what `ex` is part of, where the request has outlived it */
    PyObject *sessions; /* owned: a dict of those that were opened, by what saves them;
                           NULL: none was */
    PyObject *values[GV_REQUEST_ATTRIBUTES]; /* owned; set by gv_request_set() alone */
    bool has_values;                         /* which most requests never get */
    PyObject *weak_references;               /* CPython's */
} gv_py_request;

/* Steals `value`, which may be NULL. */
static inline void gv_request_set(gv_py_request *self, gv_request_attribute which,
                                  PyObject *value)
{
    self->has_values = true;
    Py_XSETREF(self->values[which], value);
}

/* Request.__init__: makes one without a server, for tests and custom routers. */
int gv_py_request_init(PyObject *object, PyObject *args, PyObject *kwargs);

/* The attribute: a new reference, or NULL with an exception set. */
PyObject *gv_py_request_value(gv_py_request *self, gv_request_attribute which);

/* The value of a header field, whose name is in lower case; "" where it is missing: a new
 * reference, or NULL with an exception set. */
PyObject *gv_py_request_header(gv_py_request *self, const char *name);

/* The whole body as bytes: a new reference, or NULL with an exception set. */
PyObject *gv_py_request_read_body(const gv_exchange *ex);

/* A file object at the body's start: a new reference, or NULL with an exception set. */
PyObject *gv_py_request_open_body(gv_py_request *self);

/* Parses a form and keeps both its halves, POST and FILES.  0, or -1 with an exception
 * set. */
int gv_py_request_parse_form(gv_py_request *self);

/* Request.json(type=Any): a new reference, or NULL with an exception set. */
PyObject *gv_py_request_json(PyObject *self, PyObject *args, PyObject *kwargs);

#endif
