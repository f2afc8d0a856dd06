"""Action, Redirect, File and Resource: what routers lead to."""

import sys
from pathlib import Path

import pytest

from guava._core import Action, Controller, File, Redirect, Resource


class Post(Controller):
    moon = "full"

    def view(self, *args):
        return "viewed"


def test_an_action_knows_its_controller_and_name():
    action = Action(Post, "view", min_args=1, max_args=-1, converters=[int, None])
    assert action.controller is Post
    assert action.name == "view"
    with pytest.raises(AttributeError):
        action.name = "other"
    with pytest.raises(AttributeError):
        action.other = 1


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        ((), {}, TypeError),
        ((Post,), {}, TypeError),
        ((Post, b"view"), {}, TypeError),
        ((Post(), "view"), {}, TypeError),
        ((object, "__str__"), {}, TypeError),
        ((Post, "missing"), {}, AttributeError),
        ((Post, "view", 1), {}, TypeError),
        ((Post, "view"), {"converters": 5}, TypeError),
        ((Post, "view"), {"args": 5}, TypeError),
        ((Post, "view"), {"methods": 5}, TypeError),
        ((Post, "view"), {"methods": ["get"]}, ValueError),
        ((Post, "view"), {"methods": ["GET", 5]}, ValueError),
        ((Post, "view"), {"min_args": "1"}, TypeError),
    ],
)
def test_what_is_no_action_is_refused(arguments, options, error):
    with pytest.raises(error):
        Action(*arguments, **options)


@pytest.mark.parametrize("kind", [tuple, list, iter])
def test_an_action_takes_at_most_sixteen_constants(kind):
    Action(Post, "view", args=kind(range(16)))
    for count in (17, 1000):
        with pytest.raises(ValueError, match=f"at most 16 arguments, found {count}"):
            Action(Post, "view", args=kind(range(count)))


def test_an_action_tells_its_methods():
    assert Action(Post, "view", methods=["POST", "GET"]).methods == (
        "GET",
        "HEAD",
        "POST",
    )
    everything = Action(Post, "view").methods
    assert everything == ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def test_an_action_does_not_change():
    action = Action(Post, "view")
    with pytest.raises(RuntimeError, match="change"):
        action.__init__(Post, "view")
    assert action.name == "view"


def test_a_failed_init_does_not_make_an_action_by_and_by():
    action = Action.__new__(Action)
    assert action.controller is action.name is None
    with pytest.raises(AttributeError):
        action.__init__(Post, "missing")
    with pytest.raises(RuntimeError):
        action.__init__(Post, "view")


def test_actions_let_go_of_what_they_were_made_from():
    converter, constant = int.__call__, object()
    before = [sys.getrefcount(thing) for thing in (Post, converter, constant)]
    for _ in range(10):
        Action(Post, "view", converters=[converter], args=[constant])
        with pytest.raises(AttributeError):
            Action(Post, "missing", converters=[converter], args=[constant])
        with pytest.raises(ValueError, match="at most"):
            Action(Post, "view", converters=[converter], args=[constant] * 17)
    assert [sys.getrefcount(thing) for thing in (Post, converter, constant)] == before


@pytest.mark.parametrize("kind", [Action, Redirect, File, Resource])
def test_targets_have_no_subclasses(kind):
    with pytest.raises(TypeError, match="base type"):
        type("Mine", (kind,), {})


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), TypeError),
        ((b"/",), TypeError),
        (("/", 200), ValueError),
        (("/", 400), ValueError),
        (("/", "301"), TypeError),
        (("/\r\nX: y",), ValueError),
        (("/\0",), ValueError),
        (("/\ud800",), UnicodeEncodeError),
    ],
)
def test_what_is_no_redirection_is_refused(arguments, error):
    with pytest.raises(error):
        Redirect(*arguments)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirection_may_be_made(status):
    Redirect("/caf\u00e9", status=status)


def test_a_file_is_any_path():
    for path in ("a", b"a", Path("a")):
        File(path)
    for path in (None, 5):
        with pytest.raises(TypeError):
            File(path)
    with pytest.raises(ValueError, match="null"):
        File("a\0b")


def test_a_resource_is_made_of_mappings_and_does_not_change():
    resource = Resource({}, children={"friends": Resource({})})
    with pytest.raises(RuntimeError, match="change"):
        resource.__init__({})
    for arguments in ((), (5,), ({}, 5)):
        with pytest.raises((AttributeError, TypeError)):
            Resource(*arguments)
