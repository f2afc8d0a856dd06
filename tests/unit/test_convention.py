import functools
from datetime import date
from typing import Any, Optional
from uuid import UUID

import pytest

from guava import convention
from guava.controller import Controller, action


def signature_of(function):
    return convention.signature(function)


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


# Signatures


@pytest.mark.parametrize(
    ("function", "least", "most"),
    [
        (lambda self: 0, 0, 0),
        (lambda self, a: 0, 1, 1),
        (lambda self, a, b=1: 0, 1, 2),
        (lambda self, a=1, b=1: 0, 0, 2),
        (lambda self, a, *rest: 0, 1, -1),
        (lambda *everything: 0, 0, -1),
        (lambda self, a, /, b: 0, 2, 2),
        (lambda self, a, *, b=1: 0, 1, 1),
        (lambda self, a, **more: 0, 1, 1),
    ],
)
def test_the_number_of_arguments_comes_from_the_signature(function, least, most):
    assert signature_of(function)[:2] == (least, most)


def test_decorators_that_wrap_are_looked_through():
    def logged(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    @logged
    def view(self, number: int): ...

    assert signature_of(view) == (1, 1, (int,))


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (int, "10", 10),
        (float, "1.5", 1.5),
        (
            UUID,
            "12345678123456781234567812345678",
            UUID(int=0x1234567812345678 * (1 + 2**64)),
        ),
        (date, "2026-11-24", date(2026, 11, 24)),
        (bool, "true", True),
        (bool, "0", False),
        (int | None, "10", 10),
        (Optional[int], "10", 10),  # noqa: UP045
        ("int", "10", 10),
        ("date | None", "2026-11-24", date(2026, 11, 24)),
    ],
)
def test_annotations_convert(annotation, text, value):
    def view(self, argument): ...

    view.__annotations__["argument"] = annotation
    [convert] = signature_of(view).converters
    assert convert(text) == value


@pytest.mark.parametrize("annotation", [str, "str", object, Any, None, str | int])
def test_text_stays_text(annotation):
    def view(self, argument): ...

    view.__annotations__["argument"] = annotation
    assert signature_of(view).converters == (None,)


@pytest.mark.parametrize("text", ["maybe", "True", "TRUE", "2"])
def test_what_is_no_truth_value_does_not_convert(text):
    def view(self, argument: bool): ...

    [convert] = signature_of(view).converters
    with pytest.raises(ValueError, match=text):
        convert(text)


def test_any_number_of_arguments_converts_alike():
    def add(self, first: str, *numbers: int): ...

    assert signature_of(add).converters == (None,) + (int,) * 15


def test_an_action_can_not_require_a_keyword():
    def view(self, *, kind): ...

    with pytest.raises(TypeError, match="kind by keyword"):
        signature_of(view)


def test_an_action_needs_self():
    def view(): ...

    with pytest.raises(TypeError, match="self"):
        signature_of(view)


async def coroutine(self): ...


async def async_generator(self):
    yield ""


@pytest.mark.parametrize("function", [coroutine, async_generator])
def test_an_async_function_can_not_be_an_action(function):
    with pytest.raises(TypeError, match="async"):
        signature_of(function)


@pytest.mark.parametrize("annotation", [list[int], int | float, "missing", 7])
def test_an_annotation_that_no_text_converts_to_is_told(annotation):
    def view(self, argument): ...

    view.__annotations__["argument"] = annotation
    with pytest.raises(TypeError, match="argument"):
        signature_of(view)


def test_generator_functions_are_actions():
    def export(self):
        yield ""

    assert signature_of(export) == (0, 0, ())


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


@pytest.mark.parametrize(
    ("taken", "text"),
    [
        ((0, 0), "0 arguments"),
        ((1, 1), "1 argument"),
        ((1, 3), "1 to 3 arguments"),
        ((2, -1), "2 or more arguments"),
    ],
)
def test_signatures_in_words(taken, text):
    assert convention.count_text(convention.Signature(*taken, ())) == text
