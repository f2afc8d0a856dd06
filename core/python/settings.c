#include "python/settings.h"

#include "base/result.h"
#include "python/text.h"

enum { LINGER_MS = 2000, COUNT_MAX = 1 << 24 };

gv_server_config gv_settings_default(void)
{
    return (gv_server_config){
        .head = {.request_line = 8 * 1024, .headers = 32 * 1024, .header_count = 100},
        .body = {.each = 1024 * 1024, .memory = 64 * 1024, .disk = 1024 * 1024 * 1024},
        .connections = 10000,
        .min_rate = 200,
        .timeouts_ms = {[GV_WAIT_HEADER] = 10000,
                        [GV_WAIT_BODY] = 30000,
                        [GV_WAIT_WRITE] = 30000,
                        [GV_WAIT_KEEPALIVE] = 75000,
                        [GV_WAIT_LINGER] = LINGER_MS},
        .graceful_ms = 30000,
        .server_header = true,
    };
}

/* Returns false for an unknown name. */
static bool take_timeout(gv_server_config *config, const char *name, long long ms)
{
    static const struct {
        const char *name;
        gv_wait wait;
    } table[] = {{"header", GV_WAIT_HEADER},
                 {"body", GV_WAIT_BODY},
                 {"write", GV_WAIT_WRITE},
                 {"keepalive", GV_WAIT_KEEPALIVE}};

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) {
            config->timeouts_ms[table[i].wait] = ms;
            return true;
        }
    }
    if (strcmp(name, "request") == 0)
        config->request_ms = ms;
    else if (strcmp(name, "graceful") == 0)
        config->graceful_ms = ms;
    else
        return false;
    return true;
}

static bool take_limit(gv_server_config *config, const char *name, long long value)
{
    if (strcmp(name, "request_line") == 0)
        config->head.request_line = (size_t)value;
    else if (strcmp(name, "headers") == 0)
        config->head.headers = (size_t)value;
    else if (strcmp(name, "header_count") == 0 && value <= COUNT_MAX)
        config->head.header_count = (unsigned)value;
    else if (strcmp(name, "body") == 0)
        config->body.each = (uint64_t)value;
    else if (strcmp(name, "body_memory") == 0)
        config->body.memory = (size_t)value;
    else if (strcmp(name, "body_disk") == 0)
        config->body.disk = (uint64_t)value;
    else if (strcmp(name, "min_rate") == 0)
        config->min_rate = (uint64_t)value;
    else if (strcmp(name, "connections") == 0 && value <= COUNT_MAX)
        config->connections = (unsigned)value;
    else
        return false;
    return true;
}

/* 0, or -1 with an exception set. */
static int take_all(gv_server_config *config, PyObject *mapping,
                    bool (*take)(gv_server_config *, const char *, long long))
{
    PyObject *name, *value;
    Py_ssize_t at = 0;

    if (mapping == NULL)
        return 0;
    if (!PyDict_Check(mapping)) {
        PyErr_SetString(PyExc_TypeError, "expected a dict of numbers");
        return -1;
    }
    while (PyDict_Next(mapping, &at, &name, &value)) {
        const char *text = PyUnicode_AsUTF8(name);
        long long number = text != NULL ? PyLong_AsLongLong(value) : -1;

        if (PyErr_Occurred())
            return -1;
        if (number < 0 || !take(config, text, number)) {
            PyErr_Format(PyExc_ValueError, "no such setting: %R: %R", name, value);
            return -1;
        }
    }
    return 0;
}

int gv_settings_take(gv_server_config *config, PyObject *timeouts, PyObject *limits)
{
    if (take_all(config, timeouts, take_timeout) < 0)
        return -1;
    return take_all(config, limits, take_limit);
}

int gv_settings_networks(gv_networks *networks, PyObject *sequence)
{
    PyObject *texts = PySequence_Fast(sequence, "trusted is a sequence of networks");
    Py_ssize_t count = texts != NULL ? PySequence_Fast_GET_SIZE(texts) : 0;

    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *text = PySequence_Fast_GET_ITEM(texts, i);
        gv_slice network;

        if (!gv_text_slice(text, &network))
            break;
        if (gv_networks_add(networks, network) != GV_OK) {
            PyErr_Format(PyExc_ValueError, "%R is no network", text);
            break;
        }
    }
    Py_XDECREF(texts);
    return PyErr_Occurred() ? -1 : 0;
}
