import ast
import hashlib
import logging
import os
import time

from pattern import pattern

import guava

log = logging.getLogger("engine")
asked: list[str] = []


BLOCK = pattern(65536)


class Closing:
    """An iterator that says when it is closed."""

    def __init__(self, name):
        self.name = name

    def __iter__(self):
        return self

    def __next__(self):
        return "again"

    def close(self):
        log.info("the stream %s was closed", self.name)


class DoController(guava.controller.Controller):
    def target(self):
        asked.append(self.request.url)
        return self.request.url

    def asked(self):
        """The requests that target() has answered."""
        return asked

    def echo(self):
        return self.request.body

    def body(self):
        with self.request.body_file as file:
            kind = type(file).__name__
            seen = hashlib.sha256(file.read()).hexdigest()
            is_unlinked = kind == "BufferedReader" and "(deleted)" in os.readlink(
                f"/proc/self/fd/{file.fileno()}"
            )
        return {
            "length": len(self.request.body),
            "body": hashlib.sha256(self.request.body).hexdigest(),
            "body_file": seen,
            "is_unlinked_file": is_unlinked,
        }

    def fields(self):
        return self.POST

    def form(self):
        file = self.FILES["data"]
        return {
            "name": self.POST["name"],
            "filename": file.filename,
            "sha256": hashlib.sha256(file.file.read()).hexdigest(),
        }

    def bytes(self, size: int):
        return pattern(size)

    def stream(self, size: int, chunk: int):
        whole = pattern(size)
        for start in range(0, size, chunk):
            yield whole[start : start + chunk]

    def written_stream(self):
        self.write("first")
        return iter(["second"])

    def with_headers(self):
        response = guava.response.Response("")
        response.headers = ast.literal_eval(self.GET["is"])
        return response

    def words(self):
        return iter(["one", "", "two", b"three"])

    def slowly(self, pause: float):
        yield "first"
        time.sleep(pause)
        yield "second"

    def closing(self, name):
        return Closing(name)

    def failing(self, chunks: int):
        for _ in range(chunks):
            yield "a chunk "
        raise RuntimeError("the stream broke")

    def endless(self, name):
        try:
            while True:
                yield BLOCK
        finally:
            log.info("the stream %s was closed", name)

    def failure(self):
        raise RuntimeError("the action broke")

    def status(self, code: int):
        self.set_status_code(code)

    def busy(self, seconds: float):
        time.sleep(seconds)
        return "done"
