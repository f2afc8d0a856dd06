/* The type Request: a request that is decoded only where it is looked at. */
#ifndef GV_PYTHON_REQUEST_H
#define GV_PYTHON_REQUEST_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* Adds the type to the module.  0, or -1 with an exception set. */
int gv_request_type_init(PyObject *module);

/* Has ex->request be one for all who ask from now on, unless it is so already: then false.
 * True: gv_py_request_end() is to follow.  ex->request is NULL with an exception set
 * where there is none. */
bool gv_py_request_begin(gv_exchange *ex);

/* Where `outcome` is GV_OK, the request is answered: its session is saved, of which the
 * answer may tell.  Where application code has kept the request, that gets a copy of all
 * that it looked into. */
void gv_py_request_end(gv_exchange *ex, int outcome);

/* The method that the application has set, or else `otherwise`. */
gv_method gv_py_request_method(PyObject *request, gv_method otherwise);

/* A borrowed reference to the type. */
PyTypeObject *gv_py_request_type(void);

#endif
