#include "http/mime.h"

#include <stdlib.h>

#define TEXT(kind) "text/" kind "; charset=utf-8"

typedef struct media_type {
    gv_slice ending; /* lower case, without its dot */
    gv_slice type;
} media_type;

#define TYPE(ending, type) {{ending, sizeof(ending) - 1}, {type, sizeof(type) - 1}}

/* Sorted by ending. */
static const media_type types[] = {
    TYPE("7z", "application/x-7z-compressed"),
    TYPE("aac", "audio/aac"),
    TYPE("apk", "application/vnd.android.package-archive"),
    TYPE("apng", "image/apng"),
    TYPE("appcache", TEXT("cache-manifest")),
    TYPE("atom", "application/atom+xml"),
    TYPE("avi", "video/x-msvideo"),
    TYPE("avif", "image/avif"),
    TYPE("bin", "application/octet-stream"),
    TYPE("bmp", "image/bmp"),
    TYPE("br", "application/x-brotli"),
    TYPE("bz2", "application/x-bzip2"),
    TYPE("c", TEXT("plain")),
    TYPE("cer", "application/pkix-cert"),
    TYPE("conf", TEXT("plain")),
    TYPE("cpp", TEXT("plain")),
    TYPE("crt", "application/x-x509-ca-cert"),
    TYPE("css", TEXT("css")),
    TYPE("csv", TEXT("csv")),
    TYPE("deb", "application/vnd.debian.binary-package"),
    TYPE("dmg", "application/x-apple-diskimage"),
    TYPE("doc", "application/msword"),
    TYPE("docx",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    TYPE("eot", "application/vnd.ms-fontobject"),
    TYPE("epub", "application/epub+zip"),
    TYPE("exe", "application/vnd.microsoft.portable-executable"),
    TYPE("flac", "audio/flac"),
    TYPE("geojson", "application/geo+json"),
    TYPE("gif", "image/gif"),
    TYPE("glb", "model/gltf-binary"),
    TYPE("gltf", "model/gltf+json"),
    TYPE("gpx", "application/gpx+xml"),
    TYPE("gz", "application/gzip"),
    TYPE("h", TEXT("plain")),
    TYPE("heic", "image/heic"),
    TYPE("heif", "image/heif"),
    TYPE("htm", TEXT("html")),
    TYPE("html", TEXT("html")),
    TYPE("ico", "image/vnd.microsoft.icon"),
    TYPE("ics", TEXT("calendar")),
    TYPE("ini", TEXT("plain")),
    TYPE("iso", "application/octet-stream"),
    TYPE("jar", "application/java-archive"),
    TYPE("jfif", "image/jpeg"),
    TYPE("jpeg", "image/jpeg"),
    TYPE("jpg", "image/jpeg"),
    TYPE("js", TEXT("javascript")),
    TYPE("json", "application/json"),
    TYPE("json5", "application/json5"),
    TYPE("jsonld", "application/ld+json"),
    TYPE("jxl", "image/jxl"),
    TYPE("kml", "application/vnd.google-earth.kml+xml"),
    TYPE("log", TEXT("plain")),
    TYPE("m3u8", "application/vnd.apple.mpegurl"),
    TYPE("m4a", "audio/mp4"),
    TYPE("m4v", "video/mp4"),
    TYPE("map", "application/json"),
    TYPE("md", TEXT("markdown")),
    TYPE("mid", "audio/midi"),
    TYPE("midi", "audio/midi"),
    TYPE("mjs", TEXT("javascript")),
    TYPE("mkv", "video/matroska"),
    TYPE("mov", "video/quicktime"),
    TYPE("mp3", "audio/mpeg"),
    TYPE("mp4", "video/mp4"),
    TYPE("mpd", "application/dash+xml"),
    TYPE("mpeg", "video/mpeg"),
    TYPE("mpg", "video/mpeg"),
    TYPE("msi", "application/octet-stream"),
    TYPE("odp", "application/vnd.oasis.opendocument.presentation"),
    TYPE("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    TYPE("odt", "application/vnd.oasis.opendocument.text"),
    TYPE("oga", "audio/ogg"),
    TYPE("ogg", "audio/ogg"),
    TYPE("ogv", "video/ogg"),
    TYPE("opus", "audio/ogg"),
    TYPE("otf", "font/otf"),
    TYPE("pdf", "application/pdf"),
    TYPE("pem", "application/x-pem-file"),
    TYPE("png", "image/png"),
    TYPE("ppt", "application/vnd.ms-powerpoint"),
    TYPE("pptx",
         "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    TYPE("ps", "application/postscript"),
    TYPE("py", TEXT("x-python")),
    TYPE("rar", "application/vnd.rar"),
    TYPE("rpm", "application/x-rpm"),
    TYPE("rss", "application/rss+xml"),
    TYPE("rst", TEXT("x-rst")),
    TYPE("rtf", "application/rtf"),
    TYPE("sh", TEXT("x-shellscript")),
    TYPE("sql", "application/sql"),
    TYPE("sqlite", "application/vnd.sqlite3"),
    TYPE("svg", "image/svg+xml"),
    TYPE("svgz", "image/svg+xml"),
    TYPE("tar", "application/x-tar"),
    TYPE("text", TEXT("plain")),
    TYPE("tgz", "application/gzip"),
    TYPE("tif", "image/tiff"),
    TYPE("tiff", "image/tiff"),
    TYPE("toml", "application/toml"),
    TYPE("ts", "video/mp2t"),
    TYPE("tsv", TEXT("tab-separated-values")),
    TYPE("ttc", "font/collection"),
    TYPE("ttf", "font/ttf"),
    TYPE("txt", TEXT("plain")),
    TYPE("vcf", TEXT("vcard")),
    TYPE("vtt", TEXT("vtt")),
    TYPE("wasm", "application/wasm"),
    TYPE("wav", "audio/wav"),
    TYPE("weba", "audio/webm"),
    TYPE("webm", "video/webm"),
    TYPE("webmanifest", "application/manifest+json"),
    TYPE("webp", "image/webp"),
    TYPE("woff", "font/woff"),
    TYPE("woff2", "font/woff2"),
    TYPE("xhtml", "application/xhtml+xml"),
    TYPE("xls", "application/vnd.ms-excel"),
    TYPE("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    TYPE("xml", TEXT("xml")),
    TYPE("xsl", "application/xslt+xml"),
    TYPE("xslt", "application/xslt+xml"),
    TYPE("xz", "application/x-xz"),
    TYPE("yaml", "application/yaml"),
    TYPE("yml", "application/yaml"),
    TYPE("zip", "application/zip"),
    TYPE("zst", "application/zstd"),
};

static int compare(const void *key, const void *element)
{
    const gv_slice *ending = key;
    const gv_slice *other = &((const media_type *)element)->ending;
    size_t shorter = ending->len < other->len ? ending->len : other->len;
    int order = strncasecmp(ending->at, other->at, shorter);

    return order != 0 ? order : (ending->len > other->len) - (ending->len < other->len);
}

gv_slice gv_mime_type(gv_slice file_name)
{
    const char *slash = memrchr(file_name.at, '/', file_name.len);
    gv_slice base = slash != NULL
                        ? gv_slice_from(file_name, (size_t)(slash - file_name.at) + 1)
                        : file_name;
    const char *dot = memrchr(base.at, '.', base.len);
    const media_type *found = NULL;

    if (dot != NULL) {
        gv_slice ending = gv_slice_from(base, (size_t)(dot - base.at) + 1);

        found = bsearch(&ending, types, sizeof(types) / sizeof(types[0]),
                        sizeof(types[0]), compare);
    }
    return found != NULL ? found->type : GV_SLICE("application/octet-stream");
}
