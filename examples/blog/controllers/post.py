"""/post/view/1, /post/new, /post/edit/1, /post/remove/1: to read and to write."""

from __future__ import annotations

import secrets
from html import escape

import guava
import store
from guava.errors import Forbidden
from guava.response import Response
from pages import Page, field, link, paragraphs

PICTURES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


class PostController(Page):
    def view(self, number: int) -> str:
        post = store.post(number)
        picture = own = ""
        if post.picture is not None:
            picture = (
                f'<img src="{guava.url_for("picture.view", post.picture)}" alt="">'
            )
        if post.writer == self.SESSION.get("name"):
            own = f"<p>{link('post.edit', 'Change it', number)}</p>"
            own += self.form(guava.url_for("post.remove", number), "", "Remove it")
        comments = "".join(
            f"<li>{escape(one.text)} <small>{escape(one.name)}</small></li>"
            for one in store.comments(number)
        )
        byline = f"<p><small>{escape(post.writer)}, {post.written[:10]}</small></p>"
        text = paragraphs(post.text)
        return self.page(post.title, f"{byline}{picture}{text}{own}<ul>{comments}</ul>")

    @guava.action(methods=["GET"])
    def new(self) -> Response | str:
        if self.writer is None:
            return self.redirect(guava.url_for("account.sign_in"))
        return self._form("A new post", "new")

    @guava.action(name="new", methods=["POST"])
    def create(self) -> Response | str:
        writer = self._signed_in()
        title, text = self._sent()
        if complaint := self._complaint():
            return self._form("A new post", "new", complaint=complaint)
        number = store.add_post(writer, title, text, self._kept_picture())
        self.SESSION.flash("Your post is published.")
        return self.redirect(guava.url_for("post.view", number))

    @guava.action(methods=["GET"])
    def edit(self, number: int) -> str:
        post = self._own(number)
        return self._form(post.title, "edit", number, title=post.title, text=post.text)

    @guava.action(name="edit", methods=["POST"])
    def change(self, number: int) -> Response | str:
        post = self._own(number)
        title, text = self._sent()
        if complaint := self._complaint():
            return self._form(post.title, "edit", number, complaint=complaint)
        store.change_post(number, title, text, self._kept_picture())
        return self.redirect(guava.url_for("post.view", number))

    @guava.action(methods=["POST"])
    def remove(self, number: int) -> Response:
        self._own(number)
        store.remove_post(number)
        self.SESSION.flash("Your post is gone.")
        return self.redirect(guava.url_for("index.index"))

    def _signed_in(self) -> int:
        """The writer's number, or 403."""
        if self.writer is None:
            raise Forbidden("nobody is signed in")
        return self.writer

    def _own(self, number: int) -> store.Post:
        """A post of who is signed in; of anyone else, 403."""
        post = store.post(number)
        if self._signed_in() and post.writer != self.SESSION["name"]:
            raise Forbidden(f"post {number} is {post.writer}'s")
        return post

    def _sent(self) -> tuple[str, str]:
        """Title and text of the form."""
        return self.POST.get("title", "").strip(), self.POST.get("text", "").strip()

    def _complaint(self) -> str:
        """What is wrong with the form, if anything; its page is a 422 then."""
        complaint = ""
        picture = self.FILES.get("picture")
        if not all(self._sent()):
            complaint = "A post needs a title and a text."
        elif picture and picture.size and picture.content_type not in PICTURES:
            complaint = "A picture is a JPEG, PNG or WebP file."
        if complaint:
            self.set_status_code(422)
        return complaint

    def _kept_picture(self) -> str | None:
        """The name under which the picture of the form is kept now."""
        picture = self.FILES.get("picture")
        if picture is None or picture.size == 0:
            return None
        name = secrets.token_hex(8) + PICTURES[picture.content_type]
        picture.save(store.pictures() / name)
        return name

    def _form(
        self,
        heading: str,
        action: str,
        *args: object,
        title: str = "",
        text: str = "",
        complaint: str = "",
    ) -> str:
        """What was sent goes before what is kept."""
        written = escape(self.POST.get("text", text))
        fields = (
            f"{field('Title', 'title', self.POST.get('title', title))}"
            f'<label>Text<textarea name="text" rows="8">{written}</textarea></label>'
            '<label>Picture<input name="picture" type="file" accept="image/*"></label>'
        )
        target = guava.url_for(f"post.{action}", *args)
        return self.page(heading, self.form(target, fields, "Publish", complaint))
