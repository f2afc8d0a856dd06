#include "http/status.h"

#include <stdio.h>

enum { FIRST = 100, LAST = 599, REASON_AT = sizeof("HTTP/1.1 200 ") - 1 };

#define LINE(code, reason)                                                             \
    [code - FIRST] = {"HTTP/1.1 " #code " " reason "\r\n",                             \
                      sizeof("HTTP/1.1 " #code " " reason "\r\n") - 1}

static const gv_slice lines[LAST - FIRST + 1] = {
    LINE(100, "Continue"),
    LINE(101, "Switching Protocols"),
    LINE(102, "Processing"),
    LINE(103, "Early Hints"),
    LINE(200, "OK"),
    LINE(201, "Created"),
    LINE(202, "Accepted"),
    LINE(203, "Non-Authoritative Information"),
    LINE(204, "No Content"),
    LINE(205, "Reset Content"),
    LINE(206, "Partial Content"),
    LINE(207, "Multi-Status"),
    LINE(208, "Already Reported"),
    LINE(226, "IM Used"),
    LINE(300, "Multiple Choices"),
    LINE(301, "Moved Permanently"),
    LINE(302, "Found"),
    LINE(303, "See Other"),
    LINE(304, "Not Modified"),
    LINE(305, "Use Proxy"),
    LINE(307, "Temporary Redirect"),
    LINE(308, "Permanent Redirect"),
    LINE(400, "Bad Request"),
    LINE(401, "Unauthorized"),
    LINE(402, "Payment Required"),
    LINE(403, "Forbidden"),
    LINE(404, "Not Found"),
    LINE(405, "Method Not Allowed"),
    LINE(406, "Not Acceptable"),
    LINE(407, "Proxy Authentication Required"),
    LINE(408, "Request Timeout"),
    LINE(409, "Conflict"),
    LINE(410, "Gone"),
    LINE(411, "Length Required"),
    LINE(412, "Precondition Failed"),
    LINE(413, "Content Too Large"),
    LINE(414, "URI Too Long"),
    LINE(415, "Unsupported Media Type"),
    LINE(416, "Range Not Satisfiable"),
    LINE(417, "Expectation Failed"),
    LINE(418, "I'm a teapot"),
    LINE(421, "Misdirected Request"),
    LINE(422, "Unprocessable Content"),
    LINE(423, "Locked"),
    LINE(424, "Failed Dependency"),
    LINE(425, "Too Early"),
    LINE(426, "Upgrade Required"),
    LINE(428, "Precondition Required"),
    LINE(429, "Too Many Requests"),
    LINE(431, "Request Header Fields Too Large"),
    LINE(451, "Unavailable For Legal Reasons"),
    LINE(500, "Internal Server Error"),
    LINE(501, "Not Implemented"),
    LINE(502, "Bad Gateway"),
    LINE(503, "Service Unavailable"),
    LINE(504, "Gateway Timeout"),
    LINE(505, "HTTP Version Not Supported"),
    LINE(506, "Variant Also Negotiates"),
    LINE(507, "Insufficient Storage"),
    LINE(508, "Loop Detected"),
    LINE(511, "Network Authentication Required"),
};

/* The line of a code that no RFC names, made when it is first asked for. */
static gv_slice unnamed_line(int status)
{
    static char made[LAST - FIRST + 1][sizeof("HTTP/1.1 299 Unknown\r\n")];
    char *line = made[status - FIRST];

    if (line[0] == '\0')
        snprintf(line, sizeof(made[0]), "HTTP/1.1 %03u Unknown\r\n",
                 (unsigned)status % 1000);
    return gv_slice_of(line);
}

gv_slice gv_status_line(int status)
{
    gv_slice line = lines[status - FIRST];

    return line.at != NULL ? line : unnamed_line(status);
}

gv_slice gv_status_reason(int status)
{
    gv_slice line;

    if (status < FIRST || status > LAST)
        return GV_SLICE("Unknown");
    line = gv_status_line(status);
    return (gv_slice){line.at + REASON_AT, line.len - REASON_AT - 2};
}

bool gv_status_is_bodiless(int status)
{
    return status < 200 || status == 204 || status == 304;
}
