"""What a static router's options do."""

import pytest
from http_client import request
from static_site import MODIFIED, Site

IMMUTABLE = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    site = Site(
        make_shared_guavad,
        {"mount_point": "/plain"},
        {"mount_point": "/aged", "max_age": "1h", "immutable": ["*.[0-9a-f]*.js"]},
        {"mount_point": "/now", "max_age": 0, "immutable": ["assets/*", "/x"]},
        {"mount_point": "/app", "fallback": "app/start.html", "allow_index": False},
        {"mount_point": "/listed", "index": ["none.html"], "allow_index": True},
        {"mount_point": "/index", "index": ["index.htm", "index.html"]},
        {"mount_point": "/hidden", "hidden": True},
        {"mount_point": "/followed", "follow_symlinks": True},
    )
    write = site.write
    write("page.html", "page", MODIFIED)
    write("app/start.html", "start", MODIFIED)
    write("js/app.1a2b3c.js", "hashed")
    write("js/app.js", "plain")
    write("assets/deep/a.css", "asset")
    write("one/index.html", "one html")
    write("two/index.html", "two html")
    write("two/index.htm", "two htm")
    write(".well-known/x.txt", "known")
    write(".env", "secret")
    write("bare/x.txt", "x")
    site.guavad.write("outside/out.txt", "outside")
    (site.public / "away").symlink_to("../outside")
    (site.public / "away.txt").symlink_to(site.guavad.folder / "outside/out.txt")
    (site.public / "dangling").symlink_to("nowhere")
    (site.public / "loop").symlink_to("loop")
    return site.start()


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("/plain/page.html", None),
        ("/aged/page.html", "public, max-age=3600"),
        ("/aged/js/app.js", "public, max-age=3600"),
        ("/aged/js/app.1a2b3c.js", IMMUTABLE),
        ("/now/page.html", "public, max-age=0"),
        ("/now/assets/deep/a.css", IMMUTABLE),
        ("/now/js/app.1a2b3c.js", "public, max-age=0"),
    ],
)
def test_an_answer_says_how_long_it_may_be_kept(site, target, value):
    assert site.get(target).headers.get("cache-control") == value
    assert site.head(target).headers.get("cache-control") == value


def test_what_is_not_there_has_no_age(site):
    assert "cache-control" not in site.get("/aged/none").headers
    assert "cache-control" not in site.get("/aged/js").headers


@pytest.mark.parametrize(
    "target",
    ["/app/none", "/app/users/10", "/app/", "/app/a%2Fb", "/app/bare/", "/app//x"],
)
def test_the_fallback_answers_for_what_is_not_there(site, target):
    for ask in (site.get, site.head):
        answer = ask(target)
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-length"] == "5"
    assert site.get(target).text == "start"


def test_the_fallback_answers_for_nothing_else(site):
    assert site.get("/app/page.html").text == "page"
    assert site.get("/app/.env").status == 404
    assert site.get("/app/bare").headers["location"] == "/app/bare/"
    assert site.get("/app/none", method="POST").status == 404
    assert site.get("/app/page.html", method="POST").status == 405


def test_the_fallback_is_a_file_like_others(site):
    etag = site.get("/app/none").headers["etag"]
    assert site.get("/app/other", f"If-None-Match: {etag}").status == 304
    assert site.get("/app/none", "Range: bytes=0-1").text == "st"


def test_the_first_index_file_that_is_there_answers(site):
    assert site.get("/index/one/").text == "one html"
    assert site.get("/index/two/").text == "two htm"
    assert site.get("/plain/two/").text == "two html"


def test_a_directory_without_an_index_file_of_the_list_is_listed(site):
    assert '"./index.html"' in site.get("/listed/one/").text


def test_hidden_files_are_served_where_they_are_allowed(site):
    assert site.get("/hidden/.well-known/x.txt").text == "known"
    assert site.get("/hidden/.env").text == "secret"
    assert site.get("/plain/.well-known/x.txt").status == 404
    assert site.get("/hidden/.%2e/guava.yaml").status == 404


def test_links_lead_out_where_they_are_allowed(site):
    for name in ("away.txt", "away/out.txt"):
        assert site.get(f"/followed/{name}").text == "outside"
        assert site.get(f"/plain/{name}").status == 404
    assert site.get("/followed/../guava.yaml").status == 404
    for name in ("dangling", "loop", "away/none"):
        assert site.get(f"/followed/{name}").status == 404


def test_a_path_that_is_too_long_is_not_there(site):
    long = "x/" * 2040
    assert site.get(f"/plain/{long}").status == 404
    assert site.get(f"/listed/{long}").status == 404
    assert site.get(f"/app/{long}").text == "start"


def test_options_of_one_router_are_not_those_of_another(site):
    with site.connect() as client:
        ask = client.ask
        assert "cache-control" in ask(request("/aged/page.html")).headers
        assert "cache-control" not in ask(request("/plain/page.html")).headers


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("index: [sub/index.html]", "expected a file's name such as index.html, found"),
        ("index: index.html", "expected a list, found"),
        ("index: [..]", "expected a file's name such as index.html, found"),
        ("fallback: ../x", "expected a file below the directory such as index.html"),
        ("fallback: /etc/passwd", "expected a file below the directory"),
        ("max_age: 10", "expected a duration such as 30s"),
        ("max_age: 400d", "expected a duration from 0 to 365d"),
        ("immutable: '*.js'", "expected a list, found"),
        ("precompressed: [gzip]", "expected one of br, zst, gz, found"),
        ("precompressed: [br, br]", '"br" stands there already'),
        ("precompressed: br", "expected true, false or a list of br, zst, gz, found"),
        ("hidden: 3", "expected true or false, found 3"),
        ("hiden: true", 'did you mean "hidden"?'),
        ("fallback: none.html", "there is no file"),
    ],
)
def test_a_mistake_is_named_with_its_place(make_guavad, options, message):
    guavad = make_guavad()
    guavad.write("public/index.html", "")
    guavad.config.write_text(
        f"routers:\n- type: static\n  directory: public\n  {options}\n"
    )
    done = guavad.run("-t", "-c", str(guavad.config))
    assert done.returncode == 1
    assert "guava.yaml:4:" in done.stderr
    assert message in done.stderr
