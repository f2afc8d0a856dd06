#include "python/error_pages.h"

#include "http/mime.h"
#include "python/action.h"
#include "python/text.h"

/* The status of an error, or -1 with an exception set. */
static int status_of(PyObject *number)
{
    long status;

    if (!PyLong_Check(number)) {
        PyErr_SetString(PyExc_TypeError, "error pages go by their status");
        return -1;
    }
    status = PyLong_AsLong(number);
    if (status == -1 && PyErr_Occurred())
        return -1;
    if (status >= 400 && status <= 599)
        return (int)status;
    PyErr_Format(PyExc_ValueError, "%ld is not the status of an error", status);
    return -1;
}

/* Adds (file name, content).  0, or -1 with an exception set. */
static int add_file(gv_error_pages *pages, int status, PyObject *file)
{
    PyObject *name, *content;
    gv_slice text;

    if (!PyTuple_Check(file)) {
        PyErr_SetString(PyExc_TypeError, "expected (name, content) or an Action");
        return -1;
    }
    if (!PyArg_ParseTuple(file, "US", &name, &content) || !gv_text_slice(name, &text))
        return -1;
    gv_error_pages_add(pages, status, gv_mime_type(text), gv_bytes_slice(content));
    return 0;
}

/* 0, or -1 with an exception set. */
static int add(gv_error_pages *pages, PyObject *number, PyObject *page)
{
    int status = status_of(number);

    if (status < 0)
        return -1;
    if (!gv_py_action_check(page))
        return add_file(pages, status, page);
    gv_error_pages_add_handler(pages, status, page);
    return 0;
}

/* Of a dict that nobody else changes.  NULL with an exception set. */
static gv_error_pages *pages_of(PyObject *given)
{
    gv_error_pages *pages = gv_error_pages_new();
    PyObject *number, *page;
    Py_ssize_t at = 0;

    while (PyDict_Next(given, &at, &number, &page)) {
        if (add(pages, number, page) < 0) {
            gv_error_pages_free(pages);
            return NULL;
        }
    }
    return pages;
}

int gv_py_error_pages_set(gv_py_error_pages *self, PyObject *pages)
{
    PyObject *given = PyDict_Copy(pages);
    gv_py_error_pages made = {given != NULL ? pages_of(given) : NULL, given};

    if (made.pages == NULL) {
        Py_XDECREF(given);
        return -1;
    }
    gv_py_error_pages_dispose(self);
    *self = made;
    return 0;
}

void gv_py_error_pages_dispose(gv_py_error_pages *self)
{
    if (self->pages != NULL)
        gv_error_pages_free(self->pages);
    self->pages = NULL;
    Py_CLEAR(self->given);
}
