"""The frame that all pages share."""

from html import escape

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · Night notebook</title>
<link rel="icon" href="/static/moon.svg">
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<header>
<a class="home" href="/"><img src="/static/moon.svg" alt="">Night notebook</a>
<nav>
<a href="/post">Notes</a>
<a href="/moon">Moon</a>
<a href="/static/notes/">Files</a>
<a href="/about">About</a>
</nav>
</header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def page(title: str, body: str) -> str:
    """A whole page. `title` is text, `body` is HTML."""
    return FRAME.format(title=escape(title), body=body)
