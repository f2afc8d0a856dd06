"""All of guava's middleware around one guavad, which answers as it would without."""

import pytest
from http_client import Client, post, request, resident

MIDDLEWARE = [
    {"class": "guava.middleware.RequestID", "options": {"header": "X-Trace"}},
    "guava.middleware.Timing",
    {
        "class": "guava.middleware.SecurityHeaders",
        "options": {"csp": "script-src 'nonce-{nonce}'"},
    },
    {"class": "guava.middleware.Compression", "options": {"minimum": 1}},
    {"class": "guava.middleware.CORS", "options": {"origins": ["http://a.example"]}},
    {"class": "guava.middleware.RateLimit", "options": {"rate": "1000000/s"}},
    {
        "class": "guava.middleware.BasicAuth",
        "options": {"users": {"ada": "secret"}, "paths": ["/private"]},
    },
    "guava.middleware.MethodOverride",
    {"class": "guava.middleware.CSRF", "options": {"exempt": ["/"]}},
]
BIG = b"x" * 2_000_000
ODD = {
    "a page": request("/"),
    "a page that is coded": request("/", "Accept-Encoding: zstd"),
    "nobody's": request("/none"),
    "a path that is none": request("/%zz"),
    "an escaped NUL": request("/%00"),
    "bytes that are no text": request("/%ff?%ff=%ff"),
    "the server itself": request("*", method="OPTIONS"),
    "an absolute target": request("http://test/act/pid"),
    "a method that no action has": request("/act/pid", method="DELETE"),
    "a body over the limit": post("/", BIG),
    "a malformed form": post("/", b"x", "Content-Type: multipart/form-data"),
    "credentials of nothing": request("/private", "Authorization: Basic"),
    "fields of nothing": request("/", "Origin:", "Cookie:", "Accept-Encoding:"),
    "a file": request("/files/guava.yaml", "Accept-Encoding: gzip"),
    "a part of a file": request("/files/guava.yaml", "Range: bytes=0-3"),
    "a directory": request("/files"),
}
OWN = {"a malformed form": 400, "credentials of nothing": 401}


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    def make(middleware):
        files = {"type": "static", "mount_point": "/files", "directory": "."}
        mvc = {"type": "mvc", "package": "controllers"}
        daemon = make_shared_guavad(
            server={"workers": 1},
            routers=[files, mvc],
            middleware=middleware,
        )
        daemon.start()
        return daemon

    return make(MIDDLEWARE), make([])


def status(daemon, asked):
    with Client(daemon.port, asked) as client:
        return client.read().status


@pytest.mark.parametrize("name", ODD)
def test_whatever_is_asked_the_status_is_what_it_would_be_without(site, name):
    around, plain = site
    without = status(plain, ODD[name])
    assert status(around, ODD[name]) == OWN.get(name, without)
    assert "Traceback" not in around.log_text()


def test_many_requests_leave_nothing_behind(site):
    daemon, _ = site
    asked = [
        ODD["a page that is coded"],
        ODD["nobody's"],
        ODD["a file"],
        request("/private", "Authorization: Basic YWRhOnNlY3JldA=="),
        request("/", "Origin: http://a.example", "X-Trace: 1"),
    ]

    def load():
        with Client(daemon.port) as client:
            for _ in range(1000):
                for data in asked:
                    client.ask(data)
        return resident(daemon)

    load()
    before = load()
    assert load() - before < 256 * 1024
