/* From what an action returned to a response. */
#ifndef GV_PYTHON_RESULT_H
#define GV_PYTHON_RESULT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"
#include "python/controller.h"

/* Fills ex->res from `result`: str, bytes, dict or list (JSON), Response, an iterator
 * (streamed), or None (what `controller` gathered by write()).  `controller` may be
 * NULL; both are borrowed.  0, or -1 with an exception set. */
int gv_result_apply(gv_exchange *ex, PyObject *result, gv_controller *controller);

#endif
