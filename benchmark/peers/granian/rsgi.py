"""What plain/wsgi.py and plain/asgi.py are, for Granian's own interface."""

import json
from urllib.parse import parse_qs

HTML = [("content-type", "text/html; charset=utf-8")]
JSON = [("content-type", "application/json")]


async def application(scope, protocol):
    match scope.path:
        case "/":
            protocol.response_str(200, HTML, "Hello World!")
        case "/json":
            message = json.dumps({"message": "Hello World!"})
            protocol.response_str(200, JSON, message)
        case "/form":
            fields = parse_qs((await protocol()).decode())
            protocol.response_str(200, HTML, fields["name"][0])
        case "/upload":
            protocol.response_str(200, HTML, str(len(await protocol())))
