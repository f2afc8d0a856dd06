#include "http/path.h"
#include "python/headers.h"
#include "python/multidict.h"
#include "python/request_parts.h"
#include "python/text.h"

/* Splits `url` into what the other attributes begin with.  0, or -1. */
static int take_url(gv_py_request *self, const char *url)
{
    const char *path = url, *query;
    const char *authority = *url != '/' ? strstr(url, "://") : NULL;

    if (authority != NULL) {
        authority += 3;
        path = authority + strcspn(authority, "/?");
        gv_request_set(self, GV_REQUEST_HOST,
                       gv_text_utf8((gv_slice){authority, (size_t)(path - authority)}));
    }
    query = path + strcspn(path, "?");
    gv_request_set(self, GV_REQUEST_URL, PyUnicode_FromString(url));
    gv_request_set(self, GV_REQUEST_RAW_PATH,
                   gv_text_utf8((gv_slice){path, (size_t)(query - path)}));
    gv_request_set(self, GV_REQUEST_QUERY,
                   PyUnicode_FromString(*query == '?' ? query + 1 : ""));
    if (self->values[GV_REQUEST_HOST] == NULL)
        gv_request_set(self, GV_REQUEST_HOST, PyUnicode_FromStringAndSize(NULL, 0));
    return PyErr_Occurred() ? -1 : 0;
}

/* 0, or -1 with an exception set. */
static int take_values(gv_py_request *self, PyObject *path, PyObject *host,
                       PyObject *headers)
{
    if (path != NULL && path != Py_None) {
        gv_request_set(self, GV_REQUEST_PATH, Py_NewRef(path));
        gv_request_set(self, GV_REQUEST_RAW_PATH, Py_NewRef(path));
    } else {
        PyObject *raw = self->values[GV_REQUEST_RAW_PATH];
        gv_buf scratch = {0};
        gv_slice text, decoded;

        if (!gv_text_slice(raw, &text))
            return -1;
        if (text.len == 0 || gv_path_decode(text, &scratch, &decoded) != GV_OK)
            decoded = text;
        gv_request_set(self, GV_REQUEST_PATH, gv_text_path(decoded));
        gv_buf_dispose(&scratch);
    }
    if (host != NULL && host != Py_None)
        gv_request_set(self, GV_REQUEST_HOST, Py_NewRef(host));
    if (headers != NULL && headers != Py_None)
        gv_request_set(self, GV_REQUEST_HEADERS, gv_headers_from_mapping(headers));
    return PyErr_Occurred() ? -1 : 0;
}

static void take_values_by_key(gv_py_request *self, gv_request_attribute which,
                               PyObject *mapping)
{
    if (mapping != NULL && mapping != Py_None)
        gv_request_set(self, which, gv_multidict_from_mapping(mapping));
}

static void take_given(gv_py_request *self, gv_request_attribute which, PyObject *value)
{
    if (value != NULL && value != Py_None)
        gv_request_set(self, which, Py_NewRef(value));
}

int gv_py_request_init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"url", "path", "host",    "method",  "body",  "HEADERS",
                            "GET", "POST", "COOKIES", "SESSION", "FILES", NULL};
    gv_py_request *self = (gv_py_request *)object;
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
    gv_request_set(self, GV_REQUEST_METHOD,
                   method != NULL ? Py_NewRef(method) : PyUnicode_FromString("GET"));
    gv_request_set(self, GV_REQUEST_BODY,
                   body != NULL ? Py_NewRef(body) : PyBytes_FromStringAndSize(NULL, 0));
    take_values_by_key(self, GV_REQUEST_GET, get);
    take_values_by_key(self, GV_REQUEST_POST, post);
    take_given(self, GV_REQUEST_COOKIES, cookies);
    take_given(self, GV_REQUEST_SESSION, session);
    take_values_by_key(self, GV_REQUEST_FILES, files);
    return PyErr_Occurred() ? -1 : 0;
}
