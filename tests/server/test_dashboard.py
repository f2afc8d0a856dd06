"""The dashboard, in a real browser."""

import re
import shutil
from pathlib import Path

import pytest
from browser import Browser
from status_client import in_background

DOCS = Path(__file__).parents[2] / "docs"

pytestmark = pytest.mark.skipif(
    shutil.which("chromium") is None, reason="there is no Chromium"
)


@pytest.fixture
def watched(make_status, tmp_path):
    """A guavad, and its dashboard in a browser."""
    status = make_status()
    with Browser(tmp_path / "profile") as browser:
        browser.open(f"http://127.0.0.1:{status.port}/")
        browser.wait_for(text("state") + " == 'ready'")
        yield status, browser
        assert browser.complaints == []


def text(element):
    return f"document.getElementById('{element}').textContent"


def rows(table):
    """The texts of a table's cells."""
    cells = "[...row.cells].map(cell => cell.textContent)"
    body = f"document.getElementById('{table}').tBodies[0].rows"
    return f"[...{body}].map(row => {cells})"


def test_it_shows_what_happens_as_it_happens(watched):
    status, browser = watched
    browser.wait_for(f"{rows('workers')}.length == 2")
    status.daemon.get("/")
    status.daemon.get("/none")
    browser.wait_for(f"{text('requests')} == '2'")
    # Not this row by itself: the time that it takes to draw says nothing of it.
    routers = {row[0]: row[2:] for row in browser.run(rows("routers"))}
    assert routers["mvc /"] == ["1", "0", "0", "0"]
    assert routers["none"] == ["0", "0", "1", "0"]
    paths = "[...document.querySelectorAll('path')].map(path => path.getAttribute('d'))"
    browser.wait_for(f"{paths}.some(line => /^M.*L/.test(line))")


def test_it_shows_the_requests_that_run(watched):
    status, browser = watched
    path = "/act/sleep/3?<b>x</b>"
    client = in_background(lambda: status.daemon.get(path))
    shown = browser.wait_for(
        f"(({rows('running')}).find(row => row.length == 4) || [''])[1]"
    )
    assert re.fullmatch(r"GET /act/sleep/3\?\S+", shown)
    assert browser.run("document.querySelector('td b')") is None
    client.join()
    browser.wait_for(f"{rows('running')}[0].length == 1")


def test_it_asks_nobody_else(watched):
    status, browser = watched
    browser.wait_for(f"{rows('workers')}.length == 2")
    here = f"http://127.0.0.1:{status.port}/"
    assert all(url.startswith((here, "data:")) for url in browser.requested)
    assert f"{here}status.json" in browser.requested


def test_its_policy_lets_no_other_script_run(watched):
    _, browser = watched
    browser.run(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.ran = true'}))"
    )
    assert browser.run("window.ran") is None
    assert any("Content Security Policy" in one for one in browser.complaints)
    browser.complaints.clear()


def test_it_says_when_nobody_answers_and_goes_on_with_the_next(watched):
    status, browser = watched
    assert status.daemon.run("-s", "stop").returncode == 0
    assert status.daemon.wait() == 0
    browser.wait_for(text("state") + " == 'no answer'")
    assert "does not answer" in browser.run(text("trouble"))
    status.daemon.start()
    browser.wait_for(text("state") + " == 'ready'")
    assert browser.run("document.getElementById('trouble').hidden") is True
    browser.complaints.clear()  # of the requests that failed


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_it_is_light_or_dark_as_the_reader_likes(watched, scheme, dark):
    _, browser = watched
    browser.prefer(scheme)
    color = browser.run("getComputedStyle(document.body).backgroundColor")
    parts = [int(part) for part in re.findall(r"\d+", color)[:3]]
    assert (sum(parts) < 3 * 128) == dark


def test_it_fits_a_small_screen(make_status, tmp_path):
    status = make_status()
    with Browser(tmp_path / "profile") as browser:
        browser.resize(500)
        browser.open(f"http://127.0.0.1:{status.port}/")
        browser.wait_for(f"{rows('workers')}.length == 2")
        width = browser.run("document.documentElement.scrollWidth")
        assert width <= browser.run("window.innerWidth")


def test_the_picture_in_the_documentation_is_small():
    picture = DOCS / "dashboard.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 150_000
