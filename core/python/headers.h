/* The type Headers: a dict with lower-case keys that looks up names in any case. */
#ifndef GV_PYTHON_HEADERS_H
#define GV_PYTHON_HEADERS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/slice.h"

/* Adds the type to the module.  0, or -1 with an exception set. */
int gv_headers_init(PyObject *module);

/* New reference to an empty one, or NULL with an exception set. */
PyObject *gv_headers_new(void);

/* `mapping` copied into a new one; NULL with an exception set. */
PyObject *gv_headers_from_mapping(PyObject *mapping);

/* The key of a field called `name`: a new reference, or NULL with an exception set. */
PyObject *gv_headers_key(gv_slice name);

#endif
