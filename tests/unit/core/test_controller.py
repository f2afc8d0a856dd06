"""The part of a controller that the engine has, made by hand."""

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava._core import Controller, Headers, Request

FROM_REQUEST = ["GET", "POST", "FILES", "COOKIES", "HEADERS", "SESSION"]
TOKENS = st.text(st.sampled_from("abcXYZ019!#$%&'*+-.^_`|~"), min_size=1)
VALUES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32))])
).filter(lambda text: "\x7f" not in text)
FRAMING = [
    *("Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade"),
    "Date",
]


class Text(str):
    __slots__ = ()


class Data(bytes):
    __slots__ = ()


@pytest.mark.parametrize("arguments", [(), (None,)])
def test_a_controller_may_be_without_a_request(arguments):
    controller = Controller(*arguments)
    assert controller.request is None
    assert all(getattr(controller, name) == {} for name in FROM_REQUEST)
    assert isinstance(controller.HEADERS, Headers)
    assert (controller.status_code, controller.headers) == (200, [])
    assert controller.written == b""


def test_a_controller_sees_what_its_request_has():
    request = Request("/?a=1")
    controller = Controller(request=request)
    assert controller.request is request
    for name in FROM_REQUEST:
        assert getattr(controller, name) is getattr(request, name)


@pytest.mark.parametrize("request_", [5, "request", object(), Request])
def test_a_request_is_a_request(request_):
    with pytest.raises(TypeError, match="expected a Request"):
        Controller(request_)


@pytest.mark.parametrize(
    "name", [*FROM_REQUEST, "request", "status_code", "headers", "written"]
)
def test_attributes_are_read_only(name):
    with pytest.raises(AttributeError):
        setattr(Controller(), name, None)


def test_write_gathers():
    controller = Controller()
    for data in ("caf\u00e9", b"\xff\0", "", b"", Text("text"), Data(b"data")):
        controller.write(data)
    assert controller.written == b"caf\xc3\xa9\xff\0textdata"


@pytest.mark.parametrize("data", [None, 5, bytearray(b"x"), memoryview(b"x"), ["x"]])
def test_write_takes_nothing_else(data):
    controller = Controller()
    with pytest.raises(TypeError, match="str or bytes"):
        controller.write(data)
    with pytest.raises(UnicodeEncodeError):
        controller.write("a\ud800")
    assert controller.written == b""


def test_a_status_is_from_200_to_599():
    controller = Controller()
    for code in (200, 204, 404, 599):
        controller.set_status_code(code)
        assert controller.status_code == code
    for code in (-1, 0, 100, 199, 600):
        with pytest.raises(ValueError, match=f"found {code}"):
            controller.set_status_code(code)
    for code in ("200", 200.0, None):
        with pytest.raises(TypeError):
            controller.set_status_code(code)
    with pytest.raises(OverflowError):
        controller.set_status_code(1 << 70)
    assert controller.status_code == 599


def test_set_header_replaces_in_any_case():
    controller = Controller()
    controller.add_header("X-A", "1")
    controller.add_header("x-b", "2")
    controller.add_header("x-A", "3")
    controller.set_header("X-a", "4: 5")
    assert controller.headers == [("x-b", "2"), ("X-a", "4: 5")]


def test_add_header_adds():
    controller = Controller()
    controller.add_header("Vary", "Accept")
    controller.add_header("Vary", "Cookie")
    assert controller.headers == [("Vary", "Accept"), ("Vary", "Cookie")]


def test_the_list_of_headers_is_a_new_one():
    controller = Controller()
    controller.headers.append(("X", "y"))
    assert controller.headers == []


@pytest.fixture(params=["set_header", "add_header"])
def put(request):
    """set_header and add_header of a controller that has one field."""
    controller = Controller()
    controller.set_header("X-Before", "kept")
    yield getattr(controller, request.param)
    assert controller.headers == [("X-Before", "kept")]


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\rb", "\0", "\x1f", "\x7f"])
def test_a_value_has_no_control_characters(put, value):
    with pytest.raises(ValueError, match="control"):
        put("X-Before", value)


@pytest.mark.parametrize(
    "name", ["", "X Y", "X:", "X\r\n", "X\0", "caf\u00e9", "X\t", '"X"', "X(", "\x7f"]
)
def test_a_name_is_a_token(put, name):
    with pytest.raises(ValueError, match="header field name"):
        put(name, "value")


@pytest.mark.parametrize("name", FRAMING)
def test_the_fields_that_frame_a_message_are_the_servers(put, name):
    for spelt in (name, name.lower(), name.upper(), Text(name)):
        with pytest.raises(ValueError, match="server"):
            put(spelt, "5")


@pytest.mark.parametrize(
    "arguments", [(), ("X",), ("X", 5), (b"X", "y"), ("X", b"y"), ("X", None)]
)
def test_names_and_values_are_text(put, arguments):
    with pytest.raises(TypeError):
        put(*arguments)


def test_half_a_character_is_no_value(put):
    with pytest.raises(UnicodeEncodeError):
        put("X-Before", "\ud800")


@given(st.lists(st.tuples(TOKENS, VALUES)))
def test_headers_are_as_they_were_added(pairs):
    controller = Controller()
    taken = [pair for pair in pairs if pair[0].title() not in FRAMING]
    for name, value in taken:
        controller.add_header(name, value)
    assert controller.headers == taken


def test_the_hooks_do_nothing():
    controller = Controller()
    assert controller.before_action() is None
    assert controller.after_action() is None


# Subclasses


def test_an_init_without_super_makes_a_controller_without_a_request():
    class Bare(Controller):
        def __init__(self, request=None):
            self.mine = request

    controller = Bare(Request())
    assert controller.request is None
    assert (controller.GET, controller.status_code) == ({}, 200)
    controller.write("works")
    assert controller.written == b"works"


def test_new_and_init_may_have_arguments_of_their_own():
    class Own(Controller):
        def __new__(cls, request=None, extra=0):
            made = super().__new__(cls)
            made.extra = extra
            return made

        def __init__(self, request=None, extra=0):
            super().__init__(request)

    request = Request()
    controller = Own(request, extra=5)
    assert (controller.request, controller.extra) == (request, 5)


def test_slots_leave_no_dictionary():
    class Slim(Controller):
        __slots__ = ("only",)

    controller = Slim()
    controller.only = 1
    with pytest.raises(AttributeError):
        controller.other = 2


def test_a_mixin_may_stand_on_either_side():
    class Mixin:
        def __init__(self, *args):
            super().__init__(*args)
            self.mixed = True

    class Left(Mixin, Controller):
        pass

    class Right(Controller, Mixin):
        pass

    request = Request()
    assert (Left(request).request, Left(request).mixed) == (request, True)
    assert Right(request).request is request


@pytest.mark.parametrize("base", [int, dict, str, Exception, type])
def test_a_controller_is_nothing_else_besides(base):
    with pytest.raises(TypeError):
        type("Both", (Controller, base), {})


def test_controllers_in_a_cycle_are_collected():
    class Cyclic(Controller):
        pass

    controller = Cyclic(Request())
    controller.me = controller
    seen = weakref.ref(controller)
    del controller
    gc.collect()
    assert seen() is None


def test_a_class_of_controllers_is_collected():
    made = type("Passing", (Controller,), {})
    made(Request()).write("x")
    seen = weakref.ref(made)
    del made
    gc.collect()
    assert seen() is None
