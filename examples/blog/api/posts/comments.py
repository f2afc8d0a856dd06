"""/api/posts/1/comments: what readers say."""

from __future__ import annotations

from typing import Annotated

import msgspec

import guava
import store

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """What a client sends."""

    name: Name
    text: Text


class CommentsController(guava.controller.Controller):
    def get_all(self, post: int) -> list[store.Comment]:
        return store.comments(store.post(post).id)

    def create_one(self, post: int) -> store.Comment:
        sent = self.request.json(type=Sent)
        made = store.add_comment(store.post(post).id, sent.name, sent.text)
        return self.created(
            made, location=guava.url_for("posts.comments.get_all", post)
        )
