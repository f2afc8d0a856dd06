#include "http/method.h"

gv_slice gv_method_name(gv_method method)
{
    static const gv_slice names[GV_METHOD_COUNT] = {
        [GV_GET] = {"GET", 3},         [GV_HEAD] = {"HEAD", 4},
        [GV_POST] = {"POST", 4},       [GV_PUT] = {"PUT", 3},
        [GV_PATCH] = {"PATCH", 5},     [GV_DELETE] = {"DELETE", 6},
        [GV_OPTIONS] = {"OPTIONS", 7},
    };

    return names[method];
}

gv_method gv_method_named(gv_slice name)
{
    gv_method method = 0;

    while (method < GV_METHOD_COUNT && !gv_slice_equal(gv_method_name(method), name))
        method++;
    return method;
}
