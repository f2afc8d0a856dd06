"""The application of bare ASGI servers: no framework, no routing but a dictionary."""

import json
from urllib.parse import parse_qs


async def hello(receive):
    return b"Hello World!"


async def greet(receive):
    return json.dumps({"message": "Hello World!"}).encode()


async def form(receive):
    fields = parse_qs((await read(receive)).decode())
    return fields["name"][0].encode()


async def upload(receive):
    return str(len(await read(receive))).encode()


async def read(receive):
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


ANSWERS = {
    "/": (hello, b"text/html; charset=utf-8"),
    "/json": (greet, b"application/json"),
    "/form": (form, b"text/html; charset=utf-8"),
    "/upload": (upload, b"text/html; charset=utf-8"),
}


async def application(scope, receive, send):
    if scope["type"] != "http":
        raise ValueError("HTTP alone")  # how a lifespan is declined
    answer, media_type = ANSWERS[scope["path"]]
    body = await answer(receive)
    length = str(len(body)).encode()
    fields = [(b"content-type", media_type), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": body})
