#include "python/request.h"

#include "python/framework.h"
#include "python/headers.h"
#include "python/kept.h"
#include "python/pairs.h"
#include "python/request_parts.h"
#include "python/session.h"
#include "python/text.h"

#include <structmember.h>

enum { SPARE_MAX = 64 /* freed requests kept for re-use */ };

static PyTypeObject *type;
static gv_py_request *spare[SPARE_MAX];
static int spare_count;

PyTypeObject *gv_py_request_type(void)
{
    return type;
}

/* ---- what each attribute is made from; all return new references ---- */

static PyObject *empty_text(void)
{
    return PyUnicode_FromStringAndSize(NULL, 0);
}

static PyObject *make_method(gv_py_request *self)
{
    return gv_text_latin1(self->ex->req->method_name);
}

static PyObject *make_url(gv_py_request *self)
{
    return gv_text_latin1(self->ex->req->target);
}

static PyObject *make_path(gv_py_request *self)
{
    return gv_text_path(self->ex->path);
}

static PyObject *make_raw_path(gv_py_request *self)
{
    return gv_text_latin1(self->ex->req->raw_path);
}

static PyObject *make_query(gv_py_request *self)
{
    return gv_text_latin1(self->ex->req->query);
}

static PyObject *make_host(gv_py_request *self)
{
    return gv_text_latin1(self->ex->req->host);
}

static PyObject *make_scheme(gv_py_request *self)
{
    bool https = self->ex != NULL && self->ex->req->https;

    return PyUnicode_FromString(https ? "https" : "http");
}

static PyObject *make_version(gv_py_request *self)
{
    int minor = self->ex != NULL ? self->ex->req->minor : 1;

    return PyUnicode_FromFormat("1.%d", minor);
}

static PyObject *make_client(gv_py_request *self)
{
    char text[GV_PEER_TEXT];

    return self->ex != NULL ? gv_text_latin1(gv_peer_text(self->ex->peer, text))
                            : empty_text();
}

static PyObject *make_id(gv_py_request *self)
{
    char text[GV_REQUEST_ID_TEXT];

    if (self->ex != NULL)
        return gv_text_latin1(gv_exchange_id(self->ex, text));
    return PyUnicode_FromString("0000000000000000");
}

static PyObject *make_body(gv_py_request *self)
{
    return gv_py_request_read_body(self->ex);
}

static PyObject *make_headers(gv_py_request *self)
{
    return self->ex != NULL ? gv_pairs_from_headers(self->ex->req) : gv_headers_new();
}

static PyObject *make_get(gv_py_request *self)
{
    PyObject *query = gv_py_request_value(self, GV_REQUEST_QUERY), *dict = NULL;

    if (query != NULL)
        dict = gv_pairs_from_query(query);
    Py_XDECREF(query);
    return dict;
}

PyObject *gv_py_request_header(gv_py_request *self, const char *name)
{
    PyObject *headers = gv_py_request_value(self, GV_REQUEST_HEADERS), *value = NULL;

    if (headers == NULL)
        return NULL;
    value = PyDict_GetItemString(headers, name);
    value = value != NULL ? Py_NewRef(value) : empty_text();
    Py_DECREF(headers);
    return value;
}

static PyObject *make_cookies(gv_py_request *self)
{
    PyObject *field = gv_py_request_header(self, "cookie"), *dict = NULL;
    gv_slice text;

    if (field != NULL && gv_text_slice(field, &text))
        dict = gv_pairs_from_cookies(text);
    Py_XDECREF(field);
    return dict;
}

static PyObject *make_post(gv_py_request *self)
{
    return gv_py_request_parse_form(self) == 0
               ? Py_NewRef(self->values[GV_REQUEST_POST])
               : NULL;
}

static PyObject *make_files(gv_py_request *self)
{
    return gv_py_request_parse_form(self) == 0
               ? Py_NewRef(self->values[GV_REQUEST_FILES])
               : NULL;
}

/* An empty one, which nobody stores: a new reference. */
static PyObject *make_session_by_hand(void)
{
    PyObject *module = PyImport_ImportModule("guava.session.session");
    PyObject *made = NULL;

    if (module != NULL)
        made = PyObject_CallMethod(module, "Session", NULL);
    Py_XDECREF(module);
    return made;
}

static PyObject *make_session(gv_py_request *self)
{
    if (self->ex == NULL)
        return make_session_by_hand();
    return gv_session_of((PyObject *)self);
}

static PyObject *make_state(gv_py_request *self)
{
    (void)self;
    return PyDict_New();
}

static PyObject *(*const makers[GV_REQUEST_ATTRIBUTES])(gv_py_request *) = {
    [GV_REQUEST_METHOD] = make_method,   [GV_REQUEST_URL] = make_url,
    [GV_REQUEST_PATH] = make_path,       [GV_REQUEST_RAW_PATH] = make_raw_path,
    [GV_REQUEST_QUERY] = make_query,     [GV_REQUEST_HOST] = make_host,
    [GV_REQUEST_SCHEME] = make_scheme,   [GV_REQUEST_VERSION] = make_version,
    [GV_REQUEST_CLIENT] = make_client,   [GV_REQUEST_ID] = make_id,
    [GV_REQUEST_BODY] = make_body,       [GV_REQUEST_HEADERS] = make_headers,
    [GV_REQUEST_GET] = make_get,         [GV_REQUEST_POST] = make_post,
    [GV_REQUEST_FILES] = make_files,     [GV_REQUEST_COOKIES] = make_cookies,
    [GV_REQUEST_SESSION] = make_session, [GV_REQUEST_STATE] = make_state,
};

/* A session is the router's, and until the answer begins there may be another router. */
static bool is_open(const gv_py_request *self, gv_request_attribute which)
{
    return which == GV_REQUEST_SESSION && self->ex != NULL && self->ex->server != NULL;
}

PyObject *gv_py_request_value(gv_py_request *self, gv_request_attribute which)
{
    if (self->values[which] == NULL || is_open(self, which)) {
        PyObject *made = NULL;

        if (self->ex == NULL && which <= GV_REQUEST_BODY)
            PyErr_SetString(PyExc_RuntimeError, "Request.__init__ was not called");
        else
            made = makers[which](self);
        if (made == NULL)
            return NULL;
        gv_request_set(self, which, made);
    }
    return Py_NewRef(self->values[which]);
}

static PyObject *get_attribute(PyObject *self, void *which)
{
    return gv_py_request_value((gv_py_request *)self,
                               (gv_request_attribute)(intptr_t)which);
}

/* ---- the method, which the application may set ---- */

static int set_method(PyObject *object, PyObject *value, void *unused)
{
    gv_py_request *self = (gv_py_request *)object;
    gv_slice name;

    (void)unused;
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "a request has a method");
        return -1;
    }
    if (!gv_text_slice(value, &name))
        return -1;
    if (gv_method_named(name) == GV_METHOD_COUNT) {
        PyErr_Format(PyExc_ValueError, "%R is no method that guava serves", value);
        return -1;
    }
    if (self->ex != NULL && self->ex->match.resume != NULL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "a request's method is set before it is routed: by middleware "
                        "that is around the whole server");
        return -1;
    }
    gv_request_set(self, GV_REQUEST_METHOD, Py_NewRef(value));
    return 0;
}

gv_method gv_py_request_method(PyObject *object, gv_method otherwise)
{
    PyObject *set = ((gv_py_request *)object)->values[GV_REQUEST_METHOD];
    gv_method method = otherwise;
    gv_slice name;

    if (set != NULL && gv_text_slice(set, &name))
        method = gv_method_named(name);
    return method;
}

static PyObject *get_body_file(PyObject *self, void *unused)
{
    (void)unused;
    return gv_py_request_open_body((gv_py_request *)self);
}

/* ---- its life ---- */

static void clear_values(gv_py_request *self)
{
    for (int i = 0; i < GV_REQUEST_ATTRIBUTES; i++)
        Py_CLEAR(self->values[i]);
    self->has_values = false;
}

static void dealloc(PyObject *object)
{
    gv_py_request *self = (gv_py_request *)object;
    PyTypeObject *of = Py_TYPE(object);

    if (self->weak_references != NULL)
        PyObject_ClearWeakRefs(object);
    if (self->has_values)
        clear_values(self);
    Py_CLEAR(self->sessions);
    gv_kept_free(self->kept);
    self->kept = NULL;
    self->ex = NULL;
    if (spare_count < SPARE_MAX)
        spare[spare_count++] = self;
    else
        of->tp_free(object);
    Py_DECREF(of);
}

/* New reference to a request that looks into `ex`, or NULL with an exception set. */
static PyObject *make(gv_exchange *ex)
{
    gv_py_request *self;

    if (spare_count > 0) {
        self = spare[--spare_count];
        PyObject_Init((PyObject *)self, type);
    } else {
        self = (gv_py_request *)type->tp_alloc(type, 0);
        if (self == NULL)
            return NULL;
    }
    self->ex = ex;
    return (PyObject *)self;
}

bool gv_py_request_begin(gv_exchange *ex)
{
    if (ex->request != NULL)
        return false;
    ex->request = make(ex);
    return true;
}

void gv_py_request_end(gv_exchange *ex, int outcome)
{
    gv_py_request *self = ex->request;

    if (self == NULL)
        return;
    if (outcome == GV_OK)
        gv_session_save(ex, (PyObject *)self);
    ex->request = NULL;
    if (Py_REFCNT(self) > 1) {
        self->kept = gv_kept_new(ex);
        self->ex = gv_kept_exchange(self->kept);
    }
    Py_DECREF(self);
}

/* repr: <Request GET /path> */
static PyObject *repr(PyObject *object)
{
    gv_py_request *self = (gv_py_request *)object;
    PyObject *method = gv_py_request_value(self, GV_REQUEST_METHOD),
             *url = gv_py_request_value(self, GV_REQUEST_URL);
    PyObject *text = NULL;

    if (method != NULL && url != NULL)
        text = PyUnicode_FromFormat("<Request %U %U>", method, url);
    Py_XDECREF(method);
    Py_XDECREF(url);
    return text;
}

#define ATTRIBUTE(name, which, doc)                                                    \
    {name, get_attribute, NULL, doc, (void *)(intptr_t)(which)}

/* New reference to what was raised, or None. */
static PyObject *get_error(PyObject *object, void *unused)
{
    const gv_exchange *ex = ((gv_py_request *)object)->ex;

    (void)unused;
    return Py_NewRef(ex != NULL && ex->failure != NULL ? ex->failure : Py_None);
}

static PyGetSetDef attributes[] = {
    {"method", get_attribute, set_method, "The method, such as GET.",
     (void *)(intptr_t)GV_REQUEST_METHOD},
    ATTRIBUTE("url", GV_REQUEST_URL, "The request target as it was sent."),
    ATTRIBUTE("path", GV_REQUEST_PATH, "The decoded path."),
    ATTRIBUTE("raw_path", GV_REQUEST_RAW_PATH, "The path as it was sent."),
    ATTRIBUTE("query", GV_REQUEST_QUERY, "What follows the question mark, undecoded."),
    ATTRIBUTE("host", GV_REQUEST_HOST, "The host that was asked, with its port."),
    ATTRIBUTE("scheme", GV_REQUEST_SCHEME, "http or https."),
    ATTRIBUTE("version", GV_REQUEST_VERSION, "1.1 or 1.0."),
    ATTRIBUTE("client", GV_REQUEST_CLIENT, "The client's address."),
    ATTRIBUTE("id", GV_REQUEST_ID, "What the logs name this request by."),
    ATTRIBUTE("body", GV_REQUEST_BODY, "The whole body."),
    ATTRIBUTE("HEADERS", GV_REQUEST_HEADERS, "The header fields."),
    ATTRIBUTE("GET", GV_REQUEST_GET, "The query's pairs."),
    ATTRIBUTE("POST", GV_REQUEST_POST, "The form's fields."),
    ATTRIBUTE("FILES", GV_REQUEST_FILES, "The form's files."),
    ATTRIBUTE("COOKIES", GV_REQUEST_COOKIES, "The cookies."),
    ATTRIBUTE("SESSION", GV_REQUEST_SESSION, "The session."),
    ATTRIBUTE("state", GV_REQUEST_STATE, "A dict for what is to be passed on."),
    {"error", get_error, NULL, "What was raised, while that is answered.", NULL},
    {"body_file", get_body_file, NULL, "The body as a new file object.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef methods[] = {
    {"json", (PyCFunction)(void (*)(void))gv_py_request_json,
     METH_VARARGS | METH_KEYWORDS, "The body, decoded as JSON."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(gv_py_request, weak_references),
     READONLY, NULL},
    {0},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "One request, decoded only where it is looked at."},
    {Py_tp_init, gv_py_request_init},
    {Py_tp_dealloc, dealloc},
    {Py_tp_repr, repr},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {Py_tp_getset, attributes},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "guava._core.Request",
    .basicsize = sizeof(gv_py_request),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

int gv_request_type_init(PyObject *module)
{
    type = (PyTypeObject *)PyType_FromSpec(&spec);
    if (type == NULL)
        return -1;
    return PyModule_AddObjectRef(module, "Request", (PyObject *)type);
}
