#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "python/failure.h"

#include "base/log.h"
#include "python/framework.h"
#include "python/text.h"

/* The exception that is set, cleared: a new reference. */
static PyObject *take_exception(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *value, *traceback;

    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/* The traceback as bytes: a new reference, or NULL with an exception set. */
static PyObject *format(PyObject *exception)
{
    PyObject *lines = PyObject_CallOneArg(GV_PIECE(format_error), exception);
    PyObject *empty = PyUnicode_FromStringAndSize(NULL, 0), *text = NULL, *bytes = NULL;

    if (lines != NULL && empty != NULL)
        text = PyUnicode_Join(empty, lines);
    if (text != NULL)
        bytes = gv_text_for_log(text);
    Py_XDECREF(lines);
    Py_XDECREF(empty);
    Py_XDECREF(text);
    return bytes;
}

static void log_exception(PyObject *exception, const char *what)
{
    PyObject *text = format(exception);

    PyErr_Clear(); /* the traceback itself could not be formatted */
    gv_log(GV_ERROR, "%s: %s", what,
           text != NULL ? PyBytes_AS_STRING(text) : Py_TYPE(exception)->tp_name);
    Py_XDECREF(text);
}

static void log_for(const gv_exchange *ex, PyObject *exception)
{
    char what[512], text[GV_REQUEST_ID_TEXT];
    gv_slice method = ex->req->method_name, target = ex->req->target;
    gv_slice id = gv_exchange_id(ex, text);

    snprintf(what, sizeof(what), "request %.*s, %.*s %.*s", (int)id.len, id.at,
             (int)(method.len < 64 ? method.len : 64), method.at,
             (int)(target.len < 256 ? target.len : 256), target.at);
    log_exception(exception, what);
}

void gv_failure_log_stream(const gv_running *running)
{
    PyObject *exception = take_exception();
    char what[GV_RUNNING_NAME + 64], name[GV_RUNNING_NAME];

    snprintf(what, sizeof(what), "request %s, while streaming its answer",
             gv_running_name(running, name));
    log_exception(exception, what);
    Py_DECREF(exception);
}

/* The status of an HTTPError; 0 for any other exception. */
static int status_of(PyObject *exception)
{
    PyObject *value = NULL;
    long status = 0;

    if (PyObject_IsInstance(exception, GV_PIECE(http_error)) == 1)
        value = PyObject_GetAttr(exception, GV_NAME(status));
    if (value != NULL)
        status = PyLong_AsLong(value);
    PyErr_Clear(); /* an HTTPError of a broken subclass is just an exception */
    Py_XDECREF(value);
    return status >= 400 && status <= 599 ? (int)status : 0;
}

void gv_failure_answer(gv_exchange *ex)
{
    PyObject *exception = take_exception();
    int status = status_of(exception);

    if (status == 0)
        log_for(ex, exception);
    ex->res.fields.len = 0;
    gv_exchange_error(ex, status != 0 ? status : 500);
    Py_DECREF(exception);
}
