/* The type MultiDict: a dict of the last value by key, which can tell the others. */
#ifndef GV_PYTHON_MULTIDICT_H
#define GV_PYTHON_MULTIDICT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Adds the type to the module.  0, or -1 with an exception set. */
int gv_multidict_init(PyObject *module);

/* New reference to an empty one, or NULL with an exception set.  `source` (borrowed, a
 * reference to it is kept) is the urlencoded str or bytes that the last values will be
 * taken from; getlist() reads it once more.  NULL: none. */
PyObject *gv_multidict_new(PyObject *source);

/* A new one of what `mapping` holds, where a list is all the values of its key; or a new
 * reference to `mapping` itself where it is one.  NULL with an exception set. */
PyObject *gv_multidict_from_mapping(PyObject *mapping);

#endif
