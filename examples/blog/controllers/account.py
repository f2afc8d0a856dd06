"""/account: signing up, in and out."""

from __future__ import annotations

import guava
import store
from guava.response import Response
from pages import Page, field, link

PASSWORD_LEAST = 8


class AccountController(Page):
    def index(self) -> Response | str:
        if self.writer is None:
            return self.redirect(guava.url_for("account.sign_in"))
        target = guava.url_for("account.sign_out")
        return self.page("Your account", self.form(target, "", "Sign out"))

    @guava.action(methods=["GET"])
    def sign_in(self) -> str:
        return self._form("sign_in")

    @guava.action(name="sign_in", methods=["POST"])
    def enter(self) -> Response | str:
        name, password = self._sent()
        writer = store.writer(name, password)
        if writer is None:
            return self._form("sign_in", "There is nobody of that name and password.")
        return self._welcome(writer)

    @guava.action(methods=["GET"])
    def sign_up(self) -> str:
        return self._form("sign_up")

    @guava.action(name="sign_up", methods=["POST"])
    def join(self) -> Response | str:
        name, password = self._sent()
        if not name or len(password) < PASSWORD_LEAST:
            complaint = f"A password has {PASSWORD_LEAST} characters at least."
            return self._form("sign_up", complaint)
        writer = store.add_writer(name, password)
        if writer is None:
            return self._form("sign_up", "Somebody has that name.")
        return self._welcome(writer)

    @guava.action(methods=["POST"])
    def sign_out(self) -> Response:
        self.SESSION.destroy()
        return self.redirect(guava.url_for("index.index"))

    def _sent(self) -> tuple[str, str]:
        return self.POST.get("name", "").strip(), self.POST.get("password", "")

    def _welcome(self, writer: store.Writer) -> Response:
        """Under a new id, so that nobody who knows the old one is signed in too."""
        self.SESSION.regenerate()
        self.SESSION.update(writer=writer.id, name=writer.name)
        self.SESSION.flash(f"Welcome, {writer.name}.")
        return self.redirect(guava.url_for("index.index"))

    def _form(self, action: str, complaint: str = "") -> str:
        if complaint:
            self.set_status_code(422)
        fields = field("Name", "name", self.POST.get("name", ""))
        fields += field("Password", "password", kind="password")
        title = "Sign in" if action == "sign_in" else "Sign up"
        form = self.form(guava.url_for(f"account.{action}"), fields, title, complaint)
        other = "" if action == "sign_up" else link("account.sign_up", "I am new here")
        return self.page(title, f"{form}<p>{other}</p>")
