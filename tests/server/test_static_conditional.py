"""Conditional requests for files (RFC 9110, section 13)."""

import os
import re

import pytest
from static_site import MODIFIED, Site, http_date

NOW = http_date(MODIFIED)
BEFORE = http_date(MODIFIED - 1)
FOR_CACHES = {"date", "server", "etag", "cache-control", "vary"}


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    site = Site(make_shared_guavad, {"max_age": "1h", "precompressed": True})
    site.write("page.html", "<p>page</p>", MODIFIED)
    site.write("large.bin", b"x" * 100_000, MODIFIED)
    return site.start()


@pytest.fixture(params=["/page.html", "/large.bin"])
def target(request):
    return request.param


def tag(site, target):
    return site.get(target).headers["etag"]


def test_a_file_has_a_strong_tag(site, target):
    assert re.fullmatch(r'"[!#-~]+"', tag(site, target))
    assert tag(site, target) == tag(site, target)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_text("other"),
        lambda path: path.write_text("same length"),
        lambda path: os.utime(path, (MODIFIED, MODIFIED + 1)),
        lambda path: os.utime(path, ns=(0, MODIFIED * 10**9 + 1)),
    ],
)
def test_a_file_that_is_changed_has_another_tag(site, change):
    path = site.write("changing", "content 123", MODIFIED)
    before = tag(site, "/changing")
    change(path)
    assert tag(site, "/changing") != before


def test_a_file_in_the_place_of_another_has_another_tag(site):
    site.write("place", "content a", MODIFIED)
    before = tag(site, "/place")
    site.write("new", "content b", MODIFIED).rename(site.public / "place")
    assert tag(site, "/place") != before
    assert site.get("/place", f"If-None-Match: {before}").text == "content b"


def test_files_that_take_turns_in_one_place_have_tags_of_their_own(site):
    """By renaming and by writing over, with times as a build sets them back."""
    tags = set()
    for number in range(10):
        new = site.write("new", f"release {number}", MODIFIED)
        new.rename(site.public / "releases")
        tags.add(tag(site, "/releases"))
        site.write("releases", f"written {number}", MODIFIED)
        site.guavad.eventually(
            lambda number=number: site.get("/releases").text == f"written {number}",
            "the new content",
        )
        tags.add(tag(site, "/releases"))
    assert len(tags) == 20


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (["If-None-Match: {etag}"], 304),
        (["If-None-Match: W/{etag}"], 304),
        (["If-None-Match: *"], 304),
        (['If-None-Match: "x" ,\t{etag}'], 304),
        (['If-None-Match: "x"', "If-None-Match: {etag}"], 304),
        (['If-None-Match: "x"'], 200),
        (['If-None-Match: "x"', f"If-Modified-Since: {NOW}"], 200),
        (["If-None-Match: {etag}", f"If-Modified-Since: {BEFORE}"], 304),
        (["If-Match: {etag}"], 200),
        (["If-Match: *"], 200),
        (["If-Match: W/{etag}"], 412),
        (['If-Match: "x"'], 412),
        (['If-Match: "x"', "If-None-Match: {etag}"], 412),
        (["If-Match: {etag}", "If-None-Match: {etag}"], 304),
        ([f"If-Unmodified-Since: {NOW}"], 200),
        ([f"If-Unmodified-Since: {BEFORE}"], 412),
        (["If-Unmodified-Since: x"], 200),
        (["If-Match: {etag}", f"If-Unmodified-Since: {BEFORE}"], 200),
        ([f"If-Unmodified-Since: {NOW}", f"If-Modified-Since: {NOW}"], 304),
        (['If-Match: "x"', "Range: bytes=0-0"], 412),
        (["If-None-Match: {etag}", "Range: bytes=0-0"], 304),
        (["If-Range: {etag}"], 200),
    ],
)
def test_conditions_are_looked_at_in_their_order(site, target, fields, status, method):
    etag = tag(site, target)
    fields = [field.format(etag=etag) for field in fields]
    assert site.get(target, *fields, method=method).status == status


def test_a_304_has_what_a_cache_updates_by_and_nothing_else(site, target):
    whole = site.get(target)
    known = site.get(target, f"If-None-Match: {whole.headers['etag']}")
    assert known.status == 304
    assert set(known.headers) == FOR_CACHES | {"x-request-id"}
    for name in FOR_CACHES - {"date"}:
        assert known.headers[name] == whole.headers[name]


def test_a_412_is_no_answer_about_the_file(site, target):
    answer = site.get(target, 'If-Match: "x"')
    assert "etag" not in answer.headers
    assert "412" in answer.text


@pytest.mark.parametrize(
    ("if_range", "status"),
    [
        ("{etag}", 206),
        ("W/{etag}", 200),
        ('"x"', 200),
        ("{etag}, {etag}", 200),
        ("*", 200),
        (NOW, 206),
        (BEFORE, 200),
        (http_date(MODIFIED + 1), 200),
        ("x", 200),
    ],
)
def test_a_range_of_what_the_client_has_is_sent(site, target, if_range, status):
    etag = tag(site, target)
    answer = site.get(
        target, "Range: bytes=0-0", f"If-Range: {if_range.format(etag=etag)}"
    )
    assert answer.status == status
    assert len(answer.body) == int(answer.headers["content-length"])


def test_no_file_was_modified_in_the_future(site):
    site.write("future", "x", 10**10)
    answer = site.get("/future")
    assert answer.headers["last-modified"] <= answer.headers["date"]


def test_a_target_of_a_table_is_conditional_too(make_guavad):
    site = Site(make_guavad)
    site.write("page.html", "<p>page</p>", MODIFIED)
    site.guavad.configure(
        server={"workers": 1},
        routers=[{"type": "table", "routes": {"/one": {"file": "public/page.html"}}}],
    )
    site.start()
    etag = tag(site, "/one")
    assert site.get("/one", f"If-None-Match: {etag}").status == 304
    assert site.get("/one", "Range: bytes=3-6").text == "page"
