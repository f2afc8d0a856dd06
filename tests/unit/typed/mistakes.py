"""What mypy --strict finds in an application: lines with the kind of their mistake."""

from __future__ import annotations

import guava
from guava.controller import Controller
from guava.request import Request
from guava.response import Response
from guava.testing import Client


class NoteController(Controller):
    def index(self) -> str:
        self.GET["page"] + 1  # operator
        print(self.request.pth)  # attr-defined
        self.set_header("X-Count", 7)  # arg-type
        self.set_cookie("a", "b", same_site="lax")  # arg-type
        self.set_cookie("a", "b", max_aeg=1)  # call-arg
        self.write(["a"])  # arg-type
        print(self.FILES["file"].name)  # attr-defined
        self.SESSION.regenrate()  # attr-defined
        return self.cached()  # return-value

    def before_action(self, request: Request) -> None:  # override
        pass


class MyRequest(Request):  # misc
    pass


def answer(request: Request) -> Response:
    request.path = "/"  # misc
    guava.url_for(7)  # arg-type
    guava.server.Server(auto_relod=True)  # call-arg
    return Response(b"", status="200")  # arg-type


def test(client: Client) -> None:
    client.get("/", jsn={})  # call-arg
    client.get("/").status.lower()  # attr-defined
