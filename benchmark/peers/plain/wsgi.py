"""The application of bare WSGI servers: no framework, no routing but a dictionary."""

import json
from urllib.parse import parse_qs


def hello(environ, start_response):
    return text(start_response, b"Hello World!")


def greet(environ, start_response):
    body = json.dumps({"message": "Hello World!"}).encode()
    return text(start_response, body, "application/json")


def form(environ, start_response):
    fields = parse_qs(read(environ).decode())
    return text(start_response, fields["name"][0].encode())


def upload(environ, start_response):
    return text(start_response, str(len(read(environ))).encode())


def read(environ):
    return environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))


def text(start_response, body, media_type="text/html; charset=utf-8"):
    fields = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    start_response("200 OK", fields)
    return [body]


ANSWERS = {"/": hello, "/json": greet, "/form": form, "/upload": upload}


def application(environ, start_response):
    return ANSWERS[environ["PATH_INFO"]](environ, start_response)
