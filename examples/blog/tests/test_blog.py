"""The blog, as its readers and writers use it: pytest examples/blog/tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from guava.testing import Answer, Client

CONFIGURATION = Path(__file__).parents[1] / "guava.yaml"
PASSWORD = "hawthorn and hazel"
PICTURE = b"\x89PNG not really"

Make = Callable[..., Client]
File = tuple[str, bytes, str]  # its name, its content and its type


@pytest.fixture
def reader(
    guava_client: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """Somebody who visits an empty blog."""
    monkeypatch.setenv("BLOG_DATA", str(tmp_path))
    return guava_client(CONFIGURATION)


@pytest.fixture
def ada(reader: Client) -> Client:
    """Who has just signed up."""
    send(reader, "/account/sign_up", name="Ada", password=PASSWORD)
    return reader


def send(
    client: Client, page: str, picture: File | None = None, **fields: str
) -> Answer:
    """Fill in the last form of a page and send it; what that leads to."""
    form = client.get(page).text
    target = re.findall('action="([^"]*)"', form)[-1]
    token = re.findall('name="csrf_token" value="([^"]*)"', form)[-1]
    return client.post(
        target,
        data={"csrf_token": token, **fields},
        files={} if picture is None else {"picture": picture},
        follow_redirects=True,
    )


def publish(client: Client, title: str = "Sloes", text: str = "Still green.") -> str:
    """The path of a new post."""
    return urlsplit(send(client, "/post/new", title=title, text=text).url).path


def test_an_empty_blog_says_so(reader: Client) -> None:
    assert "Nobody has written yet." in reader.get("/").text


def test_who_signs_up_is_signed_in_and_welcomed_once(ada: Client) -> None:
    assert "sid" in ada.cookies
    assert ada.get("/account").status == 200
    assert "Welcome" not in ada.get("/").text


def test_signing_in_needs_the_password(ada: Client) -> None:
    send(ada, "/account")
    assert ada.get("/account").status == 302
    answer = send(ada, "/account/sign_in", name="Ada", password="hazel and hawthorn")
    assert answer.status == 422
    assert "nobody of that name and password" in answer.text
    answer = send(ada, "/account/sign_in", name="ada", password=PASSWORD)
    assert "Welcome, Ada." in answer.text


def test_a_name_is_taken_once(ada: Client) -> None:
    answer = send(ada, "/account/sign_up", name="ADA", password=PASSWORD)
    assert answer.status == 422
    assert "Somebody has that name." in answer.text


def test_a_post_is_published_and_read(ada: Client) -> None:
    path = publish(ada, "Sloes & <haws>", "Still green.\n\nCome back in October.")
    page = ada.get(path).text
    assert "<h1>Sloes &amp; &lt;haws&gt;</h1>" in page
    assert "<p>Still green.</p><p>Come back in October.</p>" in page
    assert f'<a href="{path}">Sloes &amp; &lt;haws&gt;</a>' in ada.get("/").text


def test_a_post_without_a_title_comes_back_with_what_was_written(ada: Client) -> None:
    answer = send(ada, "/post/new", title=" ", text="Long thoughts")
    assert answer.status == 422
    assert "A post needs a title" in answer.text
    assert "Long thoughts</textarea>" in answer.text


def test_a_post_has_a_picture(ada: Client) -> None:
    file = ("sloes.png", PICTURE, "image/png")
    page = send(ada, "/post/new", title="Sloes", text="Here.", picture=file).text
    [path] = re.findall('<img src="([^"]*)"', page)
    picture = ada.get(path)
    assert (picture.body, picture.headers["Content-Type"]) == (PICTURE, "image/png")


def test_a_picture_is_a_picture(ada: Client) -> None:
    file = ("page.html", b"<script>", "text/html")
    answer = send(ada, "/post/new", title="Sloes", text="Here.", picture=file)
    assert answer.status == 422
    assert "A picture is" in answer.text


def test_a_post_is_changed_and_removed_by_who_wrote_it(ada: Client) -> None:
    path = publish(ada)
    send(ada, path.replace("view", "edit"), title="Sloes", text="Blue by now.")
    assert "Blue by now." in ada.get(path).text
    assert "Your post is gone." in send(ada, path).text
    assert ada.get(path).status == 404


def test_nobody_else_changes_it(ada: Client) -> None:
    path = publish(ada)
    bob = ada.another()
    send(bob, "/account/sign_up", name="Bob", password=PASSWORD)
    answer = bob.get(path.replace("view", "edit"))
    assert answer.status == 403
    assert "Not yours to change" in answer.text
    assert "Remove it" in ada.get(path).text
    assert "Remove it" not in bob.get(path).text


def test_who_is_not_signed_in_is_asked_to(reader: Client) -> None:
    assert reader.get("/post/new").headers["Location"] == "/account/sign_in"


def test_a_form_of_another_site_is_refused(ada: Client) -> None:
    form = {"title": "Spam", "text": "Spam"}
    assert ada.post("/post/new", data=form).status == 403
    assert "Spam" not in ada.get("/").text


def test_the_rest_interface_has_the_posts(ada: Client) -> None:
    publish(ada)
    [post] = ada.get("/api/posts").json()
    assert (post["title"], post["writer"]) == ("Sloes", "Ada")
    answer = ada.get(f"/api/posts/{post['id']}")
    assert answer.json() == post
    known = {"If-None-Match": answer.headers["ETag"]}
    assert ada.get(f"/api/posts/{post['id']}", headers=known).status == 304


def test_readers_comment_by_the_rest_interface(ada: Client) -> None:
    path = publish(ada)
    comments = path.replace("/post/view", "/api/posts") + "/comments"
    answer = ada.post(comments, json={"name": "Bob", "text": "<Tart!>"})
    assert (answer.status, answer.headers["Location"]) == (201, comments)
    assert [one["text"] for one in ada.get(comments).json()] == ["<Tart!>"]
    assert "&lt;Tart!&gt; <small>Bob</small>" in ada.get(path).text
    wrong = ada.post(comments, json={"name": "Bob", "text": ""})
    assert wrong.status == 422
    assert ada.get("/api/posts/99/comments").status == 404
