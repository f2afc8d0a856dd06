#include "http/mime.h"

#include "harness.h"

#define TYPE(name) gv_mime_type(gv_guarded_slice(name))

TEST(the_ending_decides_in_any_case)
{
    CHECK_SLICE(TYPE("index.html"), "text/html; charset=utf-8");
    CHECK_SLICE(TYPE("a/b.c/PHOTO.JPG"), "image/jpeg");
    CHECK_SLICE(TYPE("app.min.js"), "text/javascript; charset=utf-8");
    CHECK_SLICE(TYPE("data.json"), "application/json");
    CHECK_SLICE(TYPE("a.7z"), "application/x-7z-compressed");
    CHECK_SLICE(TYPE("a.zst"), "application/zstd");
    CHECK_SLICE(TYPE("a.c"), "text/plain; charset=utf-8");
    CHECK_SLICE(TYPE("a.woff"), "font/woff");
    CHECK_SLICE(TYPE("a.woff2"), "font/woff2");
}

TEST(an_unknown_ending_is_bytes)
{
    CHECK_SLICE(TYPE("README"), "application/octet-stream");
    CHECK_SLICE(TYPE("a."), "application/octet-stream");
    CHECK_SLICE(TYPE(""), "application/octet-stream");
    CHECK_SLICE(TYPE("a.htmlx"), "application/octet-stream");
    CHECK_SLICE(TYPE("a.ht"), "application/octet-stream");
    CHECK_SLICE(TYPE("a.html/b"), "application/octet-stream");
    CHECK_SLICE(gv_mime_type(GV_SLICE("a.js\0x")), "application/octet-stream");
}
