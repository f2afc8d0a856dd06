"""What a session in shared memory costs an action."""

import http.client
from dataclasses import replace

from benchmark.load import Load
from benchmark.servers import Server

ACTIONS = {"no session": "/", "read": "/index/read", "changed": "/index/change"}


def loads(server: Server) -> dict[Server, Load]:
    """The same server by what its actions do with a session, of one client."""
    headers = {"Cookie": begin(server)}
    return {
        replace(server, name=name): Load(paths=[path], headers=headers)
        for name, path in ACTIONS.items()
    }


def begin(server: Server) -> str:
    """A new session; the Cookie field of its client."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", "/index/begin")
    field = connection.getresponse().getheader("Set-Cookie")
    connection.close()
    assert field is not None
    return field.partition(";")[0]
