/* Error pages as Python gives them: files, and actions that answer errors. */
#ifndef GV_PYTHON_ERROR_PAGES_H
#define GV_PYTHON_ERROR_PAGES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "http/error_pages.h"

/* All zero: none. */
typedef struct gv_py_error_pages {
    gv_error_pages *pages; /* owned; NULL: none */
    PyObject *given;       /* owned: a dict of the Actions that `pages` borrow */
} gv_py_error_pages;

/* From {status: (file name, content) or Action}, a dict.  Takes the place of what `self`
 * has.  0, or -1 with an exception set, and `self` as it was. */
int gv_py_error_pages_set(gv_py_error_pages *self, PyObject *pages);

void gv_py_error_pages_dispose(gv_py_error_pages *self);

#endif
