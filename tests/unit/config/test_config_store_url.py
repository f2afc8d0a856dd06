"""The URLs of the stores of sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from guava.config.kinds import Kind, KindError
from guava.config.store_url import (
    DatabaseURL,
    MemcachedServer,
    RedisURL,
    parse_hosts,
    parse_redis,
    shown_url,
)


@pytest.mark.parametrize(
    ("url", "hosts", "database"),
    [
        ("redis://127.0.0.1", (("127.0.0.1", 6379),), 0),
        ("redis://127.0.0.1/", (("127.0.0.1", 6379),), 0),
        ("redis://cache.example:7000/15", (("cache.example", 7000),), 15),
        ("redis://[::1]:7000/1", (("::1", 7000),), 1),
    ],
)
def test_one_redis(url: str, hosts: object, database: int) -> None:
    place = parse_redis(url)
    assert (place.topology, place.tls) == ("single", False)
    assert (place.hosts, place.database) == (hosts, database)
    assert (place.username, place.password) == (None, None)


def test_a_redis_on_a_unix_socket() -> None:
    place = parse_redis("unix:///run/redis/redis.sock?db=3")
    assert (place.topology, place.hosts) == ("socket", ())
    assert (place.path, place.database) == ("/run/redis/redis.sock", 3)


def test_the_sentinels_of_a_service() -> None:
    place = parse_redis("redis+sentinel://one,two:26380/main/2")
    assert (place.topology, place.service, place.database) == ("sentinel", "main", 2)
    assert place.hosts == (("one", 26379), ("two", 26380))
    assert parse_redis("redis+sentinel://one/main").database == 0


def test_the_nodes_of_a_cluster() -> None:
    place = parse_redis("redis+cluster://one,two:7001")
    assert (place.topology, place.database) == ("cluster", 0)
    assert place.hosts == (("one", 6379), ("two", 7001))


@pytest.mark.parametrize(
    "url", ["rediss://h", "rediss+sentinel://h/main", "rediss+cluster://h"]
)
def test_by_tls(url: str) -> None:
    assert parse_redis(url).tls


@pytest.mark.parametrize(
    "form",
    [
        "redis://{}127.0.0.1/0",
        "unix://{}/run/redis.sock",
        "redis+sentinel://{}one,two/main/0",
        "redis+cluster://{}one,two",
    ],
)
def test_the_user_and_the_password_are_decoded(form: str) -> None:
    place = parse_redis(form.format("me%40home:p%2Fw%3A%40@"))
    assert (place.username, place.password) == ("me@home", "p/w:@")
    place = parse_redis(form.format(":secret@"))
    assert (place.username, place.password) == (None, "secret")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "redis:",
        "redis://",
        "redis:///0",
        "http://127.0.0.1",
        "redis://one,two/0",
        "redis://127.0.0.1:0",
        "redis://127.0.0.1:65536",
        "redis://127.0.0.1:port",
        "redis://127.0.0.1/name",
        "redis://127.0.0.1/0/1",
        "redis://127.0.0.1/0?db=1",
        "redis://127.0.0.1/0#1",
        "redis://a b/0",
        "redis://user:pass:word@",
        "unix://run/redis.sock",
        "unix:///run/redis.sock?db=one",
        "unix:///run/redis.sock?timeout=1",
        "redis+sentinel://one",
        "redis+sentinel://one/main/name",
        "redis+sentinel://one,/main",
        "redis+cluster://one/0",
        "redis+other://one",
    ],
)
def test_what_is_no_url_of_a_redis(url: str) -> None:
    with pytest.raises(ValueError, match="not"):
        parse_redis(url)


@pytest.mark.parametrize("text", ["", ",", "a,", "a:", "a:1:2", "[::1", "::1", "a/b"])
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(ValueError, match="is not a host and a port"):
        parse_hosts(text, 1)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("redis://me:secret@one,two/0", "redis://one,two/0"),
        ("redis://:se/cr?e#t@one/0", "redis://one/0"),
        ("redis://:se@cret@one/0", "redis://one/0"),
        ("unix://:secret@/run/redis.sock?db=1", "unix:///run/redis.sock"),
        ("postgresql://me:secret@/name?host=/run", "postgresql:///name"),
        ("postgresql://host/name?password=secret", "postgresql://host/name"),
        ("redis:/:secret@db/0", "db/0"),
        ("me:secret@x://db/0", "x://db/0"),
        ("redis://:se\ncret@one/0", "redis://one/0"),
        ("redis", "redis"),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@pytest.mark.parametrize("kind", [RedisURL(), DatabaseURL()])
def test_a_wrong_url_is_told_without_its_password(kind: Kind) -> None:
    with pytest.raises(KindError, match=r"^expected a URL .*, found x://h$") as caught:
        kind.convert("x://me:secret@h", "/")
    assert "secret" not in str(caught.value)


def test_a_url_of_a_redis_stays_as_it_is() -> None:
    url = "redis+sentinel://:secret@one,two/main/0"
    assert RedisURL().convert(url, "/") == url


def test_memcached_by_host_or_by_socket(tmp_path: Path) -> None:
    kind = MemcachedServer()
    assert kind.convert("cache.example", "/") == "cache.example"
    assert kind.convert("[::1]:11212", "/") == "[::1]:11212"
    assert kind.convert("unix:m.sock", str(tmp_path)) == f"unix:{tmp_path}/m.sock"
    with pytest.raises(ValueError, match="is not a host and a port"):
        kind.convert("host:port", "/")
    with pytest.raises(KindError, match="there is no directory"):
        kind.convert("unix:none/m.sock", str(tmp_path))


def test_a_database_of_a_driver_that_guava_knows() -> None:
    for url in ("postgresql://h/n", "mysql+pymysql://h/n", "mariadb://h/n"):
        assert DatabaseURL().convert(url, "/") == url
    for url in ("oracle://h/n", "mysql+mysqldb://h/n", "postgresql", "sqlite://"):
        with pytest.raises(KindError, match="expected a URL such as sqlite:///"):
            DatabaseURL().convert(url, "/")


def test_an_sqlite_file_is_relative_to_the_configuration(tmp_path: Path) -> None:
    kind = DatabaseURL()
    assert kind.convert("sqlite:///s.db", str(tmp_path)) == f"sqlite:///{tmp_path}/s.db"
    assert kind.convert("sqlite:////tmp/s.db", "/x") == "sqlite:////tmp/s.db"
    with pytest.raises(KindError, match="there is no directory"):
        kind.convert("sqlite:///none/s.db", str(tmp_path))
