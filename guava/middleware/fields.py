"""The header fields of an answer, as middleware looks at them."""

from __future__ import annotations

from guava.response import Response


def names(response: Response) -> set[str]:
    """The names of the fields that the answer has, in lower case."""
    return {name.lower() for name, _ in response.headers}


def value(response: Response, lower: str) -> str | None:
    """The value of the field whose name is `lower` in lower case, of several lines
    their list (RFC 9110, section 5.3)."""
    lines = [line for name, line in response.headers if name.lower() == lower]
    return ", ".join(lines) if lines else None


def vary(response: Response, on: str) -> None:
    """Say that the answer depends on the request's field `on` (RFC 9110, section
    12.5.5), unless it says so already."""
    said = value(response, "vary")
    if said is None:
        response.headers.append(("Vary", on))
        return
    listed = {item.strip().lower() for item in said.split(",")}
    if on.lower() not in listed and "*" not in listed:
        response.set_header("Vary", f"{said}, {on}")
