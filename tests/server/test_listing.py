"""The page that lists a directory, as Chromium shows it."""

import base64
import hashlib
import os
import re

import pytest
from browser import Browser

SCRIPT = "<script>document.title='run'<script>.txt"
IMAGE = "<img src=x onerror=document.title='run'>.txt"


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    guavad = make_shared_guavad(
        server={"workers": 1},
        routers=[
            {
                "type": "static",
                "mount_point": "/files",
                "directory": "public",
                "allow_index": True,
            }
        ],
    )
    for name, size in (("file2.txt", 30), ("file10.txt", 3000), ("File3.txt", 300)):
        guavad.write(f"public/{name}", "x" * size)
    for age, name in enumerate(("file10.txt", "File3.txt", "file2.txt")):
        os.utime(guavad.folder / "public" / name, (1e9 - age, 1e9 - age))
    guavad.write(f"public/odd/{SCRIPT}", "odd")
    guavad.write(f"public/odd/{IMAGE}", "odd")
    guavad.write("public/odd/a ?#%2f\\&.txt", "escaped")
    guavad.write("public/odd/" + "long" * 50, "")
    guavad.write("public/sub/deep/file.txt", "deep")
    (guavad.folder / "public/empty").mkdir()
    for number in range(2000):
        guavad.write(f"public/many/{number}", "")
    guavad.start()
    return guavad


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def look(server, browser):
    """Opens a page, as it is shown to one who prefers light, in a wide window."""

    def look(path="/files/"):
        browser.prefer("light")
        browser.resize(1000)
        browser.open(server.url(path))
        return browser

    return look


def names(browser):
    """The links of the table, in their order, without the one that leads up."""
    links = "[...document.querySelectorAll('td a[href^=\"./\"]')]"
    return browser.run(f"{links}.map(a => a.textContent)")


def place(browser):
    return browser.run("location.pathname + location.search")


def colour(browser, selector, name):
    """A computed colour, as red, green and blue."""
    script = f"getComputedStyle(document.querySelector('{selector}')).{name}"
    return tuple(int(number) for number in re.findall(r"\d+", browser.run(script))[:3])


def luminance(rgb):
    """WCAG 2, "relative luminance"."""
    parts = [part / 255 for part in rgb]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_can_be_read(look, scheme):
    browser = look("/files/sub/")
    browser.prefer(scheme)
    paper = colour(browser, "body", "backgroundColor")
    assert (luminance(paper) > 0.5) == (scheme == "light")
    for selector in ("h1", "h1 i", "td a", "th a", "th[aria-sort] a", "td + td + td"):
        ink = colour(browser, selector, "color")
        assert contrast(ink, paper) >= 4.5, selector  # WCAG 2, level AA


@pytest.mark.parametrize("width", [1000, 360])
@pytest.mark.parametrize("path", ["/files/", "/files/odd/", "/files/empty/"])
def test_the_page_fits_the_window(look, width, path):
    browser = look(path)
    browser.resize(width)
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_a_click_on_a_column_sorts_and_another_turns_it_round(look):
    browser = look()
    by_name = ["file2.txt", "File3.txt", "file10.txt"]
    folders = ["empty/", "many/", "odd/", "sub/"]
    assert names(browser) == folders + by_name
    browser.click("th:nth-child(2) a")
    assert names(browser) == [*folders, "file10.txt", "File3.txt", "file2.txt"]
    assert place(browser) == "/files/?sort=size&order=desc"
    sorted_by = "document.querySelector('th[aria-sort]')"
    assert browser.run(f"{sorted_by}.textContent") == "Size"
    assert browser.run(f"{sorted_by}.ariaSort") == "descending"
    browser.click("th:nth-child(2) a")
    assert names(browser)[4:] == by_name
    assert browser.run(f"{sorted_by}.ariaSort") == "ascending"
    browser.click("th:nth-child(3) a")
    assert names(browser)[4:] == ["file10.txt", "File3.txt", "file2.txt"]
    browser.click("th:nth-child(1) a")
    assert names(browser) == folders + by_name
    browser.click("th:nth-child(1) a")
    assert names(browser) == folders[::-1] + by_name[::-1]


def test_a_name_does_not_run(look, server):
    browser = look("/files/odd/")
    assert {SCRIPT, IMAGE} <= set(names(browser))
    assert browser.run("document.title") == "Index of /files/odd/"
    assert browser.run("document.scripts.length") == 0
    assert browser.run("document.images.length") == 0


def test_a_link_leads_to_the_file_whatever_its_name(look):
    browser = look("/files/odd/")
    browser.click("td a[href*='escaped'], td a[href*='%23']")
    assert browser.run("document.body.textContent") == "escaped"


def test_links_lead_down_and_up_again(look):
    browser = look()
    browser.click("a[href='./sub/']")
    browser.click("a[href='./deep/']")
    assert names(browser) == ["file.txt"]
    browser.click("td a[href='../']")
    assert place(browser) == "/files/sub/"
    browser.click("a[href='./deep/']")
    browser.click("h1 a")
    assert place(browser) == "/files/"
    assert browser.run("document.querySelector('[href^=\"..\"]')") is None


def test_a_directory_without_its_slash_is_sent_to_it(look):
    browser = look("/files/sub/deep?sort=size&order=desc")
    assert place(browser) == "/files/sub/deep/?sort=size&order=desc"
    assert names(browser) == ["file.txt"]


def test_the_page_is_whole_under_its_policy(look, server):
    browser = look("/files/sub/")
    assert browser.messages() == []
    answer = server.get("/files/sub/")
    style = re.search(r"<style>(.*)</style>", answer.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_an_empty_directory_says_so(look):
    browser = look("/files/empty/")
    assert "This directory is empty." in browser.run("document.body.innerText")


def test_a_large_directory_is_listed_in_natural_order(look):
    assert names(look("/files/many/")) == [str(number) for number in range(2000)]


def test_a_size_and_a_time_are_there_to_the_last_digit(look):
    browser = look("/files/?sort=name")
    row = "document.querySelector('a[href=\"./file10.txt\"]').closest('tr')"
    assert browser.run(f"{row}.cells[1].innerText") == "2.9 KiB"
    assert browser.run(f"{row}.cells[1].title") == "3000 bytes"
    moment = browser.run(f"{row}.querySelector('time').dateTime")
    assert moment == "2001-09-09T01:46:40Z"


def test_a_listing_is_asked_for_again_each_time(server):
    answer = server.get("/files/?sort=colour&v=2")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
