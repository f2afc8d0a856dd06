"""The example application, as conf/guava.yaml mounts it."""

import re
from pathlib import Path

import httpx
import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo(make_guavad):
    document = yaml.safe_load((ROOT / "conf" / "guava.yaml").read_text())
    folder = ROOT / "examples" / "demo"
    routers = document["routers"]
    routers[0]["directory"] = str(folder / "public")
    daemon = make_guavad()
    daemon.configure(
        python={
            "path": [str(folder)],
            "env": {"DEMO_STORE": str(daemon.folder / "store.sqlite")},
        },
        routers=routers,
    )
    daemon.start()
    return daemon


def test_the_configuration_of_the_example_is_valid(make_guavad):
    done = make_guavad().run("-t", "-c", str(ROOT / "conf" / "guava.yaml"))
    assert done.returncode == 0, done.stderr


def test_every_link_leads_somewhere(demo):
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = demo.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if "html" in answer.headers["Content-Type"] and not path.startswith("/moon/"):
            found = re.findall(r'(?:href|src)="(/[^"]*)"', answer.text)
            waiting += set(found) - seen - set(waiting)
    assert {"/post", "/moon", "/about", "/static/style.css", "/api/users"} <= seen


def test_a_note_is_written_and_read(demo):
    form = {"title": "Moon & stars", "author": "Zo\u00eb B", "text": "<b>clear</b>"}
    with httpx.Client(base_url=demo.url(""), follow_redirects=True) as browser:
        page = browser.post("/post/create", data=form)
        assert page.url.path.startswith("/post/view/")
        assert "Moon &amp; stars" in page.text
        assert "&lt;b&gt;clear&lt;/b&gt;" in page.text
        assert "Moon &amp; stars" in browser.get("/post").text
        assert 'value="Zo\u00eb B"' in browser.get("/post/new").text


def test_a_form_that_lacks_something_comes_back(demo):
    form = {"title": "Moon", "author": " "}
    answer = httpx.post(demo.url("/post/create"), data=form)
    assert answer.status_code == 422
    assert "needs a title and an author" in answer.text
    assert 'value="Moon"' in answer.text


@pytest.mark.parametrize("number", ["99", "x", "9" * 30])
def test_a_note_that_is_not_there_is_not_found(demo, number):
    assert demo.get(f"/post/view/{number}").status_code == 404


def test_the_notes_are_exported_as_a_stream(demo):
    answer = demo.get("/post/export")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Clear at last\nAda, " in answer.text


def test_users_are_made_changed_and_removed(demo):
    with httpx.Client(base_url=demo.url("/api")) as client:
        made = client.post("/users", json={"name": "Vera"})
        assert made.status_code == 201
        where = made.headers["Location"].removeprefix("/api")
        assert client.get(where).json() == made.json()
        client.put(where, json={"name": "Vera R."})
        assert client.get(where).json()["name"] == "Vera R."
        assert client.delete(where).status_code == 204
        assert client.get(where).status_code == 404
        assert client.put(where, json={"name": "Vera"}).status_code == 404


def test_a_body_that_is_no_user_is_a_bad_request(demo):
    for body in [b"", b"{", b'{"nam": "Vera"}', b'{"name": 7}']:
        assert httpx.post(demo.url("/api/users"), content=body).status_code == 400


def test_friends_lie_below_users(demo):
    with httpx.Client(base_url=demo.url("/api/users/1")) as client:
        assert client.get("/friends").json() == [{"id": 3, "name": "Caroline"}]
        assert client.put("/friends/2").json() == {"id": 2, "name": "Grace"}
        assert client.get("/friends/2").headers["Cache-Control"] == "no-store"
        assert client.delete("/friends/2").status_code == 204
        assert client.get("/friends/2").status_code == 404
        assert client.put("/friends/99").status_code == 404
        assert client.post("/friends").status_code == 405


def test_the_moon_has_a_page_for_each_day(demo):
    assert "full moon, 100% lit" in demo.get("/moon/2026-11-24").text
    assert demo.get("/moon/2026-02-30").status_code == 404
    assert demo.get("/moon/tomorrow").status_code == 404


def test_the_old_address_moved(demo):
    answer = demo.get("/old")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/about")


def test_files_are_listed(demo):
    assert "telescopes.txt" in demo.get("/static/notes/").text
