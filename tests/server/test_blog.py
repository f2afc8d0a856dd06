"""The example with logins, an upload and a REST part, by its own tests and live."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from guava.testing import Guavad

BLOG = Path(__file__).parents[2] / "examples" / "blog"
PATIENCE = 60.0  # seconds that its tests may take
PICTURE = os.urandom(2_000_000)


def run(folder, *command):
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )


def test_its_own_tests_pass(tmp_path):
    options = ["-q", "-p", "no:cacheprovider", "-W", "error", f"--rootdir={BLOG}"]
    folder = f"--basetemp={tmp_path / 'of-blog'}"
    done = run(tmp_path, "pytest", *options, "-c", os.devnull, folder, str(BLOG))
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d\d passed", done.stdout, re.MULTILINE)


def test_its_types_are_checked_strictly(tmp_path):
    options = ["--strict", "--config-file=", f"--cache-dir={tmp_path}"]
    sources = ["store.py", "pages.py", "controllers", "api", "tests/test_blog.py"]
    done = run(BLOG, "mypy", *options, *sources)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def guavad(tmp_path, monkeypatch):
    monkeypatch.setenv("BLOG_DATA", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with Guavad(BLOG / "guava.yaml", workers=2) as guavad:
        yield guavad


@pytest.fixture
def browser(guavad):
    with httpx.Client(base_url=guavad.url(""), follow_redirects=True) as browser:
        yield browser


def send(browser, page, files=None, **fields):
    form = browser.get(page).text
    fields["csrf_token"] = re.findall('name="csrf_token" value="([^"]*)"', form)[-1]
    files = files or {"none": b""}
    return browser.post(page, data=fields, files=files)


def test_a_login_outlives_a_reload(guavad, browser):
    send(browser, "/account/sign_up", name="Ada", password="hawthorn and hazel")
    assert "generation 2 serves" in guavad.reload()
    answer = send(
        browser,
        "/post/new",
        files={"picture": ("sloes.png", PICTURE, "image/png")},
        title="Sloes",
        text="Still green.",
    )
    assert "Your post is published." in answer.text
    [picture] = re.findall('<img src="([^"]*)"', answer.text)
    assert browser.get(picture).content == PICTURE
    assert browser.get("/api/posts").json()[0]["writer"] == "Ada"
    assert "Traceback" not in guavad.log


def test_a_page_lets_in_no_script_and_its_style_is_there(browser):
    page = browser.get("/")
    assert page.headers["Content-Security-Policy"] == "default-src 'self'"
    assert "<style" not in page.text
    [style] = re.findall('href="([^"]*.css)"', page.text)
    assert browser.get(style).headers["Content-Type"].startswith("text/css")
