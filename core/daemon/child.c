#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/child.h"
#include "daemon/passed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    int argc;
    char **argv;
    const char *const *overrides;
    size_t override_count;
} command;

void gv_child_set_command(int argc, char **argv)
{
    command.argc = argc;
    command.argv = argv;
}

void gv_child_set_overrides(const char *const *overrides, size_t count)
{
    command.overrides = overrides;
    command.override_count = count;
}

const char *gv_child_python_version(void)
{
    static char version[32];
    const char *full = Py_GetVersion();

    snprintf(version, sizeof(version), "%.*s", (int)strcspn(full, " "), full);
    return version;
}

/* The interpreter beside guavad, by which Python finds the virtual environment that
 * guavad was installed into; without one, the interpreter it was built with. */
static void find_interpreter(char *path, size_t size)
{
    ssize_t len = readlink("/proc/self/exe", path, size - sizeof("python3"));
    char *slash;

    path[len > 0 ? len : 0] = '\0';
    slash = strrchr(path, '/');
    if (slash != NULL) {
        strcpy(slash + 1, "python3");
        if (access(path, X_OK) == 0)
            return;
    }
    snprintf(path, size, "%s", GV_PYTHON_FALLBACK);
}

int gv_child_become(const char *module, const char *const *arguments, gv_error *error)
{
    enum { BEFORE = 4 };
    char interpreter[4096];
    size_t count = 0;
    char **argv;

    find_interpreter(interpreter, sizeof(interpreter));
    while (arguments[count] != NULL)
        count++;
    argv = gv_calloc(BEFORE + count + 1, sizeof(*argv));
    argv[0] = interpreter;
    argv[1] = "-P";
    argv[2] = "-m";
    argv[3] = (char *)module;
    memcpy(argv + BEFORE, arguments, count * sizeof(*argv));
    execv(interpreter, argv);
    free(argv);
    return gv_error_set(error, "can not run %s: %s", interpreter, strerror(errno));
}

static PyStatus configure(PyConfig *config)
{
    char interpreter[4096];
    PyStatus status;

    find_interpreter(interpreter, sizeof(interpreter));
    config->install_signal_handlers = 0;
    config->parse_argv = 0;
    status = PyConfig_SetBytesString(config, &config->program_name, interpreter);
    if (!PyStatus_Exception(status))
        status = PyConfig_SetBytesArgv(config, command.argc, command.argv);
    return status;
}

static int start_python(gv_error *error)
{
    PyConfig config;
    PyStatus status;

    PyConfig_InitPythonConfig(&config);
    status = configure(&config);
    if (!PyStatus_Exception(status))
        status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (!PyStatus_Exception(status))
        return GV_OK;
    return gv_error_set(error, "Python does not start: %s",
                        status.err_msg != NULL ? status.err_msg : "no reason given");
}

/* The exception that is set, as a new reference; it is set no more. */
static PyObject *take_exception(void)
{
#if PY_VERSION_HEX >= 0x030c0000
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

/* The whole traceback as a new str, or NULL without an exception. */
static PyObject *format_traceback(PyObject *exception)
{
    PyObject *module = NULL, *lines = NULL, *nothing = NULL, *text = NULL;

    module = PyImport_ImportModule("traceback");
    if (module != NULL)
        lines = PyObject_CallMethod(module, "format_exception", "O", exception);
    nothing = PyUnicode_FromString("");
    if (lines != NULL && nothing != NULL)
        text = PyUnicode_Join(nothing, lines);
    Py_XDECREF(nothing);
    Py_XDECREF(lines);
    Py_XDECREF(module);
    PyErr_Clear();
    return text;
}

static const char *utf8_or(PyObject *text, const char *instead)
{
    const char *utf8 = text != NULL ? PyUnicode_AsUTF8(text) : NULL;

    PyErr_Clear();
    return utf8 != NULL ? utf8 : instead;
}

/* Turns the exception that is set into `error`, and logs its traceback. */
static int report_exception(gv_error *error)
{
    PyObject *exception = take_exception();
    PyObject *traceback = format_traceback(exception);
    PyObject *text = PyObject_Str(exception);

    gv_log(GV_ERROR, "%s", utf8_or(traceback, "an exception without a traceback"));
    gv_error_set(error, "%s: %s", Py_TYPE(exception)->tp_name, utf8_or(text, "?"));
    error->text[strcspn(error->text, "\n")] = '\0';
    Py_XDECREF(text);
    Py_XDECREF(traceback);
    Py_DECREF(exception);
    return GV_FAILED;
}

/* module.main(**arguments); an exit status, or -1 with an exception set.  Steals
 * `arguments`, which is NULL with an exception set where they could not be made. */
static int call_main(const char *module_name, PyObject *arguments)
{
    PyObject *module = NULL, *function = NULL, *nothing = NULL, *result = NULL;
    int status = -1;

    if (arguments == NULL)
        return -1;
    module = PyImport_ImportModule(module_name);
    if (module != NULL)
        function = PyObject_GetAttrString(module, "main");
    nothing = PyTuple_New(0);
    if (function != NULL && nothing != NULL)
        result = PyObject_Call(function, nothing, arguments);
    if (result != NULL)
        status = (int)PyLong_AsLong(result);
    Py_XDECREF(result);
    Py_XDECREF(nothing);
    Py_XDECREF(function);
    Py_XDECREF(module);
    Py_DECREF(arguments);
    return status;
}

static void flush_streams(void)
{
    static const char *const names[] = {"stdout", "stderr"};

    for (size_t i = 0; i < 2; i++) {
        PyObject *stream = PySys_GetObject(names[i]);

        if (stream != NULL && stream != Py_None)
            Py_XDECREF(PyObject_CallMethod(stream, "flush", NULL));
        PyErr_Clear();
    }
}

/* A new list of str; NULL with an exception set. */
static PyObject *list_of_texts(const char *(*text_of)(size_t), size_t count)
{
    PyObject *list = PyList_New((Py_ssize_t)count);

    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *text = PyUnicode_DecodeFSDefault(text_of(i));

        if (text == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)i, text);
    }
    return list;
}

static const char *override_at(size_t index)
{
    return command.overrides[index];
}

/* A new dict, or NULL with an exception set.  Only a guavad that is to serve has sockets
 * passed to it. */
static PyObject *arguments_of_check(const char *path, int out, bool load, bool log)
{
    PyObject *file = PyUnicode_DecodeFSDefault(path);
    PyObject *passed =
        log ? list_of_texts(gv_passed_name, gv_passed_count()) : Py_NewRef(Py_None);
    PyObject *overrides = list_of_texts(override_at, command.override_count);

    if (file == NULL || passed == NULL || overrides == NULL) {
        Py_XDECREF(file);
        Py_XDECREF(passed);
        Py_XDECREF(overrides);
        return NULL;
    }
    return Py_BuildValue("{s:N,s:i,s:O,s:O,s:N,s:N}", "path", file, "out", out, "load",
                         load ? Py_True : Py_False, "log", log ? Py_True : Py_False,
                         "passed", passed, "overrides", overrides);
}

int gv_child_check(const char *path, int out, bool load, bool log, gv_error *error)
{
    int status;

    if (start_python(error) != GV_OK)
        return GV_FAILED;
    status = call_main("guava.config.check", arguments_of_check(path, out, load, log));
    if (PyErr_Occurred())
        status = report_exception(error);
    flush_streams();
    return status;
}

/* A new list, or NULL with an exception set. */
static PyObject *list_of(const int *numbers, size_t count)
{
    PyObject *list = PyList_New((Py_ssize_t)count);

    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *number = PyLong_FromLong(numbers[i]);

        if (number == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)i, number);
    }
    return list;
}

/* A new dict, or NULL with an exception set. */
static PyObject *arguments_of(const gv_work *work)
{
    PyObject *listeners = list_of(work->listeners, work->listener_count);

    if (listeners == NULL)
        return NULL;
    return Py_BuildValue(
        "{s:y#,s:N,s:i,s:i,s:(ii),s:I,s:I,s:I,s:i,s:i,s:O}", "snapshot",
        work->snapshot.at, (Py_ssize_t)work->snapshot.len, "listeners", listeners,
        "control", work->control, "scoreboard", work->scoreboard, "shared",
        work->shared.data, work->shared.locks, "slot", work->slot, "number",
        work->number, "generation", work->generation, "error_log", work->error_log,
        "access_log", work->access_log, "warm_up", work->warm_up ? Py_True : Py_False);
}

int gv_child_work(const gv_work *work, gv_error *error)
{
    int status;

    if (start_python(error) != GV_OK)
        return GV_FAILED;
    status =
        call_main(work->is_mold ? "guava.mold" : "guava.worker", arguments_of(work));
    if (PyErr_Occurred())
        status = report_exception(error);
    Py_FinalizeEx();
    return status;
}
