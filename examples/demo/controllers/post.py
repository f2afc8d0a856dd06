"""Notes: to list, to read, to write."""

from collections.abc import Iterator
from html import escape
from urllib.parse import quote, unquote

import guava
import store
from guava.response import Response
from page import page

FORM = """<p class="complaint" role="alert">{complaint}</p>
<form method="post" action="/post/create">
<label>Title<input name="title" value="{title}" required></label>
<label>Author<input name="author" value="{author}" required></label>
<label>Text<textarea name="text" rows="6">{text}</textarea></label>
<button>Keep it</button>
</form>
"""


class PostController(guava.controller.Controller):
    """/post, /post/view/1, /post/new, /post/create, /post/export"""

    def index(self) -> str:
        notes = "".join(
            f'<li><a href="/post/view/{note.id}">{escape(note.title)}</a> '
            f"<small>{escape(note.author)}, {note.written}</small></li>"
            for note in store.notes()
        )
        button = '<p><a class="button" href="/post/new">Write one</a></p>'
        return page("Notes", f"<ul>{notes}</ul>{button}")

    def view(self, number: int) -> str:
        """What is no number is not found, without asking here."""
        note = store.note(number)
        if note is None:
            raise guava.errors.NotFound(f"note {number}")
        return page(
            note.title,
            f'<p class="text">{escape(note.text)}</p>'
            f"<p><small>{escape(note.author)}, {note.written}</small></p>",
        )

    def new(self) -> str:
        return self._form()

    def create(self) -> Response | str:
        """The form's target: back to the form with what is wrong, or on to the note."""
        if self.request.method != "POST":
            return self.redirect("/post/new")
        title = self.POST.get("title", "").strip()
        author = self.POST.get("author", "").strip()
        if not title or not author:
            self.set_status_code(422)
            return self._form("A note needs a title and an author.")
        number = store.add_note(title, self.POST.get("text", ""), author)
        self.set_cookie("author", quote(author), max_age=30 * 24 * 3600)
        return self.redirect(f"/post/view/{number}", 303)

    def export(self) -> Iterator[str]:
        """All notes as text, streamed."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        return (
            f"{note.title}\n{note.author}, {note.written}\n\n{note.text}\n\n"
            for note in store.notes()
        )

    def _form(self, complaint: str = "") -> str:
        """Not an action: its name begins with an underscore."""
        author = self.POST.get("author") or unquote(self.COOKIES.get("author", ""))
        return page(
            "A new note",
            FORM.format(
                complaint=escape(complaint),
                title=escape(self.POST.get("title", "")),
                author=escape(author),
                text=escape(self.POST.get("text", "")),
            ),
        )
