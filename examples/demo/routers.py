"""Routers of our own."""

import re

import guava
from guava.handler import Handler
from guava.request import Request


class MoonRouter(guava.router.Router):
    """/moon, and /moon/2026-11-24: paths that no table could list."""

    def route(self, request: Request) -> Handler | None:
        """MoonController.phase for a path of ours; None leaves it to other routers."""
        found = re.fullmatch(r"/moon(?:/([0-9-]+))?", request.path)
        if found is None:
            return None
        return Handler(
            package=".",
            module="misc",
            controller="MoonController",
            action="phase",
            args=found.groups() if found[1] else (),
        )
