"""/api/posts, /api/posts/1; what lies below a post is in this package."""

from __future__ import annotations

import guava
import store


class PostsController(guava.controller.Controller):
    """Posts, as JSON. They are written on pages."""

    def get_all(self) -> list[store.Post]:
        return store.posts(size=100)

    def get_one(self, number: int) -> store.Post | None:
        post = store.post(number)
        return None if self.cached(etag=f"{post.id}-{post.changed}") else post
