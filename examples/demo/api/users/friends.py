"""/api/users/1/friends, /api/users/1/friends/3"""

import guava
import store
from guava.response import Response


class FriendsController(guava.controller.Controller):
    """Whom a user knows. Each action gets the user's number first."""

    def before_action(self) -> None:
        self.set_header("Cache-Control", "no-store")

    def get_all(self, user: int) -> list[dict[str, object]]:
        return store.friends(user)

    def get_one(self, user: int, friend: int) -> dict[str, object]:
        for found in store.friends(user):
            if found["id"] == friend:
                return found
        raise guava.errors.NotFound(f"friend {friend} of user {user}")

    def update_one(self, user: int, friend: int) -> dict[str, object]:
        """PUT makes them friends."""
        if store.user(user) is None or store.user(friend) is None:
            raise guava.errors.NotFound(f"user {user} or {friend}")
        store.befriend(user, friend)
        return self.get_one(user, friend)

    def delete_one(self, user: int, friend: int) -> Response:
        if not store.unfriend(user, friend):
            raise guava.errors.NotFound(f"friend {friend} of user {user}")
        return Response(status=204)
