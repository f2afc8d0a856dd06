#include "daemon/error.h"

#include "base/result.h"

#include <stdarg.h>
#include <stdio.h>

int gv_error_set(gv_error *error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    return GV_FAILED;
}
