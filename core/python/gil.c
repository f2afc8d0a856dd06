#include "python/gil.h"

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static _Thread_local PyThreadState *dropped;

void gv_gil_take(void)
{
    if (dropped == NULL)
        return;
    PyEval_RestoreThread(dropped);
    dropped = NULL;
}

void gv_gil_drop(void)
{
    if (dropped == NULL)
        dropped = PyEval_SaveThread();
}
