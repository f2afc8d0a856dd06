#include "python/static_options.h"

#include "base/mem.h"
#include "python/text.h"

/* Each takes one value.  0, or -1 with an exception set. */

static int take_flag(bool *flag, PyObject *value)
{
    int truth = PyObject_IsTrue(value);

    *flag = truth > 0;
    return truth < 0 ? -1 : 0;
}

/* A text as the file system has it: a new bytes object, or NULL with an exception. */
static PyObject *encoded(PyObject *text)
{
    PyObject *bytes;

    return PyUnicode_FSConverter(text, &bytes) ? bytes : NULL;
}

static int take_texts(gv_strings *list, PyObject *value)
{
    PyObject *items = PySequence_Tuple(value);

    if (items == NULL)
        return -1;
    gv_strings_dispose(list);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++) {
        PyObject *bytes = encoded(PyTuple_GET_ITEM(items, i));

        if (bytes == NULL) {
            Py_DECREF(items);
            return -1;
        }
        gv_strings_add(list, PyBytes_AS_STRING(bytes));
        Py_DECREF(bytes);
    }
    Py_DECREF(items);
    return 0;
}

static int take_allow_index(gv_static_options *options, PyObject *value)
{
    return take_flag(&options->allow_index, value);
}

static int take_hidden(gv_static_options *options, PyObject *value)
{
    return take_flag(&options->hidden, value);
}

static int take_follow_symlinks(gv_static_options *options, PyObject *value)
{
    return take_flag(&options->follow_symlinks, value);
}

static int take_index(gv_static_options *options, PyObject *value)
{
    return take_texts(&options->index, value);
}

static int take_immutable(gv_static_options *options, PyObject *value)
{
    return take_texts(&options->immutable, value);
}

static int take_max_age(gv_static_options *options, PyObject *value)
{
    if (value == Py_None)
        return 0;
    options->max_age = PyLong_AsLongLong(value);
    if (options->max_age < 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "max_age is a number of seconds");
    return PyErr_Occurred() ? -1 : 0;
}

static int take_fallback(gv_static_options *options, PyObject *value)
{
    PyObject *bytes;

    if (value == Py_None)
        return 0;
    bytes = encoded(value);
    if (bytes == NULL)
        return -1;
    options->fallback = gv_strdup(PyBytes_AS_STRING(bytes));
    Py_DECREF(bytes);
    return 0;
}

/* The coding of files that end in a dot and `ending`; 0, which is identity, for none. */
static gv_coding coding_ending_in(gv_slice ending)
{
    gv_coding coding = GV_CODING_COUNT;

    while (--coding > GV_CODING_IDENTITY) {
        if (gv_slice_equal(gv_slice_from(gv_coding_ending(coding), 1), ending))
            break;
    }
    return coding;
}

static int add_coding(gv_static_options *options, PyObject *name)
{
    gv_slice ending;
    gv_coding coding;

    if (!gv_text_slice(name, &ending))
        return -1;
    coding = coding_ending_in(ending);
    if (coding == GV_CODING_IDENTITY ||
        options->precompressed_count == GV_CODING_COUNT) {
        PyErr_Format(PyExc_ValueError, "%R is none of br, zst and gz, each once", name);
        return -1;
    }
    options->precompressed[options->precompressed_count++] = coding;
    return 0;
}

static int take_precompressed(gv_static_options *options, PyObject *value)
{
    PyObject *items = PySequence_Tuple(value);
    int outcome = items != NULL ? 0 : -1;

    for (Py_ssize_t i = 0; outcome == 0 && i < PyTuple_GET_SIZE(items); i++)
        outcome = add_coding(options, PyTuple_GET_ITEM(items, i));
    Py_XDECREF(items);
    return outcome;
}

static const struct {
    const char *name;
    int (*take)(gv_static_options *options, PyObject *value);
} table[] = {
    {"allow_index", take_allow_index}, {"index", take_index},
    {"fallback", take_fallback},       {"max_age", take_max_age},
    {"immutable", take_immutable},     {"precompressed", take_precompressed},
    {"hidden", take_hidden},           {"follow_symlinks", take_follow_symlinks},
};

static int take(gv_static_options *options, PyObject *name, PyObject *value)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (PyUnicode_CompareWithASCIIString(name, table[i].name) == 0)
            return table[i].take(options, value);
    }
    PyErr_Format(PyExc_TypeError, "a static router has no option %R", name);
    return -1;
}

int gv_static_options_take(gv_static_options *options, PyObject *kwargs)
{
    PyObject *name, *value;
    Py_ssize_t at = 0;

    *options = (gv_static_options){.max_age = -1};
    gv_strings_add(&options->index, "index.html");
    while (kwargs != NULL && PyDict_Next(kwargs, &at, &name, &value)) {
        if (take(options, name, value) < 0)
            return -1;
    }
    return 0;
}
