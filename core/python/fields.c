#include "python/fields.h"

#include "http/response.h"
#include "python/text.h"

static bool is_servers(gv_slice name)
{
    static const gv_slice names[] = {
        {"content-length", 14}, {"transfer-encoding", 17},
        {"connection", 10},     {"keep-alive", 10},
        {"upgrade", 7},         {"date", 4},
        {"server", 6},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (gv_slice_equal_nocase(name, names[i]))
            return true;
    }
    return false;
}

/* 0, or -1 with an exception set. */
static int check(gv_slice name, gv_slice value, PyObject *shown)
{
    if (!gv_field_name_valid(name))
        PyErr_Format(PyExc_ValueError, "%R is no header field name", shown);
    else if (is_servers(name))
        PyErr_Format(PyExc_ValueError, "the header field %U is set by the server",
                     shown);
    else if (!gv_field_value_valid(value))
        PyErr_Format(PyExc_ValueError,
                     "the value of the header field %U has control characters", shown);
    else
        return 0;
    return -1;
}

int gv_fields_add(gv_buf *lines, PyObject *name, PyObject *value)
{
    gv_slice name_text, value_text;

    if (!gv_text_slice(name, &name_text) || !gv_text_slice(value, &value_text))
        return -1;
    if (check(name_text, value_text, name) < 0)
        return -1;
    gv_buf_append_slice(lines, name_text);
    gv_buf_append_literal(lines, ": ");
    gv_buf_append_slice(lines, value_text);
    gv_buf_append_literal(lines, "\r\n");
    return 0;
}

/* 1 where it was a Content-Type, else 0, or -1 with an exception set. */
static int add_pair(gv_buf *lines, PyObject *pair)
{
    PyObject *name, *value;
    gv_slice text;
    bool is_type;

    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
        PyErr_Format(PyExc_TypeError, "a header field is a pair of str, not %R", pair);
        return -1;
    }
    name = PyTuple_GET_ITEM(pair, 0);
    value = PyTuple_GET_ITEM(pair, 1);
    if (!gv_text_slice(name, &text))
        return -1;
    is_type = gv_slice_equal_nocase(text, GV_SLICE("content-type"));
    if (is_type)
        gv_fields_remove(lines, text);
    return gv_fields_add(lines, name, value) < 0 ? -1 : is_type;
}

int gv_fields_add_pairs(gv_buf *lines, PyObject *pairs)
{
    PyObject *all = PySequence_Fast(pairs, "header fields are a list of pairs");
    int has_type = all != NULL ? 0 : -1;

    for (Py_ssize_t i = 0; has_type >= 0 && i < PySequence_Fast_GET_SIZE(all); i++) {
        int added = add_pair(lines, PySequence_Fast_GET_ITEM(all, i));

        has_type = added < 0 ? -1 : has_type | added;
    }
    Py_XDECREF(all);
    return has_type;
}

PyObject *gv_fields_list(gv_slice lines)
{
    gv_slice rest = lines, name, value;
    PyObject *list = PyList_New(0);

    while (list != NULL && gv_fields_next(&rest, &name, &value)) {
        PyObject *pair = Py_BuildValue("(NN)", gv_text_utf8(name), gv_text_utf8(value));

        if (pair == NULL || PyList_Append(list, pair) < 0)
            Py_CLEAR(list);
        Py_XDECREF(pair);
    }
    return list;
}

bool gv_fields_next(gv_slice *rest, gv_slice *name, gv_slice *value)
{
    const char *end, *colon;

    if (rest->len == 0)
        return false;
    end = memmem(rest->at, rest->len, "\r\n", 2);
    colon = memchr(rest->at, ':', rest->len);
    *name = (gv_slice){rest->at, (size_t)(colon - rest->at)};
    *value = (gv_slice){colon + 2, (size_t)(end - colon - 2)};
    *rest = gv_slice_from(*rest, (size_t)(end - rest->at) + 2);
    return true;
}

void gv_fields_remove(gv_buf *lines, gv_slice unwanted)
{
    gv_slice rest = gv_buf_slice(lines), name, value;
    size_t kept = 0;

    while (gv_fields_next(&rest, &name, &value)) {
        size_t len = (size_t)(rest.at - name.at);

        if (gv_slice_equal_nocase(name, unwanted))
            continue;
        memmove(lines->at + kept, name.at, len);
        kept += len;
    }
    lines->len = kept;
}
