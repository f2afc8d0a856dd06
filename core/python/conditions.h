/* The conditions of a request, for answers that the application makes. */
#ifndef GV_PYTHON_CONDITIONS_H
#define GV_PYTHON_CONDITIONS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* guava._core.check_conditions(): new reference, or NULL with an exception set. */
PyObject *gv_conditions_of_python(PyObject *module, PyObject *args);

#endif
