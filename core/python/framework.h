/* What the engine uses of Python: interned names, and pieces of the guava package.
 * One interpreter a process, so these are globals, filled once. */
#ifndef GV_PYTHON_FRAMEWORK_H
#define GV_PYTHON_FRAMEWORK_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct gv_names {
    PyObject *before_action, *after_action, *status, *headers, *body, *close, *finish,
        *args;
    PyObject *process_request, *process_response, *open, *save, *detail;
} gv_names;

typedef struct gv_framework {
    PyObject *response_type;  /* guava.response.Response */
    PyObject *sent_by_engine; /* guava.response.SENT_BY_ENGINE */
    PyObject *http_error;     /* guava.errors.HTTPError */
    PyObject *parse_form;     /* guava.forms.parse */
    PyObject *parse_json;     /* guava.json_body.parse */
    PyObject *encode_json;    /* msgspec.json.encode */
    PyObject *format_error;   /* traceback.format_exception */
    PyObject *bytes_io;       /* io.BytesIO */
    PyObject *begun;          /* guava.forwarding.Begun */
} gv_framework;

extern gv_names gv_names_of_python;
extern gv_framework gv_framework_of_python;

#define GV_NAME(name)  (gv_names_of_python.name)
#define GV_PIECE(name) (gv_framework_of_python.name)

/* 0, or -1 with an exception set. */
int gv_names_init(void);

/* Imports the pieces; later calls do nothing.  0, or -1 with an exception set. */
int gv_framework_load(void);

#endif
