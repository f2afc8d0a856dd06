"""SecurityHeaders and Timing, around whatever a live guavad answers."""

import pytest

PAGES = """
import guava
from guava.middleware import measure


class PageController(guava.controller.Controller):
    def index(self):
        return f'<script nonce="{self.csp_nonce}">1</script>'

    def streamed(self):
        yield self.csp_nonce
        yield ""

    def framed(self):
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        return "framed"

    def measured(self):
        with measure(self.request, "db"):
            return "measured"

    def broken(self):
        raise RuntimeError("broken by intent")
"""


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    daemon = make_shared_guavad(
        proxy={"trusted": ["127.0.0.0/8"]},
        middleware=[
            "guava.middleware.Timing",
            {
                "class": "guava.middleware.SecurityHeaders",
                "options": {"csp": "script-src 'nonce-{nonce}'", "hsts": "365d"},
            },
        ],
        routers=[
            {"type": "mvc", "package": "controllers"},
            {"type": "static", "mount_point": "/files", "directory": "public"},
        ],
    )
    daemon.write("controllers/page.py", PAGES)
    daemon.write("public/moon.txt", "full")
    (daemon.folder / "public/large.bin").write_bytes(b"x" * 1_000_000)
    daemon.start()
    return daemon


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/page", 200),
        ("/page/broken", 500),
        ("/no/such/page", 404),
        ("/files/moon.txt", 200),
        ("/files/large.bin", 200),
        ("/files", 308),
    ],
)
def test_every_answer_is_protected_and_timed(site, path, status):
    answer = site.get(path)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Content-Security-Policy"].startswith("script-src 'nonce-")
    assert answer.headers["Server-Timing"].startswith("app;dur=")


def test_a_page_and_its_policy_have_one_nonce_each_time_another(site):
    nonces = set()
    for _ in range(3):
        answer = site.get("/page")
        policy = answer.headers["Content-Security-Policy"]
        nonce = policy.removeprefix("script-src 'nonce-").removesuffix("'")
        assert answer.text == f'<script nonce="{nonce}">1</script>'
        nonces.add(nonce)
    assert len(nonces) == 3


def test_a_streamed_page_has_the_nonce_of_its_policy(site):
    answer = site.get("/page/streamed")
    policy = answer.headers["Content-Security-Policy"]
    assert policy == f"script-src 'nonce-{answer.text}'"


def test_a_page_may_be_framed_where_it_says_so(site):
    headers = site.get("/page/framed").headers
    assert headers.get_list("X-Frame-Options") == ["SAMEORIGIN"]


def test_a_host_is_pinned_to_https_over_https_alone(site):
    assert "Strict-Transport-Security" not in site.get("/page").headers
    answer = site.get("/page", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_what_an_action_measures_is_told(site):
    assert ", db;dur=" in site.get("/page/measured").headers["Server-Timing"]


def test_a_wrong_option_is_told_at_its_place(make_guavad):
    daemon = make_guavad(
        middleware=[
            {"class": "guava.middleware.SecurityHeaders", "options": {"hsts": "long"}}
        ]
    )
    done = daemon.run("-t", "-c", "guava.yaml")
    assert done.returncode != 0
    assert "hsts: expected a duration such as 10m, found 'long'" in done.stderr
