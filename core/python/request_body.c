/* A Request's body: as bytes, as a file, as a form, as JSON. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "python/framework.h"
#include "python/request_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The whole file `fd`, `len` bytes; new reference, or NULL with an exception set. */
static PyObject *read_file(int fd, uint64_t len)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)len);
    uint64_t got = 0;

    while (bytes != NULL && got < len) {
        ssize_t n = pread(fd, PyBytes_AS_STRING(bytes) + got, len - got, (off_t)got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            PyErr_SetFromErrno(PyExc_OSError);
            Py_CLEAR(bytes);
        }
        got += (uint64_t)n;
    }
    return bytes;
}

PyObject *gv_py_request_read_body(const gv_exchange *ex)
{
    if (ex->body_fd >= 0)
        return read_file(ex->body_fd, ex->body_len);
    if (ex->body.len < ex->body_len)
        return PyErr_Format(PyExc_OSError, "the body was lost with its request: there "
                                           "was no descriptor to keep it");
    return PyBytes_FromStringAndSize(ex->body.at, (Py_ssize_t)ex->body.len);
}

/* Opened anew, since a duplicate shares its position with all the others; but better
 * that than nothing, where there is no /proc.  New reference, or NULL with an exception
 * set. */
static PyObject *open_again(int fd)
{
    char path[32];
    int own;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    own = open(path, O_RDONLY | O_CLOEXEC);
    if (own < 0 && errno == ENOENT) {
        own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        if (own >= 0)
            lseek(own, 0, SEEK_SET);
    }
    if (own < 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    return PyFile_FromFd(own, NULL, "rb", -1, NULL, NULL, NULL, 1);
}

PyObject *gv_py_request_open_body(gv_py_request *self)
{
    PyObject *bytes, *file = NULL;

    if (self->ex != NULL && self->ex->body_fd >= 0)
        return open_again(self->ex->body_fd);
    if (gv_framework_load() < 0)
        return NULL;
    bytes = gv_py_request_value(self, GV_REQUEST_BODY);
    if (bytes != NULL)
        file = PyObject_CallOneArg(GV_PIECE(bytes_io), bytes);
    Py_XDECREF(bytes);
    return file;
}

int gv_py_request_parse_form(gv_py_request *self)
{
    PyObject *content_type = gv_py_request_header(self, "content-type");
    PyObject *file = content_type != NULL ? gv_py_request_open_body(self) : NULL;
    PyObject *both = NULL;

    if (file != NULL && gv_framework_load() == 0)
        both = PyObject_CallFunctionObjArgs(GV_PIECE(parse_form), content_type, file,
                                            NULL);
    Py_XDECREF(file);
    Py_XDECREF(content_type);
    if (both == NULL)
        return -1;
    if (self->values[GV_REQUEST_POST] == NULL)
        gv_request_set(self, GV_REQUEST_POST, PySequence_GetItem(both, 0));
    if (self->values[GV_REQUEST_FILES] == NULL)
        gv_request_set(self, GV_REQUEST_FILES, PySequence_GetItem(both, 1));
    Py_DECREF(both);
    return self->values[GV_REQUEST_POST] != NULL &&
                   self->values[GV_REQUEST_FILES] != NULL
               ? 0
               : -1;
}

/* guava.json_body has the content type and a file object at the body's start; the type
 * only where there is one, since a NULL ends the arguments. */
PyObject *gv_py_request_json(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"type", NULL};
    gv_py_request *self = (gv_py_request *)object;
    PyObject *type = NULL, *content_type, *file = NULL, *value = NULL;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:json", names, &type))
        return NULL;
    content_type = gv_py_request_header(self, "content-type");
    if (content_type != NULL)
        file = gv_py_request_open_body(self);
    if (file != NULL && gv_framework_load() == 0)
        value = PyObject_CallFunctionObjArgs(GV_PIECE(parse_json), content_type, file,
                                             type, NULL);
    Py_XDECREF(file);
    Py_XDECREF(content_type);
    return value;
}
