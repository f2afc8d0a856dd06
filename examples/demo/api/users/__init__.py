"""/api/users, /api/users/1; what lies below a user is in this package."""

import msgspec

import guava
import store
from guava.response import Response


class User(msgspec.Struct):
    """What a client sends."""

    name: str


class UsersController(guava.controller.Controller):
    """People, as JSON."""

    def get_all(self) -> list[dict[str, object]]:
        return store.users()

    def get_one(self, number: int) -> dict[str, object]:
        found = store.user(number)
        if found is None:
            raise guava.errors.NotFound(f"user {number}")
        return found

    def create_one(self) -> dict[str, object]:
        number = store.add_user(self._sent().name)
        self.set_status_code(201)
        self.set_header("Location", f"/api/users/{number}")
        return self.get_one(number)

    def update_one(self, number: int) -> dict[str, object]:
        store.rename_user(number, self._sent().name)
        return self.get_one(number)

    def delete_one(self, number: int) -> Response:
        if not store.remove_user(number):
            raise guava.errors.NotFound(f"user {number}")
        return Response(status=204)

    def _sent(self) -> User:
        try:
            return msgspec.json.decode(self.request.body, type=User)
        except msgspec.DecodeError as error:
            raise guava.errors.BadRequest(str(error)) from None
