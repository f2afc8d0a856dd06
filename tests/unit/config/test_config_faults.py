"""Every mistake is found, at its line and column."""

from collections.abc import Callable
from pathlib import Path

import pytest

from guava.config import loader
from guava.config.loader import ConfigError

Faults = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "server:\n  lisen: 1",
            '2:3: unknown key "lisen" in server; did you mean "listen"?',
        ),
        ("rooters: 1", '1:1: unknown key "rooters"; did you mean "routers"?'),
        (
            "python: {zzz: 1}",
            '1:10: unknown key "zzz" in python; expected one of path, env',
        ),
        ("server: 7", "1:9: expected a mapping, found 7"),
        (
            "server: {warm_up: [about]}",
            '1:20: expected a path such as /about, found "about"',
        ),
        (
            "recycle: {memory: much}",
            '1:19: expected a size such as 8KiB, found "much"',
        ),
        (
            "sessions: {main: {ttl: 1h}}",
            '1:18: the key "store" is missing in sessions["main"];'
            " expected one of mem, file, python, redis, memcached, sql",
        ),
        (
            "sessions: {main: {store: men}}",
            "1:26: expected one of mem, file, python, redis, memcached, sql,"
            ' found "men"; did you mean "mem"?',
        ),
        (
            "sessions: {main: {store: mem, size: 1KiB}}",
            "1:37: expected a size from 256KiB to 8GiB, found 1KiB",
        ),
        (
            "sessions: {main: {store: file, directory: nowhere}}",
            "1:43: there is no directory {dir}/nowhere",
        ),
        (
            "sessions: {main: {store: redis, url: 'redis://:secret@h:99999'}}",
            "1:38: expected a URL such as redis://127.0.0.1:6379/0,"
            " found redis://h:99999",
        ),
        (
            "sessions: {main: {store: redis, prefix: a b}}",
            '1:41: expected a prefix such as shop:session:, found "a b"',
        ),
        (
            "sessions: {main: {store: redis, ca: none.pem}}",
            "1:37: there is no file {dir}/none.pem",
        ),
        (
            "sessions: {main: {store: memcached, servers: []}}",
            "1:46: expected at least 1 entry, found an empty list",
        ),
        (
            "sessions: {main: {store: memcached, servers: ['h:99999']}}",
            "1:47: expected a server such as 127.0.0.1:11211, or unix: and a path,"
            ' found "h:99999"',
        ),
        (
            "sessions: {main: {store: sql}}",
            '1:18: the key "url" is missing in sessions["main"]',
        ),
        (
            "sessions: {main: {store: sql, url: 'oracle://me:secret@h/n'}}",
            "1:36: expected a URL such as sqlite:///sessions.db or"
            " postgresql://host/database, found oracle://h/n",
        ),
        (
            "sessions: {main: {store: sql, url: 'sqlite:///none/s.db'}}",
            "1:36: there is no directory {dir}/none",
        ),
        (
            "sessions: {main: {store: mem, cookie: {secure: perhaps}}}",
            '1:48: expected auto, true or false, found "perhaps"',
        ),
        (
            "sessions: {main: {store: mem, cookie: {name: a b}}}",
            '1:46: expected a name such as sid, found "a b"',
        ),
        (
            "recycle: {at_once: 0}",
            "1:20: expected a whole number from 1 to 1024, found 0",
        ),
        *(
            (
                f"limits: {{min_rate: {rate}}}",
                f"1:20: expected a rate such as 200B/s, or 0, found {found}",
            )
            for rate, found in [
                ("200", "200"),
                ("200B", '"200B"'),
                ("fast", '"fast"'),
                ("1B/s/s", '"1B/s/s"'),
            ]
        ),
        (
            "limits: {body: 2GiB}",
            "1:16: expected body_disk to be at least body, 2GiB, found 1GiB",
        ),
        (
            "server: {listen: 127.0.0.1:1}\nstatus: {listen: 127.0.0.1:1}",
            "2:18: server.listen has this address already",
        ),
        (
            "limits: {body_disk: 1KiB}",
            "1:21: expected body_disk to be at least body, 1MiB, found 1KiB",
        ),
        (
            "routers: [{type: static, directory: ., name: a}, {type: table, routes: "
            "{/b: {redirect: /, name: b}, /c: {redirect: /, name: a}}}]",
            '1:125: the name "a" is taken at {dir}/guava.yaml:1:46',
        ),
        (
            "routers: [{type: table, routes: "
            "{/a: &x {redirect: /x, name: about}, /b: *x}}]",
            '1:62: the name "about" is taken at {dir}/guava.yaml:1:62',
        ),
        ("server: [a]", "1:9: expected a mapping, found a list"),
        ("server: {daemon: 1}", "1:18: expected true or false, found 1"),
        ("server: {daemon: !!bool x}", "1:18: expected true or false, found x"),
        ('server: {daemon: "true"}', '1:18: expected true or false, found "true"'),
        (
            "server: {workers: 0}",
            "1:19: expected auto or a whole number from 1 to 1024, found 0",
        ),
        (
            'server: {workers: "4"}',
            '1:19: expected auto or a whole number from 1 to 1024, found "4"',
        ),
        (
            "server: {backlog: 010}",
            "1:19: expected a whole number from 1 to 65535, found 010",
        ),
        (
            "server: {user: nobody-here}",
            '1:16: expected a user of this machine, found "nobody-here"',
        ),
        (
            "server: {group: 987654321}",
            "1:17: expected a group of this machine, found 987654321",
        ),
        (
            "server: {pidfile: /no/where/g.pid}",
            "1:19: there is no directory /no/where",
        ),
        (
            "server: {working_directory: /no/where}",
            "1:29: there is no directory /no/where",
        ),
        (
            'server: {pidfile: "a\\nb"}',
            '1:19: expected a path, found "a\\nb"',
        ),
        (
            "timeouts: {header: 30 bananas}",
            '1:20: expected a duration such as 30s, found "30 bananas"',
        ),
        ("timeouts: {body: 30}", "1:18: expected a duration such as 30s, found 30"),
        (
            "timeouts: {write: 0}",
            "1:19: expected a duration from 1ms to 365d, found 0",
        ),
        (
            "timeouts: {request: 366d}",
            "1:21: expected a duration from 0 to 365d, found 366d",
        ),
        ("limits: {body: 8KB}", '1:16: expected a size such as 8KiB, found "8KB"'),
        (
            "limits: {headers: 1GiB}",
            "1:19: expected a size from 64B to 16MiB, found 1GiB",
        ),
        (
            "log: {level: inf}",
            "1:14: expected one of debug, info, warning, error,"
            ' found "inf"; did you mean "info"?',
        ),
        (
            "log: {access: true}",
            "1:15: expected stdout, stderr, off or a path, found true",
        ),
        ("log: {error: off}", "1:14: expected stdout, stderr or a path, found off"),
        ("log: {error: no/x}", "1:14: there is no directory {dir}/no"),
        (
            'log: {format: "{clint}"}',
            '1:15: unknown placeholder {clint}; did you mean "client"?',
        ),
        (
            "log: {format: {client}}",
            "1:15: expected combined, json or a quoted template with {placeholders},"
            " found a mapping",
        ),
        (
            "log: {format: combind}",
            "1:15: expected combined, json or a quoted template with {placeholders},"
            ' found "combind"',
        ),
        (
            'log: {format: "{client} }"}',
            "1:15: expected combined, json or a quoted template with {placeholders},"
            ' found "{client} }"',
        ),
        ("python: {path: lib}", '1:16: expected a list, found "lib"'),
        ("python: {path: [lib]}", "1:17: there is no {dir}/lib"),
        (
            "python: {env: {A: 1}}",
            "1:19: expected text, in quotes if need be, found 1",
        ),
        ("python: {env: {A=B: x}}", '1:16: expected a variable\'s name, found "A=B"'),
        ("server: {listen: []}", "1:18: expected at least one address"),
        (
            "server: {listen: 8000}",
            "1:18: expected an address such as 127.0.0.1:8000,"
            ' "[::1]:8000" or unix:/path, found 8000',
        ),
        (
            "server: {listen: [127.0.0.1:1, 127.0.0.1]}",
            "1:32: expected an address such as 127.0.0.1:8000,"
            ' "[::1]:8000" or unix:/path, found "127.0.0.1"',
        ),
        (
            "server: {listen: 127.0.0.1:70000}",
            "1:18: expected a port from 1 to 65535, found 70000",
        ),
        (
            'server: {listen: [":80", 0.0.0.0:80]}',
            '1:26: "0.0.0.0:80" is listened on already',
        ),
        (
            'server: {listen: {address: 127.0.0.1:80, mode: "0660"}}',
            "1:48: only a Unix socket has a mode",
        ),
        (
            "server: {listen: [127.0.0.1:80, {address: 127.0.0.1:80}]}",
            '1:33: "127.0.0.1:80" is listened on already',
        ),
        (
            'server: {listen: ["unix:g", {address: "unix:g", mode: "0600"}]}',
            '1:29: "unix:g" is listened on already',
        ),
        (
            "server: {listen: {address: 127.0.0.1:80, proxy_protocol: 1}}",
            "1:58: expected true or false, found 1",
        ),
        (
            "proxy: {trusted: [10.0.0.0/8, 10.0.0.1/8]}",
            "1:31: 10.0.0.1/8 has bits set behind its prefix;"
            ' did you mean "10.0.0.0/8"?',
        ),
        (
            "proxy: {trusted: [localhost]}",
            '1:19: expected a network such as 10.0.0.0/8, an address, or "unix:",'
            ' found "localhost"',
        ),
        (
            'proxy: {trusted: ["fe80::1%eth0"]}',
            "1:19: expected a network without a zone, found fe80::1%eth0",
        ),
        ("proxy: {trusted: 10.0.0.1}", '1:18: expected a list, found "10.0.0.1"'),
        (
            "proxy: {headers: x-forward}",
            "1:18: expected one of auto, x-forwarded, forwarded,"
            ' found "x-forward"; did you mean "x-forwarded"?',
        ),
        (
            "server: {listen: [systemd, systemd:http]}",
            '1:28: "systemd:http" is listened on already',
        ),
        (
            "status: {listen: systemd}",
            "1:18: expected an address of guavad's own",
        ),
        (
            'server: {listen: "systemd:"}',
            "1:18: expected systemd: and a socket's name, found systemd:",
        ),
        (
            'server: {listen: {address: "unix:g", mode: "0999"}}',
            '1:44: expected a mode such as "0660", found "0999"',
        ),
        (
            "server: {listen: {mod: 1}}",
            '1:19: unknown key "mod" in server.listen; did you mean "mode"?',
        ),
    ],
)
def test_a_mistake_is_reported_at_its_place(
    faults: Faults, tmp_path: Path, text: str, fault: str
) -> None:
    assert fault.replace("{dir}", str(tmp_path)) in faults(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("7", "1:10: expected a list, found 7"),
        ("", "1:9: expected a list, found nothing"),
        ("[]", "1:10: expected at least 1 entry, found an empty list"),
        ("[7]", "1:11: expected a mapping, found 7"),
        (
            "[{package: x}]",
            '1:11: the key "type" is missing in routers[0];'
            " expected one of static, mvc, rest, table, python",
        ),
        (
            "[{type: mcv}]",
            "1:18: expected one of static, mvc, rest, table, python,"
            ' found "mcv"; did you mean "mvc"?',
        ),
        ("[{type: mvc}]", '1:11: the key "package" is missing in routers[0]'),
        (
            "[{type: mvc, package: a-b}]",
            '1:32: expected a package such as controllers, or ., found "a-b"',
        ),
        (
            "[{type: mvc, package: x, directory: .}]",
            '1:35: unknown key "directory" in routers[0];'
            " expected one of error_pages, session, middleware, mount_point,"
            " package, type",
        ),
        (
            "[{type: mvc, package: x, middleware: a.B}]",
            "1:47: expected a list of classes such as"
            ' [guava.middleware.SecurityHeaders], found "a.B"',
        ),
        (
            "[{type: mvc, package: x, middleware: [a.B, c]}]",
            '1:53: expected a class such as guava.middleware.CORS, found "c"',
        ),
        (
            "[{type: mvc, package: x, middleware: [{class: a.B, option: 1}]}]",
            '1:61: unknown key "option" in routers[0].middleware[0];'
            ' did you mean "options"?',
        ),
        (
            "[{type: mvc, package: x, mount_point: /a?b}]",
            '1:48: expected a mount point such as /static, found "/a?b"',
        ),
        (
            "[{type: mvc, package: x, mount_point: /a/../b}]",
            '1:48: expected a mount point such as /static, found "/a/../b"',
        ),
        (
            "[{type: static, directory: off-road}]",
            "1:37: there is no directory {dir}/off-road",
        ),
        (
            "[{type: python, class: Moon}]",
            '1:33: expected a class such as routers.MyRouter, found "Moon"',
        ),
        (
            "[{type: python, class: a.B, options: {n: 0x1F}}]",
            "1:51: expected a decimal number, or text in quotes, found 0x1F",
        ),
        (
            "[{type: table, routes: {/a: {}}}]",
            "1:38: expected one of the keys action, redirect, file"
            ' in routers[0].routes["/a"]',
        ),
        (
            "[{type: table, routes: {a: {redirect: /}}}]",
            '1:34: expected a path such as /about, found "a"',
        ),
        (
            "[{type: table, routes: {/a: {redirect: /, status: 304}}}]",
            "1:60: expected one of 301, 302, 303, 307, 308, found 304",
        ),
        (
            '[{type: table, routes: {/a: {redirect: "a\\nb"}}}]',
            '1:49: expected a URL such as /about, found "a\\nb"',
        ),
        (
            "[{type: table, routes: {/a: {redirect: /, kind: redirect}}}]",
            '1:52: unknown key "kind" in routers[0].routes["/a"];'
            " expected one of redirect, status, name",
        ),
        (
            "[{type: table, routes: {/a: {module: m, action: x}}}]",
            '1:38: the key "controller" is missing in routers[0].routes["/a"]',
        ),
        (
            "[{type: table, routes: {/a: {file: no.txt}}}]",
            "1:45: there is no file {dir}/no.txt",
        ),
        (
            "[{type: static, directory: ., types: {foo: text/plain}}]",
            '1:48: expected the ending of a file\'s name such as .txt, found "foo"',
        ),
        (
            "[{type: static, directory: ., types: {.foo: plain}}]",
            '1:54: expected a media type such as text/plain, found "plain"',
        ),
        (
            '[{type: static, directory: ., types: {.foo: "text/plain\\r\\nX: y"}}]',
            "1:54: expected a media type such as text/plain,"
            ' found "text/plain\\r\\nX: y"',
        ),
        (
            "[{type: mvc, package: x, error_pages: {404: no.html}}]",
            "1:54: there is no file {dir}/no.html",
        ),
        (
            "[{type: mvc, package: x, error_pages: {404: .}}]",
            "1:54: there is no file {dir}",
        ),
        (
            "[{type: mvc, package: x, error_pages: {399: /etc/hosts}}]",
            '1:49: expected the status of an error, from 400 to 599, found "399"',
        ),
        (
            "[{type: mvc, package: x, error_pages: {5xx: /etc/hosts}}]",
            '1:49: expected the status of an error, from 400 to 599, found "5xx"',
        ),
        (
            "[{type: mvc, package: x, error_pages: {404: [a.html]}}]",
            "1:54: expected a file or a controller's action, found a list",
        ),
        (
            "[{type: mvc, package: x, error_pages: {404: {module: a, action: b}}}]",
            '1:54: the key "controller" is missing in routers[0].error_pages["404"]',
        ),
        (
            "[{type: mvc, package: x, error_pages: a.html}]",
            '1:48: expected a mapping, found "a.html"',
        ),
    ],
)
def test_a_mistake_in_a_router_is_reported_at_its_place(
    faults: Faults, tmp_path: Path, text: str, fault: str
) -> None:
    assert faults(f"routers: {text}") == [fault.replace("{dir}", str(tmp_path))]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "server: [1\nlog: 2",
            "2:4: not YAML: while parsing a flow sequence,"
            " did not find expected ',' or ']'",
        ),
        (
            "log: {level: info}\nlog: {}",
            '2:1: key "log" stands here again, after line 1',
        ),
        ("log:\n  level: \x07", "2:10: not YAML: control characters are not allowed"),
        ("log: !!python/name:os.system x", "1:6: the tag !!python/name:os.system is"),
        ("log: !mine {}", "1:6: the tag !mine is not supported"),
        ("python: {env: &a {A: *a}}", "1:15: this anchor contains itself"),
        ("server: *nowhere", "1:9: not YAML: found undefined alias"),
        ("? [a]\n: b", "1:3: expected text as a key"),
        ("log: {<<: 7}", "1:11: expected a mapping to merge"),
        ("log: {}\n---\nlog: {}", "2:1: not YAML: expected a single document"),
        ("- a", "1:1: expected a mapping, found a list"),
    ],
)
def test_what_is_not_safe_yaml_is_reported_at_its_place(text: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loader.parse(text.encode(), "g.yaml")
    assert any(error.startswith(f"g.yaml:{fault}") for error in caught.value.errors)


def test_text_that_is_not_utf_8_is_reported_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loader.parse("log:\n  # é ".encode() + b"\xff", "g.yaml")
    assert caught.value.errors == ["g.yaml:2:7: expected UTF-8 text"]


def test_an_empty_file_lacks_a_router() -> None:
    with pytest.raises(ConfigError) as caught:
        loader.parse(b"", "g.yaml")
    assert caught.value.errors == ['g.yaml:1:1: the key "routers" is missing']


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loader.load(f"{tmp_path}/none.yaml")
    assert caught.value.errors == [
        f"{tmp_path}/none.yaml:1:1: cannot read: No such file or directory"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "${GUAVA_NONE}",
            "1:19: the environment has no variable GUAVA_NONE,"
            " and ${GUAVA_NONE} no default",
        ),
        (
            "${1A}",
            '1:19: expected ${NAME} or ${NAME:-default}, found "${1A}"',
        ),
        (
            "${GUAVA_NONE",
            '1:19: expected ${NAME} or ${NAME:-default}, found "${GUAVA_NONE"',
        ),
        (
            "${GUAVA_NONE:-${A}}",
            '1:19: expected ${NAME} or ${NAME:-default}, found "${GUAVA_NONE:-${A}"',
        ),
    ],
)
def test_a_variable_that_can_not_be_put_in_is_reported(
    faults: Faults, monkeypatch: pytest.MonkeyPatch, text: str, fault: str
) -> None:
    monkeypatch.delenv("GUAVA_NONE", raising=False)
    assert faults(f'python: {{env: {{A: "{text}"}}}}') == [fault]


def test_all_mistakes_are_found_in_one_go_in_file_order(faults: Faults) -> None:
    found = faults(
        """\
server:
  lisen: 1
  workers: 0
timeouts: {header: 1x, body: 1y}
log: {level: loud}
log: {}
routers:
  - {type: static}
  - {type: mvc, package: "a b"}
  - {type: table, routes: {x: {redirect: " "}, /y: {}}}
python: {path: [/no/where], env: {A: "${GUAVA_NO_SUCH}"}}
"""
    )
    assert [fault.split(": ")[0] for fault in found] == [
        "2:3",
        "3:12",
        "4:20",
        "4:30",
        "5:14",
        "6:1",
        "8:5",
        "9:26",
        "10:28",
        "10:42",
        "10:52",
        "11:17",
        "11:38",
    ]


def test_a_mistake_behind_an_anchor_is_reported_once(faults: Faults) -> None:
    text = "timeouts: {header: &t 1x, body: *t}"
    assert faults(text) == ['1:20: expected a duration such as 30s, found "1x"']


def test_python_objects_are_never_made(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    text = f"log: !!python/object/apply:os.mkdir ['{trace}']"
    with pytest.raises(ConfigError):
        loader.parse(text.encode(), "g.yaml")
    assert not trace.exists()
