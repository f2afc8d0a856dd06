#include "python/file_body.h"

#include "http/mime.h"
#include "net/static.h"
#include "python/fields.h"
#include "python/targets.h"

/* Takes the fields that the engine writes by itself out of `fields`; the content type
 * goes to `type`. */
static void take_out(gv_buf *fields, gv_buf *type)
{
    static const gv_slice of_the_file[] = {{"ETag", 4},
                                           {"Last-Modified", 13},
                                           {"Accept-Ranges", 13},
                                           {"Content-Range", 13}};
    gv_slice rest = gv_buf_slice(fields), name, value;

    while (gv_fields_next(&rest, &name, &value)) {
        if (gv_slice_equal_nocase(name, GV_SLICE("Content-Type"))) {
            type->len = 0;
            gv_buf_append_slice(type, value);
        }
    }
    gv_fields_remove(fields, GV_SLICE("Content-Type"));
    for (size_t i = 0; i < sizeof(of_the_file) / sizeof(of_the_file[0]); i++)
        gv_fields_remove(fields, of_the_file[i]);
}

/* 0, or -1 with an exception set. */
static int answer_missing(gv_exchange *ex, const gv_py_file *file)
{
    if (ex->is_failing) {
        PyErr_Format(PyExc_FileNotFoundError, "there is no file %R", file->path);
        return -1;
    }
    gv_exchange_error(ex, 404);
    return 0;
}

/* Puts the fields that the application wants behind those of the file; an error has none of
 * them.  0, or -1 with an exception set. */
static int send_file(gv_exchange *ex, const gv_py_file *file, const gv_file_wish *wish,
                     const gv_buf *fields)
{
    if (gv_static_send_file(ex, wish) != GV_OK)
        return answer_missing(ex, file);
    if (ex->res.status < 400 || ex->res.status == wish->status)
        gv_buf_append_slice(&ex->res.fields, gv_buf_slice(fields));
    return 0;
}

int gv_file_body_apply(gv_exchange *ex, PyObject *file)
{
    const gv_py_file *named = (gv_py_file *)file;
    gv_buf own = ex->res.fields, type = {0};
    gv_file_wish wish = {.path = PyBytes_AS_STRING(named->path),
                         .status = ex->res.status};
    int outcome;

    take_out(&own, &type);
    wish.type =
        type.len > 0 ? gv_buf_slice(&type) : gv_mime_type(gv_slice_of(wish.path));
    if (named->directory != NULL)
        wish.directory = PyBytes_AS_STRING(named->directory);
    ex->res.fields = (gv_buf){0};
    outcome = send_file(ex, named, &wish, &own);
    gv_buf_dispose(&own);
    gv_buf_dispose(&type);
    return outcome;
}
