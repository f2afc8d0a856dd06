"""Whether a server has the common application right, before it is measured."""

import http.client
import json
from collections.abc import Callable, Mapping

from benchmark.loads import BYTES, FIELDS, FORM, KNOWN, PAGES
from benchmark.material import SIZES, file_path
from benchmark.peers.peer import Peer
from benchmark.servers import LOCAL, Fault, Server, started
from benchmark.wrk import cookie


def faults(peer: Peer) -> dict[str, str]:
    """Asks for all that the peer has; what is wrong with it, by what was asked."""
    found = {}
    for name in sorted(peer.answers):
        try:
            with started(peer) as server:
                check(server, name)
        except Fault as fault:
            found[name] = str(fault)
    return found


def check(server: Server, name: str) -> None:
    """Fault for an answer that is not as it should be, or that does not come."""
    try:
        is_right = CHECKS[name](server)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Fault(f"answers {name} with {type(error).__name__}") from error
    if not is_right:
        raise Fault(f"answers {name} wrongly")


def ask(
    server: Server,
    path: str,
    body: str | bytes | None = None,
    fields: Mapping[str, str] | None = None,
    status: int = 200,
) -> bytes:
    """The body of an answer; Fault where it is not of that status."""
    connection = http.client.HTTPConnection(LOCAL, server.port, timeout=5)
    try:
        method = "GET" if body is None else "POST"
        connection.request(method, path, body, dict(fields or {}))
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status != status:
        raise Fault(f"answers {path} with {answer.status}")
    return text


def hello(server: Server) -> bool:
    return ask(server, "/") == b"Hello World!"


def argument(server: Server) -> bool:
    return all(ask(server, path) == b"page 10" for path in PAGES)


def greeting(server: Server) -> bool:
    return bool(json.loads(ask(server, "/json")) == {"message": "Hello World!"})


def form(server: Server) -> bool:
    return ask(server, "/form", FIELDS, FORM) == b"Ada Lovelace"


def upload(server: Server) -> bool:
    body = bytes(range(256)) * 4096
    return int(ask(server, "/upload", body, BYTES)) == len(body)


def session(server: Server) -> bool:
    sent = {"Cookie": cookie(server, "/session")}
    return ask(server, "/session", fields=sent) == b"visit 2"


def static(server: Server) -> bool:
    return all(len(ask(server, file_path(size))) == size for size in SIZES)


def known(server: Server) -> bool:
    return ask(server, file_path(SIZES[0]), fields=KNOWN, status=304) == b""


CHECKS: dict[str, Callable[[Server], bool]] = {
    "hello": hello,
    "argument": argument,
    "json": greeting,
    "form": form,
    "upload": upload,
    "session": session,
    "static": static,
    "known": known,
}
