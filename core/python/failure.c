#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "python/failure.h"

#include "base/log.h"
#include "python/fields.h"
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

static _Thread_local PyObject *gathered; /* borrowed: a list, or NULL */

PyObject *gv_failure_gather(PyObject *list)
{
    PyObject *before = gathered;

    gathered = list;
    return before;
}

static void log_exception(PyObject *exception, const char *what)
{
    PyObject *text = format(exception);

    PyErr_Clear(); /* the traceback itself could not be formatted */
    gv_log(GV_ERROR, "%s: %s", what,
           text != NULL ? PyBytes_AS_STRING(text) : Py_TYPE(exception)->tp_name);
    if (gathered != NULL && PyList_Append(gathered, exception) < 0)
        PyErr_Clear();
    Py_XDECREF(text);
}

static void log_for(const gv_exchange *ex, PyObject *exception, const char *where)
{
    char what[512], text[GV_REQUEST_ID_TEXT];
    gv_slice method = ex->req->method_name, target = ex->req->target;
    gv_slice id = gv_exchange_id(ex, text);

    snprintf(what, sizeof(what), "request %.*s, %.*s %.*s%s", (int)id.len, id.at,
             (int)(method.len < 64 ? method.len : 64), method.at,
             (int)(target.len < 256 ? target.len : 256), target.at, where);
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

/* The `detail` of an HTTPError as UTF-8, a new bytes object; NULL where it has none, or
 * with an exception set. */
static PyObject *detail_of(PyObject *error)
{
    PyObject *detail = PyObject_GetAttr(error, GV_NAME(detail)), *bytes = NULL;

    if (detail != NULL && PyUnicode_Check(detail))
        bytes = PyUnicode_AsEncodedString(detail, "utf-8", "replace");
    else if (detail != NULL && detail != Py_None)
        PyErr_Format(PyExc_TypeError, "HTTPError.detail is str or None, not %s",
                     Py_TYPE(detail)->tp_name);
    Py_XDECREF(detail);
    return bytes;
}

/* Adds the `headers` of an HTTPError; of what type the page is it knows by itself.  0,
 * or -1 with an exception set. */
static int add_headers_of(PyObject *error, gv_buf *fields)
{
    PyObject *headers = PyObject_GetAttr(error, GV_NAME(headers));
    int outcome = headers != NULL ? gv_fields_add_pairs(fields, headers) : -1;

    Py_XDECREF(headers);
    gv_fields_remove(fields, GV_SLICE("content-type"));
    return outcome;
}

/* Answers by what an HTTPError says.  0, or -1 with an exception set where that can not
 * be sent. */
static int answer_as_told(gv_exchange *ex, PyObject *error, int status)
{
    PyObject *detail = detail_of(error);
    gv_slice text = GV_SLICE_NONE;

    if (PyErr_Occurred() || add_headers_of(error, &ex->res.fields) < 0) {
        Py_XDECREF(detail);
        return -1;
    }
    if (detail != NULL)
        text = gv_bytes_slice(detail);
    gv_exchange_error_detail(ex, status, text);
    Py_XDECREF(detail);
    return 0;
}

/* The exception that is set, cleared, raised while `first` was handled: a new
 * reference.  Steals `first`. */
static PyObject *take_raised_after(PyObject *first)
{
    PyObject *exception = take_exception();

    PyException_SetContext(exception, first);
    return exception;
}

void gv_failure_log_handler(const gv_exchange *ex)
{
    PyObject *exception = take_exception();

    log_for(ex, exception, ", in the handler of its error");
    Py_DECREF(exception);
}

void gv_failure_answer(gv_exchange *ex)
{
    PyObject *exception = take_exception();
    int status = status_of(exception);

    ex->failure = exception;
    ex->res.fields.len = 0;
    if (status != 0 && answer_as_told(ex, exception, status) < 0) {
        ex->failure = exception = take_raised_after(exception);
        ex->res.fields.len = 0;
        status = 0;
    }
    if (status == 0) {
        log_for(ex, exception, "");
        gv_exchange_error(ex, 500);
    }
    ex->failure = NULL;
    Py_DECREF(exception);
}
