"""CORS, BasicAuth, MethodOverride and RequestID in front of a live guavad's routers."""

import httpx
import pytest

NOTES = """
import logging

import guava


class NotesController(guava.controller.Controller):
    def get_all(self):
        logging.getLogger("notes").warning("asked for all")
        return ["moon"]

    def update_one(self, id):
        return {"updated": id, "title": self.POST.get("title")}

    def delete_one(self, id):
        return {"deleted": id}
"""

ORIGIN = "https://app.example.org"


def section(name, **options):
    return {"class": f"guava.middleware.{name}", "options": options}


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    cors = section("CORS", origins=[ORIGIN], headers=["X-Key"], expose=["X-Total"])
    auth = section("BasicAuth", users={"ada": "secret"}, realm="files")
    daemon = make_shared_guavad(
        server={"workers": 1},
        middleware=[section("RequestID", header="X-Trace"), section("MethodOverride")],
        routers=[
            {
                "type": "rest",
                "mount_point": "/api",
                "package": "api",
                "middleware": [cors],
            },
            {
                "type": "static",
                "mount_point": "/files",
                "directory": "public",
                "middleware": [auth],
            },
        ],
    )
    daemon.write("api/__init__.py", "")
    daemon.write("api/notes.py", NOTES)
    daemon.write("public/moon.txt", "full")
    daemon.start()
    return daemon


def test_a_preflight_to_a_rest_resource_is_answered_in_full(site):
    answer = httpx.options(
        site.url("/api/notes/7"),
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "x-key",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert answer.headers["Access-Control-Allow-Headers"] == "X-Key"
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert answer.headers["Vary"] == "Origin"


def test_a_preflight_of_another_origin_is_refused(site):
    answer = httpx.options(
        site.url("/api/notes/7"),
        headers={
            "Origin": "https://evil.example.org",
            "Access-Control-Request-Method": "PUT",
        },
    )
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_other_options_are_the_routers(site):
    answer = httpx.options(site.url("/api/notes"))
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_an_origin_may_read_answers_and_refusals_of_its_router(site):
    for path, status in (("/api/notes", 200), ("/api/notes/7", 405)):
        answer = site.get(path, headers={"Origin": ORIGIN})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Expose-Headers"] == "X-Total"


@pytest.mark.parametrize("auth", [None, ("ada", "Secret"), ("eve", "secret")])
def test_a_file_is_kept_from_strangers(site, auth):
    answer = site.get("/files/moon.txt", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="files", charset="UTF-8"'
    assert "full" not in answer.text


def test_and_given_to_those_who_know_the_password(site):
    answer = site.get("/files/moon.txt", auth=("ada", "secret"))
    assert (answer.status_code, answer.text) == (200, "full")


def test_a_form_can_update_and_delete(site):
    updated = site.post("/api/notes/7", data={"_method": "put", "title": "New moon"})
    assert updated.json() == {"updated": "7", "title": "New moon"}
    deleted = site.post("/api/notes/7", headers={"X-HTTP-Method-Override": "DELETE"})
    assert deleted.json() == {"deleted": "7"}
    refused = site.post("/api/notes/7", headers={"X-HTTP-Method-Override": "GET"})
    assert refused.status_code == 400


def test_what_the_application_logs_names_the_request(site):
    answer = site.get("/api/notes", headers={"X-Trace": "checkout-42"})
    assert answer.headers["X-Trace"] == "checkout-42"
    site.wait_for_log("notes: asked for all (request checkout-42)")
    answer = site.get("/api/notes")
    site.wait_for_log(f"asked for all (request {answer.headers['X-Request-ID']})")


def test_an_override_in_the_list_of_a_router_is_refused_when_loaded(make_guavad):
    router = {"type": "mvc", "package": "controllers"}
    daemon = make_guavad(
        routers=[router | {"middleware": ["guava.middleware.MethodOverride"]}]
    )
    done = daemon.run("-t", "-c", "guava.yaml")
    assert done.returncode != 0
    assert "MethodOverride acts before routing" in done.stderr
