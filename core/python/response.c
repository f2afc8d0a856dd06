#include "python/response.h"

#include "python/fields.h"
#include "python/framework.h"
#include "python/result.h"
#include "python/stream.h"
#include "python/text.h"

bool gv_response_check(PyObject *object)
{
    return PyObject_TypeCheck(object, (PyTypeObject *)GV_PIECE(response_type));
}

void gv_made_dispose(gv_made *made)
{
    Py_CLEAR(made->response);
    Py_CLEAR(made->body);
}

/* New reference, or NULL with an exception set. */
static PyObject *body_of(const gv_payload *payload)
{
    PyObject *owner = gv_result_owner(payload);

    switch (payload->kind) {
    case GV_PAYLOAD_NONE:
        return PyBytes_FromStringAndSize(NULL, 0);
    case GV_PAYLOAD_BYTES:
        return owner != NULL ? Py_NewRef(owner)
                             : PyBytes_FromStringAndSize(
                                   payload->bytes.at, (Py_ssize_t)payload->bytes.len);
    case GV_PAYLOAD_STREAM:
        return gv_stream_iterator(payload);
    case GV_PAYLOAD_FILE:
        break;
    }
    return Py_NewRef(GV_PIECE(sent_by_engine));
}

/* Puts the type that the engine would write before the fields.  0, or -1 with an exception
 * set. */
static int insert_type(PyObject *list, gv_slice type)
{
    PyObject *pair = Py_BuildValue("(sN)", "Content-Type", gv_text_utf8(type));
    int outcome = pair != NULL ? PyList_Insert(list, 0, pair) : -1;

    Py_XDECREF(pair);
    return outcome;
}

/* A new list of (name, value); NULL with an exception set. */
static PyObject *headers_of(const gv_response *res)
{
    PyObject *list = gv_fields_list(gv_buf_slice(&res->fields));

    if (list != NULL && res->content_type.len > 0 &&
        insert_type(list, res->content_type) < 0)
        Py_CLEAR(list);
    return list;
}

/* Sets what a Response has.  0, or -1 with an exception set. */
static int fill(PyObject *response, const gv_response *res, PyObject *body)
{
    PyObject *status = PyLong_FromLong(res->status);
    PyObject *headers = status != NULL ? headers_of(res) : NULL;
    int outcome = -1;

    if (headers != NULL && PyObject_SetAttr(response, GV_NAME(status), status) == 0 &&
        PyObject_SetAttr(response, GV_NAME(headers), headers) == 0)
        outcome = PyObject_SetAttr(response, GV_NAME(body), body);
    Py_XDECREF(headers);
    Py_XDECREF(status);
    return outcome;
}

/* Without __init__(), which checks what is known to be right. */
int gv_made_begin(gv_made *made, const gv_exchange *ex)
{
    PyTypeObject *type = (PyTypeObject *)GV_PIECE(response_type);

    if (made->response != NULL)
        return 0;
    made->body = body_of(&ex->res.payload);
    made->response = made->body != NULL ? type->tp_alloc(type, 0) : NULL;
    if (made->response != NULL && fill(made->response, &ex->res, made->body) == 0)
        return 0;
    gv_made_dispose(made);
    return -1;
}

int gv_made_apply(const gv_made *made, gv_exchange *ex)
{
    return gv_result_replace(ex, made->response, made->body);
}
