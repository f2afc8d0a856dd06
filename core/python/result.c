#include "python/result.h"

#include "python/fields.h"
#include "python/file_body.h"
#include "python/framework.h"
#include "python/gil.h"
#include "python/response.h"
#include "python/stream.h"
#include "python/targets.h"
#include "python/text.h"

#define HTML  GV_SLICE("text/html; charset=utf-8")
#define JSON  GV_SLICE("application/json")
#define BYTES GV_SLICE("application/octet-stream")

static void release(void *object)
{
    gv_gil_take();
    Py_DECREF((PyObject *)object);
}

PyObject *gv_result_owner(const gv_payload *payload)
{
    return payload->release == release ? payload->owner : NULL;
}

/* Makes `text` the body, which lies in `owner`: a new reference to it is kept. */
static void set_body(gv_exchange *ex, gv_slice text, PyObject *owner)
{
    gv_payload_dispose(&ex->res.payload);
    ex->res.payload = (gv_payload){.kind = GV_PAYLOAD_BYTES,
                                   .bytes = text,
                                   .owner = Py_NewRef(owner),
                                   .release = release};
}

/* `text` behind what write() gathered. */
static void set_written(gv_exchange *ex, gv_controller *controller, gv_slice text)
{
    gv_buf body = controller->written;

    controller->written = (gv_buf){0};
    gv_buf_append_slice(&body, text);
    gv_exchange_body(ex, ex->res.content_type, &body);
}

static void set_text(gv_exchange *ex, gv_controller *controller, gv_slice text,
                     PyObject *owner)
{
    if (controller != NULL && controller->written.len > 0)
        set_written(ex, controller, text);
    else
        set_body(ex, text, owner);
}

static void set_type(gv_exchange *ex, gv_controller *controller, gv_slice type)
{
    if (controller == NULL || !controller->has_content_type)
        ex->res.content_type = type;
}

static int apply_str(gv_exchange *ex, PyObject *text, gv_controller *controller)
{
    gv_slice slice;

    if (!gv_text_slice(text, &slice))
        return -1;
    set_type(ex, controller, HTML);
    set_text(ex, controller, slice, text);
    return 0;
}

static int apply_bytes(gv_exchange *ex, PyObject *bytes, gv_controller *controller,
                       gv_slice type)
{
    set_type(ex, controller, type);
    set_text(ex, controller, gv_bytes_slice(bytes), bytes);
    return 0;
}

static int apply_json(gv_exchange *ex, PyObject *value, gv_controller *controller)
{
    PyObject *bytes = PyObject_CallOneArg(GV_PIECE(encode_json), value);
    int outcome = -1;

    if (bytes != NULL)
        outcome = apply_bytes(ex, bytes, controller, JSON);
    Py_XDECREF(bytes);
    return outcome;
}

/* Whether a resource was changed, and there is nothing to say of it. */
static bool is_without_content(const gv_exchange *ex)
{
    return ex->match.kind == GV_MOUNT_REST && ex->res.status == 200 &&
           ex->method != GV_GET && ex->method != GV_HEAD;
}

static int apply_none(gv_exchange *ex, gv_controller *controller)
{
    bool redirects = ex->res.status >= 300 && ex->res.status < 400;

    if (controller == NULL || controller->written.len == 0) {
        if (controller != NULL && is_without_content(ex))
            ex->res.status = 204;
        else if (!redirects)
            set_type(ex, controller, HTML);
        return 0;
    }
    set_type(ex, controller, HTML);
    set_written(ex, controller, GV_SLICE_NONE);
    return 0;
}

static int apply_iterator(gv_exchange *ex, PyObject *iterator,
                          gv_controller *controller)
{
    gv_buf nothing = {0};

    set_type(ex, controller, HTML);
    gv_stream_set(ex, controller != NULL ? &controller->written : &nothing, iterator);
    return 0;
}

/* ---- guava.response.Response ---- */

/* 0, or -1 with an exception set. */
static int apply_status(gv_exchange *ex, PyObject *response)
{
    PyObject *status = PyObject_GetAttr(response, GV_NAME(status));
    long code = status != NULL ? PyLong_AsLong(status) : -1;

    Py_XDECREF(status);
    if (code == -1 && PyErr_Occurred())
        return -1;
    if (code < 200 || code > 599) {
        PyErr_Format(PyExc_ValueError, "expected a status from 200 to 599, found %ld",
                     code);
        return -1;
    }
    if (code != 200 || !ex->is_failing) /* else the error's own status stays */
        ex->res.status = (int)code;
    return 0;
}

/* 0, or -1 with an exception set. */
static int apply_headers(gv_exchange *ex, PyObject *response)
{
    PyObject *headers = PyObject_GetAttr(response, GV_NAME(headers));
    int has_type = headers != NULL ? gv_fields_add_pairs(&ex->res.fields, headers) : -1;

    Py_XDECREF(headers);
    if (has_type == 1)
        ex->res.content_type = GV_SLICE_NONE;
    return has_type < 0 ? -1 : 0;
}

/* A msgspec.Struct or an instance of a dataclass. */
static bool is_record(PyObject *value)
{
    PyObject *type = (PyObject *)Py_TYPE(value);

    return PyObject_HasAttrString(type, "__struct_fields__") ||
           PyObject_HasAttrString(type, "__dataclass_fields__");
}

static int apply_body(gv_exchange *ex, PyObject *body, gv_controller *controller)
{
    if (PyUnicode_Check(body))
        return apply_str(ex, body, controller);
    if (PyBytes_Check(body))
        return apply_bytes(ex, body, controller, BYTES);
    if (PyDict_Check(body) || PyList_Check(body) || PyTuple_Check(body))
        return apply_json(ex, body, controller);
    if (PyIter_Check(body))
        return apply_iterator(ex, body, controller);
    if (body == Py_None)
        return apply_none(ex, controller);
    if (is_record(body))
        return apply_json(ex, body, controller);
    PyErr_Format(PyExc_TypeError,
                 "expected str, bytes, dict, list, Response, an iterator or None as an "
                 "answer, found %s",
                 Py_TYPE(body)->tp_name);
    return -1;
}

/* Its fields come first: an answer without the file has none of them. */
static int apply_file(gv_exchange *ex, PyObject *response, PyObject *file)
{
    return apply_headers(ex, response) < 0 ? -1 : gv_file_body_apply(ex, file);
}

static int apply_response(gv_exchange *ex, PyObject *response,
                          gv_controller *controller)
{
    PyObject *body = PyObject_GetAttr(response, GV_NAME(body));
    int outcome = body != NULL ? apply_status(ex, response) : -1;

    if (outcome == 0 && gv_py_file_check(body))
        outcome = apply_file(ex, response, body);
    else if (outcome == 0)
        outcome =
            apply_body(ex, body, controller) == 0 ? apply_headers(ex, response) : -1;
    Py_XDECREF(body);
    return outcome;
}

/* But for a file, which comes behind the fields.  An iterator may be made of the one that
 * was there.  0, or -1 with an exception set. */
static int replace_body(gv_exchange *ex, PyObject *body)
{
    if (ex->res.payload.kind == GV_PAYLOAD_STREAM && PyIter_Check(body))
        gv_stream_give_away(&ex->res.payload);
    else
        gv_payload_dispose(&ex->res.payload);
    return gv_py_file_check(body) ? 0 : apply_body(ex, body, NULL);
}

int gv_result_replace(gv_exchange *ex, PyObject *response, PyObject *body)
{
    PyObject *now = PyObject_GetAttr(response, GV_NAME(body));
    int outcome = now != NULL ? apply_status(ex, response) : -1;

    ex->res.content_type = GV_SLICE_NONE;
    if (outcome == 0 && now != body)
        outcome = replace_body(ex, now);
    ex->res.fields.len = 0;
    if (outcome == 0)
        outcome = apply_headers(ex, response);
    if (outcome == 0 && now != body && gv_py_file_check(now))
        outcome = gv_file_body_apply(ex, now);
    Py_XDECREF(now);
    return outcome;
}

int gv_result_apply(gv_exchange *ex, PyObject *result, gv_controller *controller)
{
    ex->res.status = 200;
    if (controller != NULL) {
        ex->res.status = controller->status;
        gv_buf_append_slice(&ex->res.fields, gv_buf_slice(&controller->fields));
    }
    if (gv_response_check(result))
        return apply_response(ex, result, controller);
    return apply_body(ex, result, controller);
}
