/* One parser with small limits, for the programs that feed it heads. */
#ifndef GV_TESTS_HTTP_PARSING_H
#define GV_TESTS_HTTP_PARSING_H

#include "harness.h"

#include "base/buf.h"
#include "http/parser.h"

static const gv_parser_limits limits = {
    .request_line = 64, .headers = 256, .header_count = 8};

static gv_parser parser;
static gv_request req;

/* Feeds `text` from a guarded copy; what gv_parser_head() returned. */
static inline ssize_t head_of(const char *text, size_t len)
{
    if (parser.headers == NULL)
        gv_parser_init(&parser, &limits);
    return gv_parser_head(&parser, &req, gv_guarded(text, len), len);
}

/* The head's length where it is all right, else the status it is refused with, or
 * GV_AGAIN. */
static inline ssize_t outcome(const char *text, size_t len)
{
    ssize_t result = head_of(text, len);

    return result == GV_BAD ? parser.status : result;
}

#define HEAD(text)    head_of((text), sizeof(text) - 1)
#define OUTCOME(text) outcome((text), sizeof(text) - 1)
#define WHOLE(text)   ((long long)sizeof(text) - 1)

/* A request whose line is `line` and whose Host is right. */
#define LINE(line) line "\r\nHost: a\r\n\r\n"

/* A request with more field lines. */
#define FIELDS(lines) "GET / HTTP/1.1\r\nHost: a\r\n" lines "\r\n"

#endif
