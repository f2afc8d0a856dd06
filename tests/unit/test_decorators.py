import functools

import pytest

import guava
from guava.controller import action
from guava.decorators import METHODS, is_marked, marks_of


def marked(**options):
    @action(**options)
    def save(self): ...

    return marks_of(save)


def test_the_decorator_has_a_short_name():
    assert guava.action is action


def test_an_action_may_have_another_name():
    assert marked(name="new-post") == ("new-post", METHODS)
    assert marked(name="feed.xml").name == "feed.xml"
    assert marked(name="neue Notiz").name == "neue Notiz"


def test_an_action_that_answers_get_answers_head():
    assert marked(methods=["GET"]).methods == ("GET", "HEAD")
    assert marked(methods=("POST", "PUT", "POST")).methods == ("POST", "PUT")
    assert marked(methods=iter(["HEAD"])).methods == ("HEAD",)


def test_what_is_not_said_is_as_without_the_decorator():
    def view(self): ...

    assert marked() == marks_of(view) == (None, METHODS)
    assert not is_marked(view)
    assert is_marked(action()(view))


@pytest.mark.parametrize("name", ["", "a/b", ".", "..", "a\n", "\0", "\ud800"])
def test_what_can_be_no_segment_is_refused(name):
    with pytest.raises(ValueError, match="can be no segment of a URL"):
        action(name=name)


@pytest.mark.parametrize(
    ("methods", "error", "what"),
    [
        (["get"], ValueError, "'get' is no method; expected one of GET, HEAD, POST"),
        (["GTE"], ValueError, "'GTE' is no method; did you mean \"GET\"?"),
        (["GET", 5], ValueError, "5 is no method"),
        ([], ValueError, "at least one method"),
        ("POST", TypeError, r"a list of methods such as \['POST'\]"),
    ],
)
def test_what_are_no_methods_is_refused(methods, error, what):
    with pytest.raises(error, match=what):
        action(methods=methods)


@pytest.mark.parametrize(
    "what", [staticmethod(print), classmethod(print), property(print), object]
)
def test_only_functions_are_decorated(what):
    with pytest.raises(TypeError, match="@action is for functions"):
        action()(what)


def test_a_decorator_that_wraps_keeps_what_was_said():
    def logged(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args)

        return wrapper

    @logged
    @action(name="new-post")
    def new(self): ...

    assert marks_of(new).name == "new-post"
