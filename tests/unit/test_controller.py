from datetime import datetime

import pytest

from guava import errors
from guava.controller import Controller
from guava.request import Request


class PostController(Controller):
    def view(self, number):
        self.set_header("X-Number", str(number))
        return {"number": number, "kind": self.GET.get("kind")}


def test_a_controller_made_without_a_request_sees_nothing():
    controller = Controller()
    assert controller.request is None
    assert controller.GET == controller.POST == controller.FILES == {}
    assert controller.COOKIES == controller.HEADERS == {}


def test_a_controller_made_by_hand_sees_its_request():
    request = Request(
        url="/post/view/7?kind=draft",
        method="POST",
        body=b"title=Moon",
        HEADERS={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "author=Ada",
        },
    )
    controller = PostController(request)
    assert controller.request is request
    assert controller.view(7) == {"number": 7, "kind": "draft"}
    assert controller.POST == {"title": "Moon"}
    assert controller.COOKIES == {"author": "Ada"}
    assert controller.headers == [("X-Number", "7")]


def test_write_gathers_text_and_bytes():
    controller = Controller()
    controller.write("caf\u00e9 ")
    controller.write(b"au lait")
    assert controller.written == "caf\u00e9 au lait".encode()


def test_the_status_is_checked():
    controller = Controller()
    controller.set_status_code(201)
    assert controller.status_code == 201
    with pytest.raises(ValueError, match="99"):
        controller.set_status_code(99)


def test_a_header_can_not_carry_another():
    controller = Controller()
    with pytest.raises(ValueError, match="X"):
        controller.set_header("X", "a\r\nSet-Cookie: b=c")


def test_cookies_are_added():
    controller = Controller()
    controller.set_cookie("a", "1")
    controller.set_cookie("b", "2", same_site="Strict")
    assert controller.headers == [
        ("Set-Cookie", "a=1; Path=/; HttpOnly; SameSite=Lax"),
        ("Set-Cookie", "b=2; Path=/; HttpOnly; SameSite=Strict"),
    ]


def test_a_cookie_is_deleted():
    controller = Controller()
    controller.delete_cookie("a", path="/shop")
    assert controller.headers == [
        ("Set-Cookie", "a=; Max-Age=0; Path=/shop; HttpOnly; SameSite=Lax")
    ]


def test_a_redirection_is_set_and_returned():
    controller = Controller()
    answer = controller.redirect("/caf\u00e9", 303)
    assert controller.status_code == answer.status == 303
    assert controller.headers == [("Location", "/caf%C3%A9")]


def test_a_redirection_can_not_carry_a_header():
    with pytest.raises(ValueError, match="Location"):
        Controller().redirect("/\r\nSet-Cookie: a=b")


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 302), ("HEAD", 302), ("POST", 303), ("DELETE", 303)]
)
def test_a_redirection_is_followed_by_get(method, status):
    controller = Controller(Request(method=method))
    assert controller.redirect("/").status == status
    assert controller.redirect("/", 307).status == 307


@pytest.mark.parametrize(
    "own", ["http://here:80", "https://HERE:80/a", "http://here:80?a"]
)
def test_an_absolute_url_of_the_host_that_was_asked_stays(own):
    Controller(Request(host="here:80")).redirect(own)


@pytest.mark.parametrize(
    "other",
    ["http://here", "http://here:800/", "http://here:80@evil", "http://here:80.evil/",
     "ftp://here:80/", "http://here:80\\@evil/", "//here:80/"],
)  # fmt: skip
def test_a_redirection_to_another_host_is_refused_unless_that_is_said(other):
    controller = Controller(Request(host="here:80"))
    with pytest.raises(ValueError, match="another host"):
        controller.redirect(other)
    assert controller.headers == []
    assert controller.redirect("http://other/", external=True).status == 302


def test_without_a_host_no_absolute_url_is_ones_own():
    with pytest.raises(ValueError, match="another host"):
        Controller(Request(host="")).redirect("http://")


def test_what_is_cached_is_known_by_tag_and_date():
    controller = Controller()
    assert not controller.cached("7", datetime(1994, 11, 6))
    assert controller.headers == [
        ("ETag", '"7"'),
        ("Last-Modified", "Sun, 06 Nov 1994 00:00:00 GMT"),
    ]
    asked = Controller(Request(HEADERS={"If-None-Match": '"7"'}))
    assert asked.cached("7")
    assert asked.status_code == 304


def test_a_change_checks_a_state_and_does_not_tell_the_old_one():
    controller = Controller(Request(method="PUT", HEADERS={"If-Match": '"7"'}))
    assert not controller.cached("7")
    assert controller.headers == []
    with pytest.raises(errors.PreconditionFailed):
        controller.cached("8")


def test_what_is_created_has_a_place():
    controller = Controller(Request(method="POST", url="/api/users"))
    assert controller.created({"id": 10}, 10) == {"id": 10}
    assert controller.status_code == 201
    assert controller.headers == [("Location", "/api/users/10")]
    controller.created(None, location="/caf\u00e9")
    assert controller.headers == [("Location", "/caf%C3%A9")]
    for wrong in ({}, {"id": 1, "location": "/1"}):
        with pytest.raises(TypeError, match="id, or a location"):
            controller.created(None, **wrong)


def test_an_answer_in_several_forms_says_so_once():
    controller = Controller(Request(HEADERS={"Accept": "text/html"}))
    assert controller.accepts("application/json", "text/html") == "text/html"
    assert controller.accepts("text/plain", "text/html") == "text/html"
    assert controller.headers == [("Vary", "Accept")]
