"""The front page."""

from datetime import UTC, datetime
from html import escape

import guava
import moon
import store
from page import page


class IndexController(guava.controller.Controller):
    """/"""

    def index(self) -> str:
        today = datetime.now(UTC).date()
        notes = "".join(
            f'<li><a href="/post/view/{note.id}">{escape(note.title)}</a></li>'
            for note in store.notes()[:3]
        )
        return page(
            "Tonight",
            f'<figure class="moon"><a href="/moon">{moon.drawing(today)}</a>'
            f"<figcaption>{moon.name(today)}</figcaption></figure>"
            f"<h2>Latest notes</h2><ul>{notes}</ul>"
            '<p><a class="button" href="/post/new">Write one</a></p>'
            "<h2>For programs</h2>"
            '<ul><li><a href="/api/users"><code>GET /api/users</code></a></li>'
            '<li><a href="/api/users/1/friends">'
            "<code>GET /api/users/1/friends</code></a></li>"
            '<li><a href="/post/export"><code>GET /post/export</code></a></li></ul>',
        )
