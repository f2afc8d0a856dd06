"""What pages are made of. Text becomes HTML here, and nowhere else."""

from __future__ import annotations

from html import escape

import guava
from store import Post

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · Hedgerow</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<header>
<a class="home" href="/">Hedgerow</a>
<nav>{links}</nav>
</header>
<main>
{news}
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


class Page(guava.controller.Controller):
    """The base of the controllers that answer with pages."""

    @property
    def writer(self) -> int | None:
        """The number of who is signed in."""
        number: int | None = self.SESSION.get("writer")
        return number

    def page(self, title: str, body: str) -> str:
        """A whole page. `title` is text, `body` is HTML."""
        news = self.SESSION.flashes()
        return FRAME.format(
            title=escape(title),
            style=guava.url_for("static", "style.css"),
            links=self._links(),
            news="".join(f'<p class="news">{escape(one.message)}</p>' for one in news),
            body=body,
        )

    def form(self, action: str, fields: str, button: str, complaint: str = "") -> str:
        """A form that only pages of this site can send. `fields` is HTML."""
        shown = f'<p role="alert">{escape(complaint)}</p>' if complaint else ""
        return f"""{shown}<form method="post" action="{escape(action)}"
enctype="multipart/form-data">
<input type="hidden" name="csrf_token" value="{self.csrf_token}">
{fields}
<button>{escape(button)}</button>
</form>"""

    def _links(self) -> str:
        if self.writer is None:
            return link("account.sign_in", "Sign in")
        name = escape(self.SESSION["name"])
        return f"{link('post.new', 'Write')} {link('account.index', name)}"


def link(name: str, html: str, *args: object) -> str:
    return f'<a href="{guava.url_for(name, *args)}">{html}</a>'


def field(label: str, name: str, value: str = "", kind: str = "text") -> str:
    """An input that may not be left empty."""
    return (
        f"<label>{escape(label)}"
        f'<input name="{name}" type="{kind}" value="{escape(value)}" required></label>'
    )


def entry(post: Post) -> str:
    """A post in a list."""
    day = f'<time datetime="{post.written}">{post.written[:10]}</time>'
    title = link("post.view", escape(post.title), post.id)
    return f"<li>{title} <small>{escape(post.writer)}, {day}</small></li>"


def paragraphs(text: str) -> str:
    """Text whose paragraphs are set apart by empty lines."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return "".join(f"<p>{escape(part)}</p>" for part in parts if part)
