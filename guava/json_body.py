"""JSON in request bodies (RFC 8259)."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec

from guava import bodies, media
from guava.errors import BadRequest, UnprocessableEntity, UnsupportedMediaType


def parse(content_type: str, body: BinaryIO, type: Any = Any) -> Any:
    """The value of a JSON body, as `type` has it. Closes `body`.

    Raises UnsupportedMediaType, BadRequest, UnprocessableEntity with the place of the
    fault, or PayloadTooLarge. TypeError where msgspec does not know `type`.
    """
    with body:
        _check_content_type(content_type)
        text = bodies.read_decodable(bodies.of(body), "a JSON text")
    try:
        return msgspec.json.decode(text, type=type)
    except msgspec.ValidationError as error:
        raise UnprocessableEntity(detail=str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(detail=f"this is no JSON: {error}") from None
    except RecursionError:
        raise BadRequest(detail="this JSON is nested too deeply") from None


def _check_content_type(content_type: str) -> None:
    """A page of another site can send any body, but not by this type unless CORS lets
    it; so a body without a type is not taken for JSON either."""
    kind = media.essence(content_type)
    if kind != "application/json" and not ("/" in kind and kind.endswith("+json")):
        raise UnsupportedMediaType(
            detail="the body must be JSON, and its Content-Type say so",
            headers={"Accept": "application/json"},
        )
