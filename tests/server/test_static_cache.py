"""Files that change: what is sent is what is there, in one state of it."""

import os
import threading

import pytest
from http_client import descriptors, request, resident
from pattern import pattern
from static_site import MODIFIED, Site

SMALL, MEDIUM, LARGE = 1000, 60_000, 20_000_000
IN_MEMORY = 64 * 1024


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    site = Site(make_shared_guavad, {"index": ["index.html"]})
    site.write("page.html", "page")
    return site.start()


@pytest.mark.parametrize("modified", [None, MODIFIED])
def test_a_change_is_seen_by_the_next_request(site, modified):
    with site.connect() as client:
        for number in range(200):
            site.write("counter.txt", f"{number:03}", modified)
            assert client.ask(request("/counter.txt")).text == f"{number:03}"


def test_a_change_whose_time_was_set_back_is_seen(site):
    for text in ("one", "two"):
        site.write("touched.txt", text, MODIFIED)
        assert site.get("/touched.txt").text == text


def test_a_file_that_comes_and_goes_is_seen(site):
    with site.connect() as client:
        for number in range(50):
            assert client.ask(request("/fleeting.txt")).status == 404
            path = site.write("fleeting.txt", str(number))
            assert client.ask(request("/fleeting.txt")).text == str(number)
            path.unlink()


def test_a_directory_that_takes_the_place_of_a_file_is_seen(site):
    path = site.write("either", "file")
    assert site.get("/either").text == "file"
    path.unlink()
    path.mkdir()
    assert site.get("/either").status == 308


def test_a_path_that_leads_out_is_refused_though_it_was_known(site):
    site.write("sub/known.txt", "known")
    assert site.get("/sub/known.txt").text == "known"
    outside = site.guavad.folder / "outside"
    (site.public / "sub").rename(outside)
    (site.public / "sub").symlink_to(outside)
    assert site.get("/sub/known.txt").status == 404


def test_a_file_that_may_not_be_read_any_more_is_refused(site):
    path = site.write("private.txt", "known")
    assert site.get("/private.txt").text == "known"
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path.chmod(0)
    assert site.get("/private.txt").status == 404


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1])
def test_sizes_around_what_is_kept_in_memory_are_sent_whole(site, size):
    site.write("size.txt", pattern(size), MODIFIED)
    for _ in range(2):
        answer = site.get("/size.txt")
        assert answer.headers["content-length"] == str(size)
        assert answer.body == pattern(size)
    assert site.head("/size.txt").headers["content-length"] == str(size)


@pytest.mark.parametrize("size", [SMALL, MEDIUM])
def test_a_file_that_is_replaced_again_and_again_is_sent_in_one_state(site, size):
    """Every answer is all of one file, and its tag is that file's."""
    contents = [bytes([65 + number]) * (size + number) for number in range(4)]
    stop = threading.Event()
    site.write("replaced.txt", contents[0])

    def replace():
        number = 0
        while not stop.is_set():
            number = (number + 1) % len(contents)
            site.write("next.txt", contents[number]).rename(
                site.public / "replaced.txt"
            )

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        with site.connect() as client:
            by_tag = {}
            for _ in range(500):
                answer = client.ask(request("/replaced.txt"))
                assert answer.body in contents
                assert by_tag.setdefault(answer.headers["etag"], answer.body) == (
                    answer.body
                )
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("size", [MEDIUM, LARGE])
def test_a_file_that_is_rewritten_in_place_never_breaks_an_answer(site, size):
    """Cut short or whole, no answer has more than it announced."""
    stop = threading.Event()
    path = site.write("rewritten.bin", pattern(size))

    def rewrite():
        while not stop.is_set():
            with path.open("r+b") as file:
                file.truncate(size // 3)
                file.truncate(size)
                file.write(pattern(size // 2))

    writer = threading.Thread(target=rewrite)
    before = site.guavad.worker_pids()
    writer.start()
    try:
        for _ in range(30):
            with site.connect(request("/rewritten.bin", "Connection: close")) as client:
                length = int(client.head().headers["content-length"])
                assert len(client.rest()) <= length
    finally:
        stop.set()
        writer.join()
    assert site.guavad.worker_pids() == before


def test_many_answers_at_once_are_sent_from_one_file(site):
    content = pattern(3_000_000)
    site.write("shared.bin", content)
    before = descriptors(site.guavad)
    clients = [site.connect(receive_buffer=4096) for _ in range(40)]
    for number, client in enumerate(clients):
        client.send(request("/shared.bin", f"Range: bytes={number * 1000}-"))
    for number, client in enumerate(clients):
        assert client.read().body == content[number * 1000 :]
        client.socket.close()
    site.guavad.eventually(lambda: descriptors(site.guavad) <= before, "closing")


def start_download(site, name):
    client = site.connect(request(f"/{name}"), receive_buffer=4096)
    assert client.head().headers["content-length"] == str(LARGE)
    return client


def test_what_is_deleted_while_it_is_sent_arrives(site):
    path = site.write("deleted.bin", pattern(LARGE))
    with start_download(site, "deleted.bin") as client:
        path.unlink()
        assert site.get("/deleted.bin").status == 404
        assert client._exactly(LARGE) == pattern(LARGE)


def test_the_parts_of_a_file_that_shrinks_are_cut_off(site):
    path = site.write("shrinking.bin", pattern(LARGE))
    before = descriptors(site.guavad)
    asks = request("/shrinking.bin", f"Range: bytes=0-9,100-{LARGE - 1}")
    with site.connect(asks, receive_buffer=4096) as client:
        length = int(client.head().headers["content-length"])
        os.truncate(path, 50)
        assert len(client.rest()) < length
    site.guavad.eventually(lambda: descriptors(site.guavad) <= before, "closing")


def test_no_descriptor_stays_open_for_a_file(site):
    names = [f"many/{number}" for number in range(200)]
    for name in names:
        site.write(name, "x" * (100_000 if name.endswith("0") else 10))
    with site.connect() as client:
        client.ask(request("/page.html"))
        before = descriptors(site.guavad)
        for name in names:
            for fields in ([], ["Range: bytes=1-2,5-6"], ['If-Match: "x"']):
                client.ask(request(f"/{name}", *fields))
            client.ask(request(f"/{name}", method="HEAD"), "HEAD")
            client.ask(request(f"/{name}", "Range: bytes=900000-"))
        assert descriptors(site.guavad) == before


def test_a_download_that_is_given_up_closes_its_file(site):
    site.write("given-up.bin", pattern(LARGE))
    before = descriptors(site.guavad)
    for fields in ([], ["Range: bytes=1-9999999,10000001-"]):
        with site.connect(
            request("/given-up.bin", *fields), receive_buffer=4096
        ) as client:
            client.head()
            client.reset()
    site.guavad.eventually(lambda: descriptors(site.guavad) <= before, "closing")


def test_the_memory_for_files_is_bounded(site):
    """Forty megabytes of small files leave at most what is kept of them."""
    content = pattern(IN_MEMORY)
    for number in range(640):
        site.write(f"bulk/{number}", content, MODIFIED)
    before = resident(site.guavad)
    with site.connect() as client:
        for number in range(640):
            assert client.ask(request(f"/bulk/{number}")).body == content
    assert resident(site.guavad) - before < 24_000_000
