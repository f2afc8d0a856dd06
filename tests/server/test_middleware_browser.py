"""What a browser makes of guava's middleware: it is whom most of it speaks to."""

import pytest
from browser import Browser
from live import Live

from guava import _core
from guava.controller import Controller
from guava.events import EventStream
from guava.middleware import CORS, CSRF, Compression, SecurityHeaders
from guava.response import Response

SCRIPTS = """\
<script nonce="{nonce}">document.title = "marked";</script>
<script>document.title = "injected";</script>
"""
FORM = """\
<form method="post" action="/page/create">
<input type="hidden" name="csrf_token" value="{token}"><input name="title" value="Moon">
<button>Save</button></form>
"""
EVENTS = """\
<script nonce="{nonce}">
window.seen = [];
const source = new EventSource("/page/events");
source.onmessage = (event) => {{ seen.push(event.data); }};
</script>
"""


class PageController(Controller):
    def scripts(self):
        return SCRIPTS.format(nonce=self.csp_nonce)

    def form(self):
        return FORM.format(token=self.csrf_token)

    def create(self):
        return f"<p>{self.POST['title']}</p>"

    def listening(self):
        return EVENTS.format(nonce=self.csp_nonce)

    def events(self):
        """The first two, and then nothing for as long as the page is there."""
        return EventStream(event for event in self._two())

    def _two(self):
        yield "one"
        yield "two"
        while True:
            yield None


class NotesController(Controller):
    def update_one(self, id):
        return Response(f"updated {id}", headers={"X-Total": "7"})


@pytest.fixture(scope="module")
def serving():
    """One server, which the browser knows by two names: so as two sites."""

    def mount(server):
        names = ("scripts", "form", "create", "listening", "events")
        pages = {name: _core.Action(PageController, name) for name in names}
        server.mount_mvc("/", {"page": pages})
        server.set_surroundings([CSRF()])
        update = _core.Action(NotesController, "update_one", min_args=1, max_args=1)
        server.mount_rest("/api/", {"notes": _core.Resource({"update_one": update})})
        allowed = CORS(origin_regex=r"http://127\.0\.0\.1:\d+", expose=["X-Total"])
        server.set_surroundings([allowed])
        policy = "default-src 'self' http://*:*; script-src 'nonce-{nonce}'"
        server.set_surroundings_of_all(
            [SecurityHeaders(csp=policy), Compression(minimum=1)]
        )

    with Live(mount) as live:
        yield live


@pytest.fixture(scope="module")
def site(serving):
    """The address by both names, the first of which CORS allows."""
    port = serving.address[1]
    return f"http://127.0.0.1:{port}", f"http://localhost:{port}"


@pytest.fixture
def browser(tmp_path):
    with Browser(tmp_path) as browser:
        yield browser


def test_a_script_with_the_nonce_runs_and_an_injected_one_does_not(site, browser):
    browser.open(f"{site[0]}/page/scripts")
    assert browser.run("document.title") == "marked"
    assert any("Content Security Policy" in text for text in browser.messages())


def test_a_form_of_the_site_is_taken(site, browser):
    browser.open(f"{site[0]}/page/form")
    browser.click("button")
    assert browser.run("document.querySelector('p').textContent") == "Moon"


def test_a_form_of_another_site_is_refused_though_it_has_a_token(site, browser):
    ours, others = site
    browser.open(f"{ours}/page/form")
    browser.open(f"{others}/page/form")
    browser.run(f"document.forms[0].action = '{ours}/page/create'")
    browser.click("button")
    assert browser.run("location.origin") == ours
    assert "another site" in browser.run("document.body.textContent")


def fetched(browser, url):
    """What a script of the page gets for a PUT, which needs a preflight."""
    browser.run(
        f"fetch('{url}', {{method: 'PUT'}})"
        ".then(async (it) => [it.status, await it.text(), it.headers.get('X-Total')])"
        ".catch((error) => ['refused'])"
        ".then((result) => { window.result = result; })"
    )
    return browser.wait_for("window.result")


def test_a_script_of_an_allowed_origin_can_update_and_read(site, browser):
    ours, others = site
    browser.open(f"{ours}/page/form")
    assert fetched(browser, f"{others}/api/notes/7") == [200, "updated 7", "7"]


def test_a_script_of_any_other_origin_can_not(site, browser):
    ours, others = site
    browser.open(f"{others}/page/form")
    assert fetched(browser, f"{ours}/api/notes/7") == ["refused"]


def test_events_arrive_while_the_stream_goes_on_coded(site, browser):
    browser.open(f"{site[0]}/page/listening")
    browser.wait_for("seen.length == 2")
    assert browser.run("seen") == ["one", "two"]
    browser.run("fetch('/page/events').then((it) => { window.head = it.headers; })")
    browser.wait_for("!!window.head")
    assert browser.run("head.get('Content-Encoding')") in ("zstd", "gzip")
