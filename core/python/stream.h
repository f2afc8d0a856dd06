/* An iterator as the body of a response. */
#ifndef GV_PYTHON_STREAM_H
#define GV_PYTHON_STREAM_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* Makes `first`, and behind it what `iterator` yields (str or bytes), the body.  `first` is
 * moved and left empty; a new reference to `iterator` is kept until all is sent or the
 * client is gone, when its close() is called, if it has one. */
void gv_stream_set(gv_exchange *ex, gv_buf *first, PyObject *iterator);

#endif
