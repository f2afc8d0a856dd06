"""/: the latest posts."""

from __future__ import annotations

import guava
import store
from pages import Page, entry

SIZE = 10


class IndexController(Page):
    def index(self) -> str:
        page = self._asked_page()
        posts = store.posts(page, SIZE)
        entries = "".join(map(entry, posts)) or "<li>Nobody has written yet.</li>"
        older = guava.url_for("index.index", query={"page": page + 1})
        more = f'<p><a href="{older}">Older posts</a></p>' if len(posts) == SIZE else ""
        return self.page("Latest posts", f"<ul>{entries}</ul>{more}")

    def _asked_page(self) -> int:
        asked = self.GET.get("page", "1")
        return (
            int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
        )
