/* A File as the body of a Response: sent by the engine. */
#ifndef GV_PYTHON_FILE_BODY_H
#define GV_PYTHON_FILE_BODY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* Answers with `file`, a File.  ex->res has the status and the fields that the application
 * wants; what the file is known by takes the place of theirs, and an error (404 where there
 * is no such file) has none of them.  Borrows `file`.  0, or -1 with an exception set where
 * an error was to be answered by a file that is not there. */
int gv_file_body_apply(gv_exchange *ex, PyObject *file);

#endif
