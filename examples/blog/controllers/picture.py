"""/picture/view/NAME: the pictures of posts."""

from __future__ import annotations

import guava
import store
from guava.response import FileResponse


class PictureController(guava.controller.Controller):
    def view(self, name: str) -> FileResponse:
        forever = {"Cache-Control": "public, max-age=31536000, immutable"}
        return FileResponse(name, directory=store.pictures(), headers=forever)
