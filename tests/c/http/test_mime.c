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
    CHECK_SLICE(TYPE("a.tar.gz"), "application/gzip");
    CHECK_SLICE(TYPE(".a.css"), "text/css; charset=utf-8");
    CHECK_SLICE(TYPE("a.ts"), "video/mp2t");
    CHECK_SLICE(TYPE("a.xml"), "application/xml");
}

TEST(an_unknown_ending_is_bytes)
{
    CHECK_SLICE(TYPE("README"), "application/octet-stream");
    CHECK_SLICE(TYPE("a."), "application/octet-stream");
    CHECK_SLICE(TYPE(""), "application/octet-stream");
    CHECK_SLICE(TYPE("a.htmlx"), "application/octet-stream");
    CHECK_SLICE(TYPE("a.ht"), "application/octet-stream");
    CHECK_SLICE(TYPE(".html"), "application/octet-stream");
    CHECK_SLICE(TYPE("a/.html"), "application/octet-stream");
    CHECK_SLICE(TYPE("a.html/b"), "application/octet-stream");
    CHECK_SLICE(gv_mime_type(GV_SLICE("a.js\0x")), "application/octet-stream");
}

TEST(a_users_types_go_before_the_others_by_the_longest_ending)
{
    gv_mime_map *map = gv_mime_map_new();

    CHECK_SLICE(gv_mime_map_type(map, GV_SLICE("a.gz")), "application/gzip");
    gv_mime_map_add(map, gv_guarded_slice(".gz"), gv_guarded_slice("a/gz"));
    gv_mime_map_add(map, gv_guarded_slice(".Tar.gz"), gv_guarded_slice("a/tar"));
    gv_mime_map_add(map, gv_guarded_slice(".z"), gv_guarded_slice("a/z"));
    CHECK_SLICE(gv_mime_map_type(map, gv_guarded_slice("a.gz")), "a/gz");
    CHECK_SLICE(gv_mime_map_type(map, gv_guarded_slice("b/a.tar.GZ")), "a/tar");
    CHECK_SLICE(gv_mime_map_type(map, gv_guarded_slice("a.z")), "a/z");
    CHECK_SLICE(gv_mime_map_type(map, gv_guarded_slice("a.txt")),
                "text/plain; charset=utf-8");
    CHECK_SLICE(gv_mime_map_type(map, gv_guarded_slice("a/.z")),
                "application/octet-stream");
    CHECK_SLICE(gv_mime_map_type(map, gv_guarded_slice("z")),
                "application/octet-stream");
    CHECK_SLICE(gv_mime_map_type(NULL, gv_guarded_slice("a.gz")), "application/gzip");
    gv_mime_map_free(map);
}
