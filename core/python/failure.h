/* Exceptions of application code: a traceback in the error log, never more. */
#ifndef GV_PYTHON_FAILURE_H
#define GV_PYTHON_FAILURE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/scoreboard.h"
#include "net/exchange.h"

/* From now on, also adds each exception that this thread logs to `list`, which is
 * borrowed; NULL: to none.  Returns the one before, borrowed as well. */
PyObject *gv_failure_gather(PyObject *list);

/* Logs the exception that is set, with the request whose answer was being streamed, and
 * clears it. */
void gv_failure_log_stream(const gv_running *running);

/* Takes the exception that is set, clears it and answers: an HTTPError by its status,
 * detail and header fields, anything else by 500 and a log entry; so too an HTTPError
 * whose detail or fields can not be sent. */
void gv_failure_answer(gv_exchange *ex);

/* Logs the exception that is set, which an error's handler has raised, and clears it. */
void gv_failure_log_handler(const gv_exchange *ex);

#endif
