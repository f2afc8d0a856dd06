#include "python/framework.h"

gv_names gv_names_of_python;
gv_framework gv_framework_of_python;

int gv_names_init(void)
{
    gv_names *names = &gv_names_of_python;
    const struct {
        PyObject **to;
        const char *text;
    } table[] = {
        {&names->before_action, "before_action"},
        {&names->after_action, "after_action"},
        {&names->status, "status"},
        {&names->headers, "headers"},
        {&names->body, "body"},
        {&names->close, "close"},
        {&names->finish, "finish"},
        {&names->args, "args"},
        {&names->detail, "detail"},
        {&names->process_request, "process_request"},
        {&names->process_response, "process_response"},
        {&names->open, "open"},
        {&names->save, "save"},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        *table[i].to = PyUnicode_InternFromString(table[i].text);
        if (*table[i].to == NULL)
            return -1;
    }
    return 0;
}

/* New reference to `name` of `module`, or NULL with an exception set. */
static PyObject *piece(const char *module, const char *name)
{
    PyObject *imported = PyImport_ImportModule(module);
    PyObject *found = NULL;

    if (imported != NULL)
        found = PyObject_GetAttrString(imported, name);
    Py_XDECREF(imported);
    return found;
}

int gv_framework_load(void)
{
    gv_framework *framework = &gv_framework_of_python;
    const struct {
        PyObject **to;
        const char *module, *name;
    } table[] = {
        {&framework->response_type, "guava.response", "Response"},
        {&framework->sent_by_engine, "guava.response", "SENT_BY_ENGINE"},
        {&framework->http_error, "guava.errors", "HTTPError"},
        {&framework->parse_form, "guava.forms", "parse"},
        {&framework->parse_json, "guava.json_body", "parse"},
        {&framework->encode_json, "msgspec.json", "encode"},
        {&framework->format_error, "traceback", "format_exception"},
        {&framework->bytes_io, "io", "BytesIO"},
        {&framework->begun, "guava.forwarding", "Begun"},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (*table[i].to != NULL)
            continue;
        *table[i].to = piece(table[i].module, table[i].name);
        if (*table[i].to == NULL)
            return -1;
    }
    return 0;
}
