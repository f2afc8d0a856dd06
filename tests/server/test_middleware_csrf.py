"""CSRF around the forms of a live guavad, which real clients fill in."""

import re
import subprocess

import environment
import httpx
import pytest

NOTES = """
import guava


class NoteController(guava.controller.Controller):
    def new(self):
        return f'<input type="hidden" name="csrf_token" value="{self.csrf_token}">'

    def streamed(self):
        token = self.csrf_token
        return (part for part in ("value=", f'"{token}"'))

    def too_late(self):
        yield f'value="{self.csrf_token}"'

    def plain(self):
        return "no form"

    def create(self):
        return {"title": self.POST.get("title"), "files": list(self.FILES)}

    def paid(self):
        return "thanks"
"""


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    csrf = {"class": "guava.middleware.CSRF", "options": {"exempt": ["/note/paid"]}}
    router = {"type": "mvc", "package": "controllers", "middleware": [csrf]}
    daemon = make_shared_guavad(routers=[router], proxy={"trusted": ["127.0.0.0/8"]})
    daemon.write("controllers/note.py", NOTES)
    daemon.start()
    return daemon


def token_of(answer):
    return re.search(r'value="([^"]*)"', answer.text)[1]


@pytest.fixture
def browser(site):
    """Keeps cookies."""
    with httpx.Client(base_url=site.url("")) as client:
        yield client


@pytest.mark.parametrize("page", ["/note/new", "/note/streamed"])
def test_a_form_of_the_page_is_taken(browser, page):
    token = token_of(browser.get(page))
    data = {"csrf_token": token, "title": "Moon"}
    answer = browser.post("/note/create", data=data)
    assert answer.json() == {"title": "Moon", "files": []}


def test_so_is_one_with_a_file(browser):
    token = token_of(browser.get("/note/new"))
    answer = browser.post(
        "/note/create",
        data={"csrf_token": token, "title": "Moon"},
        files={"picture": ("moon.png", b"full")},
    )
    assert answer.json() == {"title": "Moon", "files": ["picture"]}


def test_so_is_json_with_the_token_in_a_header(browser):
    token = token_of(browser.get("/note/new"))
    headers = {"X-CSRF-Token": token}
    assert browser.post("/note/create", json=[1], headers=headers).status_code == 200


def test_a_form_of_another_page_is_refused(browser):
    answer = browser.post("/note/create", data={"title": "Moon"})
    assert answer.status_code == 403
    assert "token" in answer.text
    token = token_of(browser.get("/note/new"))
    answer = browser.post(
        "/note/create",
        data={"csrf_token": token},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_a_token_without_its_cookie_is_refused(site):
    token = token_of(site.get("/note/new"))
    assert site.post("/note/create", data={"csrf_token": token}).status_code == 403


def test_a_page_without_a_form_sets_no_cookie(site):
    headers = site.get("/note/plain").headers
    assert "Set-Cookie" not in headers
    assert "Vary" not in headers


def test_a_page_with_a_form_is_not_for_other_clients(site):
    assert site.get("/note/new").headers["Vary"] == "Cookie"


def test_over_https_the_cookie_is_the_hosts_alone(site):
    https = {"X-Forwarded-Proto": "https"}
    page = site.get("/note/new", headers=https)
    cookie = page.headers["Set-Cookie"]
    assert re.fullmatch(
        r"__Host-csrf=[\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax", cookie
    )
    sent = https | {"Cookie": cookie.partition(";")[0]}
    form = {"csrf_token": token_of(page), "title": "Moon"}
    assert site.post("/note/create", data=form, headers=sent).status_code == 200
    plain = {"Cookie": sent["Cookie"].removeprefix("__Host-")}
    assert (
        site.post("/note/create", data=form, headers=https | plain).status_code == 403
    )


def test_a_stream_that_asks_too_late_is_cut_and_logged(site):
    with pytest.raises(httpx.RemoteProtocolError):
        site.get("/note/too_late")
    site.wait_for_log("the answer has left without its cookie")


def test_what_is_exempt_is_taken_from_anybody(site):
    assert site.post("/note/paid").text == "thanks"


def test_curl_can_fill_in_a_form(site, tmp_path):
    def curl(*args):
        done = subprocess.run(
            ["curl", "-s", "-b", "jar", "-c", "jar", *args],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            env=environment.foreign(),
        )
        return done.stdout

    token = re.search(r'value="([^"]*)"', curl(site.url("/note/new")))[1]
    data = ("-d", "title=Moon", "--data-urlencode", f"csrf_token={token}")
    assert curl(*data, site.url("/note/create")) == '{"title":"Moon","files":[]}'
