import functools
from datetime import date
from enum import Enum, IntEnum
from typing import Any, Optional
from uuid import UUID

import pytest

from guava.paths import as_text
from guava.signature import Signature, count_text, signature


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
    assert signature(function)[:2] == (least, most)


def test_decorators_that_wrap_are_looked_through():
    def logged(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    @logged
    def view(self, number: int): ...

    assert signature(view) == (1, 1, (int,))


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
    [convert] = signature(view).converters
    assert convert(text) == value


@pytest.mark.parametrize("annotation", [str, "str", object, Any, None, str | int])
def test_text_stays_text(annotation):
    def view(self, argument): ...

    view.__annotations__["argument"] = annotation
    assert signature(view).converters == (None,)


class Phase(IntEnum):
    NEW = 0
    FULL = 2


class Mixed(Enum):
    DAY = date(2026, 11, 24)
    SURE = True
    TEXT = "text"
    NOTHING = None

    @classmethod
    def _missing_(cls, value):
        return cls.TEXT if value == "TEXT" else None


@pytest.mark.parametrize("member", [*Phase, Mixed.DAY, Mixed.SURE, Mixed.TEXT])
def test_a_member_of_an_enum_is_read_as_it_is_written(member):
    def view(self, argument): ...

    view.__annotations__["argument"] = type(member)
    [convert] = signature(view).converters
    assert convert(as_text(member)) is member


def test_what_is_no_member_is_for_the_enum_to_say():
    def view(self, phase: Phase, mixed: Mixed): ...

    phase, mixed = signature(view).converters
    assert mixed("TEXT") is Mixed.TEXT
    for convert in (phase, mixed):
        with pytest.raises(ValueError, match="'1' is not a valid"):
            convert("1")


@pytest.mark.parametrize("text", ["maybe", "True", "TRUE", "2"])
def test_what_is_no_truth_value_does_not_convert(text):
    def view(self, argument: bool): ...

    [convert] = signature(view).converters
    with pytest.raises(ValueError, match=text):
        convert(text)


def test_any_number_of_arguments_converts_alike():
    def add(self, first: str, *numbers: int): ...

    assert signature(add).converters == (None,) + (int,) * 15


def test_an_action_can_not_require_a_keyword():
    def view(self, *, kind): ...

    with pytest.raises(TypeError, match="kind by keyword"):
        signature(view)


def test_an_action_needs_self():
    def view(): ...

    with pytest.raises(TypeError, match="self"):
        signature(view)


async def coroutine(self): ...


async def async_generator(self):
    yield ""


@pytest.mark.parametrize("function", [coroutine, async_generator])
def test_an_async_function_can_not_be_an_action(function):
    with pytest.raises(TypeError, match="async"):
        signature(function)


@pytest.mark.parametrize(
    "annotation", [list[int], int | float, "missing", 7, bytes, bytearray]
)
def test_an_annotation_that_no_text_converts_to_is_told(annotation):
    def view(self, argument): ...

    view.__annotations__["argument"] = annotation
    with pytest.raises(TypeError, match="argument"):
        signature(view)


def test_generator_functions_are_actions():
    def export(self):
        yield ""

    assert signature(export) == (0, 0, ())


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
    assert count_text(Signature(*taken, ())) == text
