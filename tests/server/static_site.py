"""A guavad that serves one directory, `public`, as a test says."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any

from http_client import Answer, Client, engine, request

MODIFIED = 1_700_000_000


def http_date(moment: float) -> str:
    return format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)


class Site:
    """`routers` are a static router each: the options that are not left as they are."""

    def __init__(self, make: Callable[..., Any], *routers: dict[str, Any]) -> None:
        self.guavad = engine(
            make,
            start=False,
            routers=[
                {"type": "static", "mount_point": "/", "directory": "public", **options}
                for options in routers or ({},)
            ],
        )
        self.public: Path = self.guavad.folder / "public"
        self.public.mkdir()

    def start(self) -> Site:
        self.guavad.start()
        return self

    def write(
        self, name: str, content: bytes | str = b"", modified: float | None = None
    ) -> Path:
        """A file below `public`; `modified` is its time, if not now."""
        path = self.public / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if modified is not None:
            os.utime(path, (modified, modified))
        return path

    def connect(self, data: bytes = b"", **options: Any) -> Client:
        return Client(self.guavad.port, data, **options)

    def get(self, target: str, *fields: str, method: str = "GET") -> Answer:
        with self.connect(request(target, *fields, method=method)) as client:
            return client.read(method)

    @property
    def head(self) -> Callable[..., Answer]:
        return partial(self.get, method="HEAD")
