#include "python/text.h"

#include "base/mem.h"
#include "http/path.h"

#include <stdlib.h>

PyObject *gv_text_latin1(gv_slice text)
{
    return PyUnicode_DecodeLatin1(text.at, (Py_ssize_t)text.len, NULL);
}

PyObject *gv_text_utf8(gv_slice text)
{
    return PyUnicode_DecodeUTF8(text.at, (Py_ssize_t)text.len, "replace");
}

PyObject *gv_text_path(gv_slice path)
{
    PyObject *text;
    char *shown;

    if (path.len == 0 || memchr(path.at, GV_PATH_SLASH, path.len) == NULL)
        return gv_text_utf8(path);
    shown = gv_malloc(path.len);
    gv_path_show(path, shown);
    text = gv_text_utf8((gv_slice){shown, path.len});
    free(shown);
    return text;
}

bool gv_text_slice(PyObject *text, gv_slice *slice)
{
    Py_ssize_t len;

    slice->at = PyUnicode_AsUTF8AndSize(text, &len);
    slice->len = slice->at != NULL ? (size_t)len : 0;
    return slice->at != NULL;
}

gv_slice gv_bytes_slice(PyObject *bytes)
{
    return (gv_slice){PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes)};
}

bool gv_text_or_bytes_slice(PyObject *data, gv_slice *slice)
{
    if (!PyBytes_Check(data))
        return gv_text_slice(data, slice);
    *slice = gv_bytes_slice(data);
    return true;
}

PyObject *gv_text_for_log(PyObject *text)
{
    PyObject *whole =
        PyObject_CallMethod(text, "replace", "s#s", "\0", (Py_ssize_t)1, "\\x00");
    PyObject *bytes = NULL;

    if (whole != NULL)
        bytes = PyUnicode_AsEncodedString(whole, "utf-8", "backslashreplace");
    Py_XDECREF(whole);
    return bytes;
}
