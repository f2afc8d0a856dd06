"""Controllers that no package's router finds: a table and MoonRouter name them."""

from datetime import UTC, date, datetime, timedelta

import guava
import moon
from page import page


class MiscController(guava.controller.Controller):
    """What does not belong anywhere else; conf/guava.yaml has it at /about."""

    def about(self) -> str:
        return page(
            "About",
            "<p>This notebook is guava's example: everything that it does stands in "
            "<code>examples/demo</code>, and <code>conf/guava.yaml</code> says what "
            "answers where.</p>",
        )


class MoonController(guava.controller.Controller):
    """The moon on a day."""

    def phase(self, day: date | None = None) -> str:
        """/moon/2026-11-24; what is no date never gets here, it is not found."""
        day = day or datetime.now(UTC).date()
        before, after = day - timedelta(1), day + timedelta(1)
        caption = f"{moon.name(day)}, {moon.lit(day):.0%} lit"
        return page(
            f"The moon on {day:%d %B %Y}",
            f'<figure class="moon">{moon.drawing(day)}'
            f"<figcaption>{caption}</figcaption></figure>"
            f'<p class="between"><a href="/moon/{before}">← {before}</a>'
            f'<a href="/moon/{after}">{after} →</a></p>',
        )
