"""An application, as its author writes it under mypy --strict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import guava
from guava.controller import Controller
from guava.errors import Forbidden, NotFound
from guava.handler import AnyHandler, Handler
from guava.request import Request
from guava.response import FileResponse, JSONResponse, RedirectResponse, Response
from guava.router import MVCRouter, Router, StaticRouter
from guava.session import Mem, SessionStore
from guava.testing import Client, Guavad


@dataclass
class Note:
    id: int
    text: str


class NoteController(Controller):
    notes: list[Note] = []

    def before_action(self) -> Response | None:
        if self.request.method == "DELETE" and "user" not in self.SESSION:
            raise Forbidden(detail="Log in first.")
        return None

    def index(self) -> list[Note]:
        page = self.GET.get("page", "1")
        self.set_header("X-Page", page)
        return self.notes

    def view(self, id: int) -> Note | None:
        found = next((note for note in self.notes if note.id == id), None)
        if found is None:
            raise NotFound(f"no note {id}")
        return None if self.cached(etag=str(len(found.text))) else found

    @guava.action(name="new", methods=["POST"])
    def create(self) -> Response:
        tags = self.POST.getlist("tag")
        upload = self.FILES.get("file")
        text = upload.file.read().decode() if upload is not None else ",".join(tags)
        self.notes.append(Note(len(self.notes), text))
        self.SESSION.flash(f"Thank you, {self.SESSION.get('user', 'stranger')}.")
        return RedirectResponse(guava.url_for("note.index", query={"page": 2}))

    def login(self, name: str) -> str:
        self.SESSION.regenerate()
        self.SESSION["user"] = name
        self.set_cookie("seen", "1", max_age=timedelta(days=1), same_site="Strict")
        return self.csrf_token

    def receive(self) -> int:
        return self.request.json(type=Note).id

    def stream(self) -> Iterator[str]:
        yield from ("one", "two")

    def download(self, name: str) -> FileResponse:
        return FileResponse(name, directory="files", disposition="attachment")


class Closed:
    """Middleware."""

    def process_request(self, request: Request) -> Response | None:
        request.state["begun"] = request.path
        closed = request.HEADERS.get("X-Closed")
        return JSONResponse({"closed": True}, 503) if closed else None

    def process_response(self, request: Request, response: Response) -> None:
        response.set_header("X-Begun", str(request.state["begun"]))


class ByHost(Router):
    def route(self, request: Request) -> AnyHandler | None:
        if request.host != "notes.example":
            return None
        return Handler(module="note", controller="NoteController", action="index")


class Own(SessionStore):
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def get(self, sid: str) -> dict[str, Any] | None:
        return self.kept.get(sid)

    def set(self, sid: str, value: dict[str, Any]) -> None:
        self.kept[sid] = value

    def delete(self, sid: str) -> None:
        self.kept.pop(sid, None)

    def clear(self, sid: str) -> None:
        self.kept[sid] = {}


@guava.on_worker_start
def connect() -> None:
    NoteController.notes = [Note(0, "full moon")]


def serve() -> guava.server.Server:
    server = guava.server.Server(
        port=0, middleware=[Closed()], session=SessionStore(type=Mem)
    )
    server.add_router(
        MVCRouter(package="controllers", middleware=[Closed()], session=Own()),
        StaticRouter(mount_point="/static", directory=".", max_age=60),
        ByHost(),
    )
    return server


def test_notes() -> None:
    with Client(serve(), base_url="https://notes.example") as client:
        answer = client.post("/note/new", data={"tag": ["a", "b"]})
        notes: list[Note] = client.get("/note").json(list[Note])
        assert answer.status == 303
        assert len(notes) == 2
        assert answer.headers.getlist("Set-Cookie") == []
    with Guavad("guava.yaml", workers=2) as guavad:
        assert Client(guavad).get("/", follow_redirects=True).text
