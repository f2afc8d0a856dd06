"""Files that lie encoded beside the plain ones (RFC 9110, sections 8.4 and 12.5.3)."""

import gzip

import pytest
from static_site import MODIFIED, Site

PLAIN = "plain " * 1000
CODINGS = {"br": "br", "zst": "zstd", "gz": "gzip"}


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    site = Site(
        make_shared_guavad,
        {"mount_point": "/all", "precompressed": True, "immutable": ["*.js"]},
        {"mount_point": "/some", "precompressed": ["gz", "br"]},
        {"mount_point": "/off"},
    )
    site.write("app.js", PLAIN, MODIFIED)
    for ending in CODINGS:
        site.write(f"app.js.{ending}", f"in {ending}", MODIFIED)
    site.write("page.html", "<p>page</p>", MODIFIED)
    site.write("page.html.gz", gzip.compress(b"<p>page</p>"), MODIFIED)
    site.write("index.html", "index", MODIFIED)
    site.write("index.html.br", "index in br", MODIFIED)
    site.write("only.txt.gz", "no plain file", MODIFIED)
    site.write("large.bin", b"x" * 100_000, MODIFIED)
    site.write("large.bin.zst", b"y" * 90_000, MODIFIED)
    (site.public / "folder.txt.gz").mkdir()
    site.write("folder.txt", "plain", MODIFIED)
    (site.public / "link.txt.gz").symlink_to(site.guavad.folder / "guava.yaml")
    site.write("link.txt", "plain", MODIFIED)
    return site.start()


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0.5, br;q=0.5, zstd;q=0.6", "zstd"),
        ("*", "br"),
        ("br;q=0, *", "zstd"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=0, br;q=0.000", None),
        ("deflate, compress", None),
        ("", None),
        ("identity;q=0", None),
    ],
)
def test_the_coding_is_what_the_client_likes_best(site, accepted, coding):
    answer = site.get("/all/app.js", f"Accept-Encoding: {accepted}")
    assert answer.status == 200
    assert answer.headers.get("content-encoding") == coding
    endings = {name: ending for ending, name in CODINGS.items()}
    assert answer.text == (f"in {endings[coding]}" if coding else PLAIN)


def test_without_the_field_the_plain_file_is_sent(site):
    assert site.get("/all/app.js").text == PLAIN


def test_the_list_decides_which_are_looked_for_and_which_is_best(site):
    def coding(accepted):
        answer = site.get("/some/app.js", f"Accept-Encoding: {accepted}")
        return answer.headers.get("content-encoding")

    assert coding("br, gzip") == "gzip"
    assert coding("br") == "br"
    assert coding("zstd") is None


def test_nothing_is_looked_for_unless_it_is_asked_for(site):
    answer = site.get("/off/app.js", "Accept-Encoding: br, gzip")
    assert answer.text == PLAIN
    assert "vary" not in answer.headers


def test_an_encoded_answer_is_of_the_plain_file(site):
    answer = site.get("/all/page.html", "Accept-Encoding: br, gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert gzip.decompress(answer.body) == b"<p>page</p>"


def test_the_encoded_file_itself_is_a_file_like_others(site):
    answer = site.get("/all/page.html.gz", "Accept-Encoding: gzip")
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers


def test_each_coding_has_a_tag_of_its_own(site):
    tags = {
        site.get("/all/app.js", f"Accept-Encoding: {coding}").headers["etag"]
        for coding in (*CODINGS.values(), "identity")
    }
    assert len(tags) == 4


def test_a_tag_is_compared_with_what_would_be_sent(site):
    encoded = site.get("/all/app.js", "Accept-Encoding: gzip").headers["etag"]
    field = f"If-None-Match: {encoded}"
    assert site.get("/all/app.js", field, "Accept-Encoding: gzip").status == 304
    assert site.get("/all/app.js", field).status == 200


@pytest.mark.parametrize(
    "target", ["/all/app.js", "/all/index.html", "/all/only.txt.gz"]
)
def test_every_answer_says_that_it_varies(site, target):
    whole = site.get(target)
    assert whole.headers["vary"] == "Accept-Encoding"
    known = site.get(target, f"If-None-Match: {whole.headers['etag']}")
    assert known.headers["vary"] == "Accept-Encoding"


def test_the_age_is_that_of_the_plain_file(site):
    answer = site.get("/all/app.js", "Accept-Encoding: gzip")
    assert "immutable" in answer.headers["cache-control"]


def test_an_index_file_may_be_encoded(site):
    answer = site.get("/all/", "Accept-Encoding: br")
    assert answer.text == "index in br"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_ranges_are_of_the_encoded_bytes(site):
    answer = site.get("/all/large.bin", "Accept-Encoding: zstd", "Range: bytes=1-2")
    assert answer.status == 206
    assert answer.headers["content-range"] == "bytes 1-2/90000"
    assert answer.headers["content-encoding"] == "zstd"
    assert answer.body == b"yy"


def test_there_is_no_encoded_file_without_the_plain_one(site):
    assert site.get("/all/only.txt", "Accept-Encoding: gzip").status == 404


def test_what_is_no_file_inside_is_no_neighbour(site):
    for name in ("folder.txt", "link.txt"):
        answer = site.get(f"/all/{name}", "Accept-Encoding: gzip")
        assert answer.text == "plain"


def test_a_neighbour_that_comes_and_goes_is_seen(site):
    site.write("late.txt", "plain")
    for _ in range(20):
        assert site.get("/all/late.txt", "Accept-Encoding: gzip").text == "plain"
        path = site.write("late.txt.gz", "encoded")
        assert site.get("/all/late.txt", "Accept-Encoding: gzip").text == "encoded"
        path.unlink()
