/* Actions that answer errors. */
#ifndef GV_PYTHON_ERROR_HANDLER_H
#define GV_PYTHON_ERROR_HANDLER_H

#include "net/exchange.h"

/* A gv_app's answer_error(): `handler` is a gv_py_action, which is called with its constant
 * arguments.  What it raises is logged. */
int gv_error_handler_run(void *handler, gv_exchange *ex, int status);

#endif
