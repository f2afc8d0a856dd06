#include "python/request.h"

#include "http/path.h"
#include "python/framework.h"
#include "python/headers.h"
#include "python/kept.h"
#include "python/pairs.h"
#include "python/text.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { SPARE_MAX = 64 /* freed requests kept for re-use */ };

/* Attributes, each made when it is first asked for.  Those up to BODY only an exchange
 * or __init__ can give. */
typedef enum attribute {
    METHOD,
    URL,
    PATH,
    RAW_PATH,
    QUERY,
    HOST,
    BODY,
    SCHEME,
    VERSION,
    CLIENT,
    ID,
    HEADERS,
    GET,
    POST,
    FILES,
    COOKIES,
    SESSION,
    ATTRIBUTES
} attribute;

typedef struct request {
    PyObject_HEAD const gv_exchange
        *ex;       /* NULL: made by hand, and all that can be is in `values` */
    gv_kept *kept; /* what `ex` is part of, where the request has outlived it */
    PyObject *values[ATTRIBUTES];
} request;

static PyTypeObject *type;
static request *spare[SPARE_MAX];
static int spare_count;

static PyObject *value_of(request *self, attribute which);

PyTypeObject *gv_py_request_type(void)
{
    return type;
}

/* ---- what each attribute is made from; all return new references ---- */

static PyObject *empty_text(void)
{
    return PyUnicode_FromStringAndSize(NULL, 0);
}

static PyObject *make_method(request *self)
{
    return gv_text_latin1(self->ex->req->method_name);
}

static PyObject *make_url(request *self)
{
    return gv_text_latin1(self->ex->req->target);
}

static PyObject *make_path(request *self)
{
    return gv_text_path(self->ex->path);
}

static PyObject *make_raw_path(request *self)
{
    return gv_text_latin1(self->ex->req->raw_path);
}

static PyObject *make_query(request *self)
{
    return gv_text_latin1(self->ex->req->query);
}

static PyObject *make_host(request *self)
{
    return gv_text_latin1(self->ex->req->host);
}

static PyObject *make_scheme(request *self)
{
    (void)self;
    return PyUnicode_FromString("http");
}

static PyObject *make_version(request *self)
{
    int minor = self->ex != NULL ? self->ex->req->minor : 1;

    return PyUnicode_FromFormat("1.%d", minor);
}

static PyObject *make_client(request *self)
{
    char text[GV_PEER_TEXT];

    return self->ex != NULL ? gv_text_latin1(gv_peer_text(self->ex->peer, text))
                            : empty_text();
}

static PyObject *make_id(request *self)
{
    char text[17] = "0000000000000000";

    if (self->ex != NULL)
        snprintf(text, sizeof(text), "%016llx", (unsigned long long)self->ex->id);
    return PyUnicode_FromString(text);
}

/* The whole file `fd`, `len` bytes; new reference, or NULL with an exception set. */
static PyObject *read_file(int fd, uint64_t len)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)len);
    uint64_t got = 0;

    while (bytes != NULL && got < len) {
        ssize_t n = pread(fd, PyBytes_AS_STRING(bytes) + got, len - got, (off_t)got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            PyErr_SetFromErrno(PyExc_OSError);
            Py_CLEAR(bytes);
        }
        got += (uint64_t)n;
    }
    return bytes;
}

static PyObject *make_body(request *self)
{
    const gv_exchange *ex = self->ex;

    if (ex->body_fd >= 0)
        return read_file(ex->body_fd, ex->body_len);
    if (ex->body.len < ex->body_len)
        return PyErr_Format(PyExc_OSError, "the body was lost with its request: there "
                                           "was no descriptor to keep it");
    return PyBytes_FromStringAndSize(ex->body.at, (Py_ssize_t)ex->body.len);
}

static PyObject *make_headers(request *self)
{
    return self->ex != NULL ? gv_pairs_from_headers(self->ex->req) : gv_headers_new();
}

static PyObject *make_get(request *self)
{
    PyObject *query = value_of(self, QUERY), *dict = NULL;
    gv_slice text;

    if (query != NULL && gv_text_slice(query, &text))
        dict = gv_pairs_from_query(text);
    Py_XDECREF(query);
    return dict;
}

/* The value of a header field, "" where it is missing: a new reference, or NULL with
 * an exception set. */
static PyObject *header(request *self, const char *name)
{
    PyObject *headers = value_of(self, HEADERS), *value = NULL;

    if (headers == NULL)
        return NULL;
    value = PyDict_GetItemString(headers, name);
    value = value != NULL ? Py_NewRef(value) : empty_text();
    Py_DECREF(headers);
    return value;
}

static PyObject *make_cookies(request *self)
{
    PyObject *field = header(self, "cookie"), *dict = NULL;
    gv_slice text;

    if (field != NULL && gv_text_slice(field, &text))
        dict = gv_pairs_from_cookies(text);
    Py_XDECREF(field);
    return dict;
}

static PyObject *open_body(PyObject *object, PyObject *unused);

/* Parses a form and keeps both its halves.  0, or -1 with an exception set. */
static int parse_form(request *self)
{
    PyObject *content_type = header(self, "content-type");
    PyObject *file = content_type != NULL ? open_body((PyObject *)self, NULL) : NULL;
    PyObject *both = NULL;

    if (file != NULL && gv_framework_load() == 0)
        both = PyObject_CallFunctionObjArgs(GV_PIECE(parse_form), content_type, file,
                                            NULL);
    Py_XDECREF(file);
    Py_XDECREF(content_type);
    if (both == NULL)
        return -1;
    if (self->values[POST] == NULL)
        self->values[POST] = PySequence_GetItem(both, 0);
    if (self->values[FILES] == NULL)
        self->values[FILES] = PySequence_GetItem(both, 1);
    Py_DECREF(both);
    return self->values[POST] != NULL && self->values[FILES] != NULL ? 0 : -1;
}

static PyObject *make_post(request *self)
{
    return parse_form(self) == 0 ? Py_NewRef(self->values[POST]) : NULL;
}

static PyObject *make_files(request *self)
{
    return parse_form(self) == 0 ? Py_NewRef(self->values[FILES]) : NULL;
}

static PyObject *make_session(request *self)
{
    if (self->ex == NULL)
        return PyDict_New();
    PyErr_SetString(PyExc_RuntimeError, "this request has no session");
    return NULL;
}

static PyObject *(*const makers[ATTRIBUTES])(request *) = {
    [METHOD] = make_method,   [URL] = make_url,
    [PATH] = make_path,       [RAW_PATH] = make_raw_path,
    [QUERY] = make_query,     [HOST] = make_host,
    [SCHEME] = make_scheme,   [VERSION] = make_version,
    [CLIENT] = make_client,   [ID] = make_id,
    [BODY] = make_body,       [HEADERS] = make_headers,
    [GET] = make_get,         [POST] = make_post,
    [FILES] = make_files,     [COOKIES] = make_cookies,
    [SESSION] = make_session,
};

/* New reference, or NULL with an exception set. */
static PyObject *value_of(request *self, attribute which)
{
    if (self->values[which] == NULL) {
        PyObject *made = NULL;

        if (self->ex == NULL && which <= BODY)
            PyErr_SetString(PyExc_RuntimeError, "Request.__init__ was not called");
        else
            made = makers[which](self);
        if (made == NULL)
            return NULL;
        Py_XSETREF(self->values[which], made);
    }
    return Py_NewRef(self->values[which]);
}

static PyObject *get_attribute(PyObject *self, void *which)
{
    return value_of((request *)self, (attribute)(intptr_t)which);
}

/* ---- the body as a file ---- */

/* Opened anew, since a duplicate shares its position with all the others; but better
 * that than nothing, where there is no /proc.  New reference, or NULL with an exception
 * set. */
static PyObject *open_again(int fd)
{
    char path[32];
    int own;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    own = open(path, O_RDONLY | O_CLOEXEC);
    if (own < 0 && errno == ENOENT) {
        own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        if (own >= 0)
            lseek(own, 0, SEEK_SET);
    }
    if (own < 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    return PyFile_FromFd(own, NULL, "rb", -1, NULL, NULL, NULL, 1);
}

/* New reference to a file object at the body's start, or NULL with an exception set. */
static PyObject *open_body(PyObject *object, PyObject *unused)
{
    request *self = (request *)object;
    PyObject *bytes, *file = NULL;

    (void)unused;
    if (self->ex != NULL && self->ex->body_fd >= 0)
        return open_again(self->ex->body_fd);
    if (gv_framework_load() < 0)
        return NULL;
    bytes = value_of(self, BODY);
    if (bytes != NULL)
        file = PyObject_CallOneArg(GV_PIECE(bytes_io), bytes);
    Py_XDECREF(bytes);
    return file;
}

static PyObject *get_body_file(PyObject *self, void *unused)
{
    (void)unused;
    return open_body(self, NULL);
}

/* ---- by hand ---- */

/* Steals `value`, which may be NULL. */
static void set(request *self, attribute which, PyObject *value)
{
    Py_XSETREF(self->values[which], value);
}

/* Splits `url` into what the other attributes begin with.  0, or -1. */
static int take_url(request *self, const char *url)
{
    const char *path = url, *query;
    const char *authority = *url != '/' ? strstr(url, "://") : NULL;

    if (authority != NULL) {
        authority += 3;
        path = authority + strcspn(authority, "/?");
        set(self, HOST,
            gv_text_utf8((gv_slice){authority, (size_t)(path - authority)}));
    }
    query = path + strcspn(path, "?");
    set(self, URL, PyUnicode_FromString(url));
    set(self, RAW_PATH, gv_text_utf8((gv_slice){path, (size_t)(query - path)}));
    set(self, QUERY, PyUnicode_FromString(*query == '?' ? query + 1 : ""));
    if (self->values[HOST] == NULL)
        set(self, HOST, empty_text());
    return PyErr_Occurred() ? -1 : 0;
}

/* 0, or -1 with an exception set. */
static int take_values(request *self, PyObject *path, PyObject *host, PyObject *headers)
{
    if (path != NULL && path != Py_None) {
        set(self, PATH, Py_NewRef(path));
        set(self, RAW_PATH, Py_NewRef(path));
    } else {
        PyObject *raw = self->values[RAW_PATH];
        gv_buf scratch = {0};
        gv_slice text, decoded;

        if (!gv_text_slice(raw, &text))
            return -1;
        if (text.len == 0 || gv_path_decode(text, &scratch, &decoded) != GV_OK)
            decoded = text;
        set(self, PATH, gv_text_path(decoded));
        gv_buf_dispose(&scratch);
    }
    if (host != NULL && host != Py_None)
        set(self, HOST, Py_NewRef(host));
    if (headers != NULL && headers != Py_None)
        set(self, HEADERS, gv_headers_from_mapping(headers));
    return PyErr_Occurred() ? -1 : 0;
}

static void take_given(request *self, attribute which, PyObject *value)
{
    if (value != NULL && value != Py_None)
        set(self, which, Py_NewRef(value));
}

static int init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"url", "path", "host",    "method",  "body",  "HEADERS",
                            "GET", "POST", "COOKIES", "SESSION", "FILES", NULL};
    request *self = (request *)object;
    const char *url = "/";
    PyObject *path = NULL, *host = NULL, *method = NULL, *body = NULL;
    PyObject *headers = NULL, *get = NULL, *post = NULL, *cookies = NULL;
    PyObject *session = NULL, *files = NULL;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|sOOUSOOOOOO:Request", names, &url,
                                     &path, &host, &method, &body, &headers, &get,
                                     &post, &cookies, &session, &files))
        return -1;
    if (take_url(self, url) < 0 || take_values(self, path, host, headers) < 0)
        return -1;
    set(self, METHOD, method != NULL ? Py_NewRef(method) : PyUnicode_FromString("GET"));
    set(self, BODY,
        body != NULL ? Py_NewRef(body) : PyBytes_FromStringAndSize(NULL, 0));
    take_given(self, GET, get);
    take_given(self, POST, post);
    take_given(self, COOKIES, cookies);
    take_given(self, SESSION, session);
    take_given(self, FILES, files);
    return PyErr_Occurred() ? -1 : 0;
}

/* ---- its life ---- */

static void dealloc(PyObject *object)
{
    request *self = (request *)object;
    PyTypeObject *of = Py_TYPE(object);

    for (int i = 0; i < ATTRIBUTES; i++)
        Py_CLEAR(self->values[i]);
    gv_kept_free(self->kept);
    self->kept = NULL;
    self->ex = NULL;
    if (spare_count < SPARE_MAX)
        spare[spare_count++] = self;
    else
        of->tp_free(object);
    Py_DECREF(of);
}

PyObject *gv_py_request_new(gv_exchange *ex)
{
    request *self;

    if (spare_count > 0) {
        self = spare[--spare_count];
        PyObject_Init((PyObject *)self, type);
    } else {
        self = (request *)type->tp_alloc(type, 0);
        if (self == NULL)
            return NULL;
    }
    self->ex = ex;
    return (PyObject *)self;
}

void gv_py_request_release(PyObject *object)
{
    request *self = (request *)object;

    if (Py_REFCNT(object) > 1) {
        self->kept = gv_kept_new(self->ex);
        self->ex = gv_kept_exchange(self->kept);
    }
    Py_DECREF(object);
}

/* repr: <Request GET /path> */
static PyObject *repr(PyObject *object)
{
    request *self = (request *)object;
    PyObject *method = value_of(self, METHOD), *url = value_of(self, URL);
    PyObject *text = NULL;

    if (method != NULL && url != NULL)
        text = PyUnicode_FromFormat("<Request %U %U>", method, url);
    Py_XDECREF(method);
    Py_XDECREF(url);
    return text;
}

#define ATTRIBUTE(name, which, doc)                                                    \
    {name, get_attribute, NULL, doc, (void *)(intptr_t)(which)}

static PyGetSetDef attributes[] = {
    ATTRIBUTE("method", METHOD, "The method, such as GET."),
    ATTRIBUTE("url", URL, "The request target as it was sent."),
    ATTRIBUTE("path", PATH, "The decoded path."),
    ATTRIBUTE("raw_path", RAW_PATH, "The path as it was sent."),
    ATTRIBUTE("query", QUERY, "What follows the question mark, undecoded."),
    ATTRIBUTE("host", HOST, "The host that was asked, with its port."),
    ATTRIBUTE("scheme", SCHEME, "http or https."),
    ATTRIBUTE("version", VERSION, "1.1 or 1.0."),
    ATTRIBUTE("client", CLIENT, "The peer's address."),
    ATTRIBUTE("id", ID, "What the error log names this request by."),
    ATTRIBUTE("body", BODY, "The whole body."),
    ATTRIBUTE("HEADERS", HEADERS, "The header fields."),
    ATTRIBUTE("GET", GET, "The query's pairs."),
    ATTRIBUTE("POST", POST, "The form's fields."),
    ATTRIBUTE("FILES", FILES, "The form's files."),
    ATTRIBUTE("COOKIES", COOKIES, "The cookies."),
    ATTRIBUTE("SESSION", SESSION, "The session."),
    {"body_file", get_body_file, NULL, "The body as a new file object.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "One request, decoded only where it is looked at."},
    {Py_tp_init, init},
    {Py_tp_dealloc, dealloc},
    {Py_tp_repr, repr},
    {Py_tp_getset, attributes},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "guava._core.Request",
    .basicsize = sizeof(request),
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
