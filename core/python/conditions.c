#include "python/conditions.h"

#include "http/conditional.h"
#include "python/text.h"

/* Takes the field `name` where it is among `fields`, a dict.  0, or -1 with an exception
 * set. */
static int take_field(gv_request *req, PyObject *fields, const char *name,
                      gv_field field)
{
    PyObject *value = PyDict_GetItemString(fields, name); /* borrowed */
    gv_header *header = &req->headers[req->header_count];

    if (value == NULL)
        return 0;
    if (!gv_text_slice(value, &header->value))
        return -1;
    header->field = field;
    req->header_count++;
    return 0;
}

/* If-Modified-Since is for those alone who read (RFC 9110, section 13.1.3).  0, or -1 with
 * an exception set. */
static int take_fields(gv_request *req, PyObject *fields, bool reads)
{
    static const struct {
        const char *name;
        gv_field field;
    } conditions[] = {
        {"if-match", GV_FIELD_IF_MATCH},
        {"if-none-match", GV_FIELD_IF_NONE_MATCH},
        {"if-unmodified-since", GV_FIELD_IF_UNMODIFIED_SINCE},
        {"if-modified-since", GV_FIELD_IF_MODIFIED_SINCE},
    };
    size_t count = sizeof(conditions) / sizeof(conditions[0]);

    for (size_t i = 0; i < (reads ? count : count - 1); i++) {
        if (take_field(req, fields, conditions[i].name, conditions[i].field) < 0)
            return -1;
    }
    return 0;
}

/* A tag, or None for none.  0, or -1 with an exception set. */
static int take_tag(gv_validator *current, PyObject *etag)
{
    if (etag == Py_None)
        return 0;
    if (!gv_text_slice(etag, &current->etag))
        return -1;
    current->weak = gv_slice_starts_with(current->etag, GV_SLICE("W/"));
    if (current->weak)
        current->etag = gv_slice_from(current->etag, 2);
    return 0;
}

PyObject *gv_conditions_of_python(PyObject *module, PyObject *args)
{
    gv_header headers[4];
    gv_request req = {.headers = headers};
    gv_validator current = {0};
    PyObject *fields, *etag;
    long long modified;
    int reads, status;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!pOL:check_conditions", &PyDict_Type, &fields, &reads,
                          &etag, &modified) ||
        take_tag(&current, etag) < 0 || take_fields(&req, fields, reads) < 0)
        return NULL;
    current.modified = modified;
    status = gv_conditions_check(&req, gv_request_fields(&req), &current);
    return PyLong_FromLong(status == 304 && !reads ? 412 : status);
}
