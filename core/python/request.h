/* The type Request: a request that is decoded only where it is looked at. */
#ifndef GV_PYTHON_REQUEST_H
#define GV_PYTHON_REQUEST_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* Adds the type to the module.  0, or -1 with an exception set. */
int gv_request_type_init(PyObject *module);

/* New reference to a request that looks into `ex`, or NULL with an exception set.
 * gv_py_request_release() must come before `ex` goes. */
PyObject *gv_py_request_new(gv_exchange *ex);

/* Steals `request`.  Where application code has kept it, it gets a copy of all that it
 * looked into. */
void gv_py_request_release(PyObject *request);

/* A borrowed reference to the type. */
PyTypeObject *gv_py_request_type(void);

#endif
