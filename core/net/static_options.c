#include "net/static_options.h"

#include <stdlib.h>

void gv_static_options_dispose(gv_static_options *options)
{
    gv_strings_dispose(&options->index);
    gv_strings_dispose(&options->immutable);
    free(options->fallback);
    if (options->types != NULL)
        gv_mime_map_free(options->types);
    *options = (gv_static_options){0};
}
