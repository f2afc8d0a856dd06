"""REST resources: every method at every depth, and what their actions answer."""

import httpx
import pytest
from conftest import PATIENCE

NAMES = ["as", "bs", "cs", "ds", "es"]
DEPTHS = range(1, 1 + len(NAMES))

CONTROLLER = """\
import guava

class {name}Controller(guava.controller.Controller):
    def get_all(self, *ids):
        return [{depth}, *ids]
    def create_one(self, *ids):
        return self.created({{"id": "n/1"}}, "n/1")
    def get_one(self, *ids):
        if self.accepts("application/json", "text/html") == "text/html":
            return f"<p>{depth}: {{','.join(ids)}}"
        return [{depth}, *ids]
    def update_one(self, *ids):
        self.cached(etag="7")
    def patch_one(self, *ids):
        self.set_status_code(202)
    def delete_one(self, *ids):
        pass
"""


@pytest.fixture(scope="module")
def api(make_shared_guavad):
    """A resource below an element of a resource, and so on."""
    daemon = make_shared_guavad(
        server={"workers": 1},
        routers=[{"type": "rest", "mount_point": "/api", "package": "api"}],
    )
    daemon.write("api/__init__.py", "")
    folder = "api"
    for depth, name in enumerate(NAMES, 1):
        folder = f"{folder}/{name}"
        text = CONTROLLER.format(name=name.title(), depth=depth)
        daemon.write(f"{folder}/__init__.py", text)
    daemon.start()
    return daemon


def ask(api, method, path, **options):
    return httpx.request(method, api.url(path), timeout=PATIENCE, **options)


def collection(depth):
    ids = [f"{name}/{number}" for number, name in enumerate(NAMES[: depth - 1], 1)]
    return "/".join(["/api", *ids, NAMES[depth - 1]])


def element(depth):
    return f"{collection(depth)}/{depth}"


def ids(depth):
    return [str(number) for number in range(1, depth + 1)]


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_resource_is_read_at_any_depth(api, depth):
    assert ask(api, "GET", collection(depth)).json() == [depth, *ids(depth - 1)]
    assert ask(api, "GET", element(depth)).json() == [depth, *ids(depth)]


@pytest.mark.parametrize("depth", DEPTHS)
def test_head_is_get_without_its_body(api, depth):
    for path in (collection(depth), element(depth)):
        got, head = ask(api, "GET", path), ask(api, "HEAD", path)
        assert head.content == b""
        assert head.headers["content-length"] == str(len(got.content))
        assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("depth", DEPTHS)
def test_options_and_a_method_that_is_not_there_tell_what_is(api, depth):
    there = [
        (collection(depth), "DELETE", {"GET", "HEAD", "POST", "OPTIONS"}),
        (element(depth), "POST", {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}),
    ]
    for path, missing, allowed in there:
        for method, status in [("OPTIONS", 204), (missing, 405)]:
            answer = ask(api, method, path)
            assert answer.status_code == status
            assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("end", ["", "/"])
def test_what_is_created_is_located_in_its_collection(api, depth, end):
    answer = ask(api, "POST", collection(depth) + end)
    assert (answer.status_code, answer.json()) == (201, {"id": "n/1"})
    assert answer.headers["location"] == f"{collection(depth)}/n%2F1"
    found = ask(api, "GET", answer.headers["location"])
    assert found.json() == [depth, *ids(depth - 1), "n/1"]


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_change_of_which_there_is_nothing_to_say_has_no_content(api, depth):
    for method, status in [("PUT", 204), ("DELETE", 204), ("PATCH", 202)]:
        answer = ask(api, method, element(depth))
        assert (answer.status_code, answer.content) == (status, b"")
    assert "content-type" not in ask(api, "DELETE", element(depth)).headers


def test_a_change_of_another_state_is_refused(api):
    for etag, status in [('"7"', 204), ('"6"', 412), ("*", 204)]:
        answer = ask(api, "PUT", element(1), headers={"If-Match": etag})
        assert answer.status_code == status
        assert "etag" not in answer.headers


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_client_chooses_among_what_there_is(api, depth):
    answer = ask(api, "GET", element(depth), headers={"Accept": "text/html"})
    assert answer.text == f"<p>{depth}: {','.join(ids(depth))}"
    assert answer.headers["vary"] == "Accept"
    assert ask(api, "GET", element(depth)).headers["vary"] == "Accept"


def test_who_accepts_nothing_of_it_is_told_what_there_is(api):
    asked = {"Accept": "image/png, application/json;q=0"}
    answer = ask(api, "GET", element(2), headers=asked)
    assert answer.status_code == 406
    assert "There is application/json, text/html." in answer.text
    assert answer.headers["vary"] == "Accept"


def test_what_lies_deeper_than_there_are_resources_is_not_found(api):
    assert ask(api, "GET", f"{element(5)}/fs").status_code == 404
    assert ask(api, "DELETE", f"{element(5)}/fs/6").status_code == 404
