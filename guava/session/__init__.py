"""Sessions: what a client's requests have in common.

class IndexController(guava.controller.Controller):
    def index(self):
        self.SESSION["visits"] = self.SESSION.get("visits", 0) + 1
        return f"You were here {self.SESSION['visits']} times."
"""

from __future__ import annotations

from guava.session.cookie import SessionCookie
from guava.session.errors import StoreError
from guava.session.file import File
from guava.session.mem import Mem
from guava.session.session import Flash, Session
from guava.session.sessions import Sessions
from guava.session.store import SessionStore

__all__ = [
    "File",
    "Flash",
    "Mem",
    "Session",
    "SessionCookie",
    "SessionStore",
    "Sessions",
    "StoreError",
]
