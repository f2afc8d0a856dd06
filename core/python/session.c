#include "python/session.h"

#include "net/server.h"
#include "python/failure.h"
#include "python/fields.h"
#include "python/request_parts.h"
#include "python/surroundings.h"

/* Those that have sessions, the router's own first; NULL: none have. */
static const gv_surroundings *find(const gv_exchange *ex)
{
    const gv_surroundings *own = ex->match.around;
    const gv_surroundings *all = ex->server != NULL ? ex->server->around : NULL;

    if (own != NULL && own->open_session != NULL)
        return own;
    return all != NULL && all->open_session != NULL ? all : NULL;
}

static void raise_none(const gv_exchange *ex)
{
    PyErr_SetString(
        PyExc_RuntimeError,
        ex->server == NULL
            ? "this request has no session any more: touch it before the answer "
              "begins"
            : "this request has no session: its router names none in the "
              "configuration");
}

static PyObject *open_new(const gv_surroundings *around, gv_py_request *request)
{
    PyObject *session = PyObject_CallOneArg(around->open_session, (PyObject *)request);

    if (session != NULL &&
        PyDict_SetItem(request->sessions, around->save_session, session) < 0)
        Py_CLEAR(session);
    return session;
}

PyObject *gv_session_of(PyObject *object)
{
    gv_py_request *request = (gv_py_request *)object;
    const gv_surroundings *around = find(request->ex);
    PyObject *session;

    if (around == NULL) {
        raise_none(request->ex);
        return NULL;
    }
    if (request->sessions == NULL && (request->sessions = PyDict_New()) == NULL)
        return NULL;
    session = PyDict_GetItemWithError(request->sessions, around->save_session);
    if (session != NULL)
        return Py_NewRef(session);
    return PyErr_Occurred() ? NULL : open_new(around, request);
}

static void save_one(gv_exchange *ex, PyObject *request, PyObject *save,
                     PyObject *session)
{
    PyObject *fields = PyObject_CallFunctionObjArgs(save, request, session, NULL);

    if (fields == NULL || gv_fields_add_pairs(&ex->res.fields, fields) < 0)
        gv_failure_answer(ex);
    Py_XDECREF(fields);
}

void gv_session_save(gv_exchange *ex, PyObject *request)
{
    PyObject *sessions = ((gv_py_request *)request)->sessions, *save, *session;
    Py_ssize_t at = 0;

    if (sessions == NULL)
        return;
    while (ex->res.status < 500 && PyDict_Next(sessions, &at, &save, &session))
        save_one(ex, request, save, session);
}
