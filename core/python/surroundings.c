#include "python/surroundings.h"

#include "base/mem.h"
#include "python/door.h"
#include "python/failure.h"
#include "python/framework.h"
#include "python/request.h"
#include "python/response.h"
#include "python/result.h"

#include <stdlib.h>

/* ---- making ---- */

/* `*method` becomes a new reference to the object's method of that name, or NULL where it
 * has none.  0, or -1 with an exception set. */
static int find_method(PyObject *object, PyObject *name, PyObject **method)
{
    *method = PyObject_GetAttr(object, name);
    if (*method == NULL && PyErr_ExceptionMatches(PyExc_AttributeError))
        PyErr_Clear();
    return PyErr_Occurred() ? -1 : 0;
}

/* 0, or -1 with an exception set. */
static int take_middleware(gv_middleware *taken, PyObject *object)
{
    if (find_method(object, GV_NAME(process_request), &taken->process_request) < 0 ||
        find_method(object, GV_NAME(process_response), &taken->process_response) < 0)
        return -1;
    if (taken->process_request != NULL || taken->process_response != NULL)
        return 0;
    PyErr_Format(PyExc_TypeError,
                 "%R is no middleware: it has neither process_request() nor "
                 "process_response()",
                 object);
    return -1;
}

/* 0, or -1 with an exception set. */
static int take_sessions(gv_surroundings *around, PyObject *sessions)
{
    if (sessions == Py_None)
        return 0;
    around->open_session = PyObject_GetAttr(sessions, GV_NAME(open));
    around->save_session = PyObject_GetAttr(sessions, GV_NAME(save));
    return around->open_session != NULL && around->save_session != NULL ? 0 : -1;
}

gv_surroundings *gv_surroundings_new(PyObject *middleware, PyObject *sessions)
{
    PyObject *all = PySequence_Fast(middleware, "expected a sequence of middleware");
    Py_ssize_t count = all != NULL ? PySequence_Fast_GET_SIZE(all) : 0;
    gv_surroundings *around =
        gv_calloc(1, sizeof(*around) + (size_t)count * sizeof(around->middleware[0]));
    int outcome = all != NULL ? take_sessions(around, sessions) : -1;

    for (Py_ssize_t i = 0; outcome == 0 && i < count; i++)
        outcome = take_middleware(&around->middleware[around->count++],
                                  PySequence_Fast_GET_ITEM(all, i));
    Py_XDECREF(all);
    if (outcome == 0)
        return around;
    gv_surroundings_free(around);
    return NULL;
}

void gv_surroundings_clear(gv_surroundings *around)
{
    if (around == NULL)
        return;
    Py_CLEAR(around->open_session);
    Py_CLEAR(around->save_session);
    for (size_t i = 0; i < around->count; i++) {
        Py_CLEAR(around->middleware[i].process_request);
        Py_CLEAR(around->middleware[i].process_response);
    }
}

void gv_surroundings_free(gv_surroundings *around)
{
    gv_surroundings_clear(around);
    free(around);
}

int gv_surroundings_traverse(gv_surroundings *around, visitproc visit, void *arg)
{
    if (around == NULL)
        return 0;
    Py_VISIT(around->open_session);
    Py_VISIT(around->save_session);
    for (size_t i = 0; i < around->count; i++) {
        Py_VISIT(around->middleware[i].process_request);
        Py_VISIT(around->middleware[i].process_response);
    }
    return 0;
}

/* ---- on the way in ---- */

/* Has them look at the request, one after the other; `*turns` is how many it came to.
 * GV_OK where one of them has answered, else GV_DECLINED. */
static int go_in(const gv_surroundings *around, gv_exchange *ex, size_t *turns)
{
    while (*turns < around->count) {
        PyObject *process = around->middleware[(*turns)++].process_request;
        PyObject *answer =
            process != NULL ? PyObject_CallOneArg(process, ex->request) : NULL;

        if (process == NULL)
            continue;
        if (answer == Py_None) {
            Py_DECREF(answer);
            continue;
        }
        if (answer == NULL || gv_result_apply(ex, answer, NULL) < 0)
            gv_failure_answer(ex);
        Py_XDECREF(answer);
        return GV_OK;
    }
    ex->method = gv_py_request_method(ex->request, ex->method);
    return GV_DECLINED;
}

/* ---- on the way out ---- */

/* Has one of them look at the answer, `made` of ex->res where nobody has yet.  New
 * reference to the answer from now on; NULL with an exception set. */
static PyObject *process(PyObject *process_response, PyObject *request, PyObject *made)
{
    PyObject *returned =
        PyObject_CallFunctionObjArgs(process_response, request, made, NULL);

    if (returned == Py_None)
        Py_SETREF(returned, Py_NewRef(made));
    if (returned == NULL || gv_response_check(returned))
        return returned;
    PyErr_Format(PyExc_TypeError,
                 "expected a Response or None from process_response(), found %s",
                 Py_TYPE(returned)->tp_name);
    Py_DECREF(returned);
    return NULL;
}

/* Those whose turn had come look at the answer, the last one first.  An exception takes
 * the answer's place, for the rest of them. */
static void go_out(const gv_surroundings *around, gv_exchange *ex, size_t turns)
{
    gv_made made = {0};

    while (turns > 0) {
        PyObject *method = around->middleware[--turns].process_response;
        PyObject *next = NULL;

        if (method == NULL)
            continue;
        if (gv_made_begin(&made, ex) == 0)
            next = process(method, ex->request, made.response);
        if (next == NULL) {
            gv_made_dispose(&made);
            gv_failure_answer(ex);
        } else {
            Py_XSETREF(made.response, next);
        }
    }
    if (made.response != NULL && gv_made_apply(&made, ex) < 0)
        gv_failure_answer(ex);
    gv_made_dispose(&made);
}

/* ---- the whole ---- */

static int answer_within(const gv_surroundings *around, gv_exchange *ex,
                         gv_answerer *inner)
{
    size_t turns = 0;
    int outcome = go_in(around, ex, &turns);

    if (outcome == GV_DECLINED) {
        gv_door_leave(ex->server);
        outcome = inner(ex);
        gv_door_enter(ex);
    }
    if (outcome == GV_OK)
        go_out(around, ex, turns);
    return outcome;
}

/* One request object for all who look at it, the application within included. */
int gv_surround(void *around, gv_exchange *ex, gv_answerer *inner)
{
    const gv_surroundings *self = around;
    int outcome = GV_OK;
    bool is_first;

    if (self->count == 0)
        return inner(ex);
    gv_door_enter(ex);
    is_first = gv_py_request_begin(ex);
    if (ex->request == NULL)
        gv_failure_answer(ex);
    else
        outcome = answer_within(self, ex, inner);
    if (is_first)
        gv_py_request_end(ex, outcome);
    ex->server->turn++; /* they may have changed files */
    gv_door_leave(ex->server);
    return outcome;
}
