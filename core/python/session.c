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

PyObject *gv_session_open(const gv_exchange *ex, PyObject *request, PyObject **save)
{
    const gv_surroundings *around = find(ex);
    PyObject *session;

    if (around == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "this request has no session: its router "
                                            "names none in the configuration");
        return NULL;
    }
    session = PyObject_CallOneArg(around->open_session, request);
    if (session != NULL)
        *save = Py_NewRef(around->save_session);
    return session;
}

void gv_session_save(gv_exchange *ex, PyObject *object)
{
    gv_py_request *request = (gv_py_request *)object;
    PyObject *fields;

    if (request->save_session == NULL || ex->res.status >= 500)
        return;
    fields = PyObject_CallFunctionObjArgs(request->save_session, object,
                                          request->values[GV_REQUEST_SESSION], NULL);
    if (fields == NULL || gv_fields_add_pairs(&ex->res.fields, fields) < 0)
        gv_failure_answer(ex);
    Py_XDECREF(fields);
}
