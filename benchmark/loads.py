"""The loads that wrk puts on servers, by the names that the command line takes."""

from email.utils import formatdate

from benchmark.material import MODIFIED, file_path
from benchmark.peers.plain.routes import ROUTES
from benchmark.wrk import Load

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://localhost/post/view/10",
    "Cookie": "sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9; theme=dark",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Priority": "u=0, i",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIELDS = "name=Ada+Lovelace&message=The+Analytical+Engine+weaves+algebraic+patterns"
BYTES = {"Content-Type": "application/octet-stream"}
KNOWN = {"If-Modified-Since": formatdate(MODIFIED, usegmt=True)}
CLOSE = {"Connection": "close"}
PAGES = [f"{route}/10" for route in ROUTES[:: len(ROUTES) // 10]]  # of all sections


def upload(size: int) -> Load:
    return Load("upload", ("/upload",), method="POST", headers=BYTES, size=size)


LOADS = {
    "hello": Load("hello"),
    "browser": Load("hello", headers=BROWSER),
    "argument": Load("argument", PAGES),
    "json": Load("json", ("/json",)),
    "session": Load("session", ("/session",), first="/session"),
    "form": Load("form", ("/form",), method="POST", headers=FORM, body=FIELDS),
    "upload-1k": upload(1024),
    "upload-64k": upload(64 * 1024),
    "upload-1m": upload(1024 * 1024),
    "file-10k": Load("static", (file_path(10 * 1024),)),
    "file-1m": Load("static", (file_path(1024 * 1024),)),
    "file-known": Load("known", (file_path(12),), headers=KNOWN),
    "pipelined": Load("hello", depth=16),
    "one-shot": Load("hello", headers=CLOSE, closes=True),
    "clients-1000": Load("hello", connections=1000),
    "clients-10000": Load("hello", connections=10_000),
    "original": Load("hello", threads=12, connections=400, seconds=30),
}
