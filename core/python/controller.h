/* The type Controller: what application classes derive from, and the answer that one
 * gathers while its action runs. */
#ifndef GV_PYTHON_CONTROLLER_H
#define GV_PYTHON_CONTROLLER_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/buf.h"

typedef struct gv_controller {
    PyObject_HEAD
    PyObject *request; /* owned; NULL without one */
    int status;
    bool has_content_type; /* among `fields` */
    gv_buf fields;         /* header field lines, each with its CRLF */
    gv_buf written;        /* what write() gathered */
} gv_controller;

/* Adds the type to the module.  0, or -1 with an exception set. */
int gv_controller_type_init(PyObject *module);

/* A borrowed reference. */
PyTypeObject *gv_controller_type(void);

/* New reference to an instance of `type`, a subclass that leaves __init__ and __new__
 * alone; NULL with an exception set.  Borrows `request`. */
PyObject *gv_controller_new(PyTypeObject *type, PyObject *request);

#endif
