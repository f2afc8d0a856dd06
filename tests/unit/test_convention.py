import pytest

from guava import convention
from guava.controller import Controller, action

# Names


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("post", "PostController"),
        ("blog_post", "BlogPostController"),
        ("api.users.friends", "FriendsController"),
        ("index", "IndexController"),
        ("userGroups", "UserGroupsController"),
    ],
)
def test_a_controller_is_called_like_its_module(module, expected):
    assert convention.controller_name(module) == expected


# Actions


class Mixin:
    def helper(self): ...


class Site(Controller):
    def common(self): ...

    def dropped(self): ...


class Post(Site, Mixin):
    dropped = None

    def index(self): ...

    def _form(self): ...

    def write(self, data): ...

    def before_action(self): ...

    def redirect(self, location, status=302): ...

    @property
    def size(self): ...

    @staticmethod
    def count(): ...

    @classmethod
    def make(cls): ...

    class Inner: ...


def test_actions_are_the_public_methods_of_the_applications_own_classes():
    assert set(convention.actions(Post)) == {"index", "common"}


def test_the_base_has_no_actions():
    assert convention.actions(Controller) == {}


# Segments


class Named(Controller):
    @action(name="edit", methods=["GET"])
    def form(self): ...

    @action(name="edit", methods=["POST"])
    def save(self): ...

    def view(self): ...

    @action(name="hidden")
    def _hidden(self): ...


def test_actions_are_asked_for_by_the_names_that_they_are_given():
    assert convention.segments(Named) == {"edit": ["form", "save"], "view": ["view"]}


@pytest.mark.parametrize(
    ("segment", "method", "expected"),
    [
        ("edit", "GET", "form"),
        ("edit", "HEAD", "form"),
        ("edit", "POST", "save"),
        ("edit", "PUT", None),
        ("form", "GET", None),
        ("view", "PUT", "view"),
        ("hidden", "GET", None),
    ],
)
def test_the_method_chooses_between_actions(segment, method, expected):
    assert convention.chosen(Named, segment, method) == expected


def test_an_action_of_a_base_is_overridden_with_what_is_said_of_it():
    class Renamed(Named):
        def form(self): ...

    assert convention.segments(Renamed) == {
        "form": ["form"],
        "edit": ["save"],
        "view": ["view"],
    }


def test_what_is_marked_and_no_action_is_found():
    assert list(convention.misplaced(Named)) == ["_hidden"]
    assert convention.misplaced(Post) == {}


# What the engine gets


class Calendar(Controller):
    def day(self, year: int, month: int = 1): ...


def test_an_action_names_class_and_method():
    action = convention.action(Calendar, "day")
    assert action.controller is Calendar
    assert action.name == "day"


def test_constant_arguments_are_counted_and_converted():
    convention.action(Calendar, "day", ("2026",))
    with pytest.raises(TypeError, match="takes 1 to 2 arguments, not 3"):
        convention.action(Calendar, "day", ("2026", "11", "24"))
    with pytest.raises(ValueError, match="soon"):
        convention.action(Calendar, "day", ("soon",))
