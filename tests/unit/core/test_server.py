"""Server, before and after it serves."""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from textwrap import dedent

import pytest

from guava._core import Action, Controller, File, Redirect, Resource, Server


class Index(Controller):
    def index(self):
        return "index"


ACTION = Action(Index, "index")
UNMADE = [kind.__new__(kind) for kind in (Action, Redirect, File, Resource)]


def descriptors():
    return sorted(os.listdir("/proc/self/fd"), key=int)


@pytest.fixture(scope="module", autouse=True)
def a_first_server():
    """libuv keeps two descriptors for the process."""
    Server()


def run(code):
    """What a Python program of its own prints."""
    result = subprocess.run(
        [sys.executable, "-P", "-c", dedent(code)],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert result.returncode == 0, (result.returncode, result.stderr)
    return result.stdout.strip()


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


# Settings


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"timeouts": {"nonsense": 1}}, ValueError),
        ({"timeouts": {"header": -1}}, ValueError),
        ({"timeouts": {"header": "1"}}, TypeError),
        ({"timeouts": {5: 1}}, TypeError),
        ({"timeouts": 5}, TypeError),
        ({"limits": {"nonsense": 1}}, ValueError),
        ({"limits": {"body": -1}}, ValueError),
        ({"limits": {"body": 1.5}}, TypeError),
        ({"limits": {"body": 1 << 70}}, OverflowError),
        ({"limits": 5}, TypeError),
        ({"access_log": 2, "access_format": "{nonsense}"}, ValueError),
        ({"access_log": "2"}, TypeError),
        ({"trusted": ["10.0.0.0/8", "nonsense"]}, ValueError),
        ({"trusted": ["10.0.0.1"]}, ValueError),
        ({"trusted": [1]}, TypeError),
        ({"trusted": 1}, TypeError),
        ({"forwarding": "nonsense"}, ValueError),
        ({"nonsense": 1}, TypeError),
    ],
)
def test_what_is_no_setting_is_refused(settings, error):
    before = descriptors()
    with pytest.raises(error):
        Server(**settings)
    assert descriptors() == before


def test_every_setting_is_known():
    Server(
        timeouts=dict.fromkeys(("header", "body", "write", "keepalive"), 1),
        limits=dict.fromkeys(
            ("request_line", "headers", "header_count", "body"), 1 << 20
        )
        | {"body_memory": 0, "body_disk": 0, "min_rate": 0, "connections": 0},
        server_header=False,
        access_log=2,
        access_format="json",
        scoreboard=-1,
        slot=0,
        control=-1,
    )


def test_settings_are_named():
    with pytest.raises(TypeError):
        Server({})


def test_a_server_is_made_once():
    server = Server()
    with pytest.raises(RuntimeError, match="once"):
        server.__init__()


def test_a_server_that_init_never_saw_does_nothing():
    server = Server.__new__(Server)
    for call in (server.serve, lambda: server.listen(0), lambda: mount(server)):
        with pytest.raises(RuntimeError):
            call()
    server.drain()
    server.stop()


def mount(server):
    server.mount_callable("/", lambda request: "")


def test_a_regular_file_is_no_socket(tmp_path):
    with (tmp_path / "file").open("w") as file:
        before = descriptors()
        with pytest.raises(OSError):  # noqa: PT011
            Server(control=file.fileno())
        with pytest.raises(OSError):  # noqa: PT011
            Server().listen(file.fileno())
        assert descriptors() == before


@pytest.mark.parametrize(
    ("fd", "error"), [(-1, ValueError), (9999, OSError), ("0", TypeError)]
)
def test_listen_takes_a_descriptor(fd, error):
    with pytest.raises(error):
        Server().listen(fd)


def test_listen_takes_what_has_a_descriptor(listener):
    Server().listen(listener)


def test_without_descriptors_a_server_is_an_error():
    code = """
        import errno, os, resource
        from guava import _core

        def outcome():
            try:
                _core.Server()
            except OSError as error:
                return errno.errorcode[error.errno]
            return "made"

        outcome()  # libuv keeps two descriptors for the process
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        held = []
        try:
            while True:
                held.append(os.dup(0))
        except OSError:
            pass
        print(outcome())
        for fd in held[-8:]:
            os.close(fd)
        print(outcome())
    """
    assert run(code).split() == ["EMFILE", "made"]


# Mounting


@pytest.mark.parametrize("point", ["", "m", "/m", "m/", "\ud800"])
def test_a_mount_point_has_slashes_around_it(point):
    server = Server()
    for call in (
        lambda: server.mount_mvc(point, {}),
        lambda: server.mount_rest(point, {}),
        lambda: server.mount_table(point, {}),
        lambda: server.mount_static(point, ".", False),
        lambda: server.mount_callable(point, print),
        lambda: server.mount_python(point, print, print),
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            call()


@pytest.mark.parametrize("target", [None, 5, "text", Index, *UNMADE])
def test_only_whole_targets_are_mounted(target):
    with pytest.raises(TypeError):
        Server().mount_mvc("/", {"index": {"index": target}})
    with pytest.raises(TypeError):
        Server().mount_rest("/", {"users": target})
    with pytest.raises(TypeError):
        Server().mount_rest("/", {"users": Resource({"get_all": target})})
    with pytest.raises(TypeError):
        Server().mount_rest("/", {"users": Resource({}, {"friends": target})})
    with pytest.raises(TypeError):
        Server().mount_table("/", {"/": target})


@pytest.mark.parametrize("target", [Redirect("/"), File("x"), Resource({})])
def test_controllers_have_actions_alone(target):
    with pytest.raises(TypeError, match="expected an Action"):
        Server().mount_mvc("/", {"index": {"index": target}})
    with pytest.raises(TypeError, match="expected an Action"):
        Server().mount_rest("/", {"users": Resource({"get_all": target})})


@pytest.mark.parametrize("name", ["view", "get", "GET_ALL", ""])
def test_a_resource_has_six_actions(name):
    with pytest.raises(ValueError, match="REST"):
        Server().mount_rest("/", {"users": Resource({name: ACTION})})


@pytest.mark.parametrize("path", ["", "about", "./about"])
def test_the_paths_of_a_table_begin_with_a_slash(path):
    with pytest.raises(ValueError, match="slash"):
        Server().mount_table("/", {path: ACTION})


def test_names_are_text():
    for call in (
        lambda: Server().mount_mvc("/", {5: {"index": ACTION}}),
        lambda: Server().mount_mvc("/", {"index": {5: ACTION}}),
        lambda: Server().mount_rest("/", {5: Resource({})}),
        lambda: Server().mount_table("/", {5: ACTION}),
        lambda: Server().mount_table(5, {}),
    ):
        with pytest.raises(TypeError):
            call()


@pytest.mark.parametrize("mapping", [5, None, [5]])
def test_descriptions_are_mappings(mapping):
    server = Server()
    for call in (server.mount_mvc, server.mount_rest, server.mount_table):
        with pytest.raises((AttributeError, TypeError)):
            call("/", mapping)
    with pytest.raises((AttributeError, TypeError)):
        server.mount_mvc("/", {"index": mapping})


def test_handlers_can_be_called():
    with pytest.raises(TypeError, match="callable"):
        Server().mount_callable("/", 5)
    with pytest.raises(TypeError, match="callable"):
        Server().mount_python("/", 5, print)
    with pytest.raises(TypeError, match="callable"):
        Server().mount_python("/", print, 5)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"indices": ["a"]}, TypeError),
        ({"index": 5}, TypeError),
        ({"index": [5]}, TypeError),
        ({"index": ["a\0b"]}, ValueError),
        ({"fallback": 5}, TypeError),
        ({"max_age": "1h"}, TypeError),
        ({"max_age": -1}, ValueError),
        ({"max_age": 2**70}, OverflowError),
        ({"immutable": [None]}, TypeError),
        ({"precompressed": ["gzip"]}, ValueError),
        ({"precompressed": ["gz"] * 5}, ValueError),
        ({"precompressed": [5]}, TypeError),
    ],
)
def test_a_static_router_s_options_are_right(options, error):
    before = descriptors()
    with pytest.raises(error):
        Server().mount_static("/", ".", **options)
    assert descriptors() == before


def test_a_directory_is_there(tmp_path):
    (tmp_path / "file").touch()
    Server().mount_static("/", tmp_path, True)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Server().mount_static("/", str(tmp_path / "nowhere"), True)
    with pytest.raises(NotADirectoryError):
        Server().mount_static("/", str(tmp_path / "file"), True)


# Its life


@pytest.mark.parametrize("end", [Server.drain, Server.stop])
def test_a_server_that_was_ended_before_ends_at_once(listener, end):
    server = Server()
    mount(server)
    server.listen(listener)
    end(server)
    assert server.serve() is None
    for call in (server.serve, lambda: server.listen(listener), lambda: mount(server)):
        with pytest.raises(RuntimeError, match="once"):
            call()
    end(server)


def test_ready_is_called_once_when_it_serves(listener):
    server = Server()
    server.listen(listener)
    called = []

    def ready():
        called.append(threading.get_ident())
        server.stop()

    server.serve(ready=ready)
    assert called == [threading.get_ident()]


def test_what_ready_raises_ends_serve(listener):
    server = Server()
    server.listen(listener)
    with pytest.raises(ZeroDivisionError):
        server.serve(lambda: 1 / 0)
    with pytest.raises(TypeError):
        server.serve(5)
    server.stop()
    server.serve()


def test_it_says_ready_and_obeys_on_the_control_channel(listener):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        server = Server(control=theirs.fileno())
        server.listen(listener)
        ours.send(b"nonsense")
        ours.send(b"drain")
        server.serve()
        assert ours.recv(100) == b"ready"


def test_a_worker_whose_master_is_gone_leaves(listener):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        server = Server(control=theirs.fileno())
        server.listen(listener)
        ours.close()
        server.serve()


def test_servers_leave_no_descriptor_behind(listener, tmp_path):
    def live(end):
        server = Server()
        server.mount_static("/files/", tmp_path, True)
        mount(server)
        server.listen(listener)
        if end is not None:
            end(server)
            server.serve()

    live(Server.stop)
    gc.collect()
    before = descriptors()
    for end in (None, Server.drain, Server.stop) * 5:
        live(end)
    gc.collect()
    assert descriptors() == before


def test_a_server_that_its_handler_refers_to_is_collected(listener, tmp_path):
    class Mark:
        pass

    def make():
        server, mark = Server(), Mark()
        server.mount_callable("/", lambda request: (server, mark))
        server.mount_python("/p/", lambda r: (server, mark), lambda h: (server, mark))
        server.mount_static("/files/", tmp_path, False)
        server.listen(listener)
        return weakref.ref(mark)

    make()
    gc.collect()
    before = descriptors()
    marks = [make() for _ in range(10)]
    gc.collect()
    assert [mark() for mark in marks] == [None] * 10
    assert descriptors() == before


def test_signals_are_pythons_again_when_serve_has_ended():
    code = """
        import signal
        from guava import _core

        caught = []
        signal.signal(signal.SIGTERM, lambda number, frame: caught.append(number))
        # Whoever was started in the background by a shell ignores it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for end in (_core.Server.drain, _core.Server.stop):
            server = _core.Server()
            end(server)
            server.serve()
            signal.raise_signal(signal.SIGTERM)
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                caught.append("interrupt")
        print(caught)
    """
    number = int(signal.SIGTERM)
    assert run(code) == str([number, "interrupt", number, "interrupt"])


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGQUIT"])
def test_a_signal_drains(name):
    code = f"""
        import os, signal, socket
        from guava import _core

        def handler(request):
            os.kill(os.getpid(), signal.{name})

        listener = socket.create_server(("127.0.0.1", 0))
        server = _core.Server()
        server.listen(listener)
        server.mount_callable("/", handler)
        client = socket.create_connection(listener.getsockname())
        client.sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
        server.serve()
        print(client.recv(100).split(b"\\r")[0].decode())
    """
    assert run(code) == "HTTP/1.1 200 OK"


# What a mount is given


def test_pages_that_are_none_are_refused(tmp_path):
    server = Server()
    with pytest.raises(RuntimeError, match="nothing is mounted"):
        server.set_error_pages({404: ("a.html", b"")})
    server.mount_static("/", str(tmp_path), False)
    for pages, error in (
        ({200: ("a.html", b"")}, ValueError),
        ({2**80: ("a.html", b"")}, OverflowError),
        ({404: b"text"}, TypeError),
        ({404.0: ("a.html", b"")}, TypeError),
        ({404: ("a.html",)}, TypeError),
        ({404: ("a.html", "text")}, TypeError),
        ({"404": ("a.html", b"text")}, TypeError),
        ({404: ("a.html", b"1"), 700: ("a.html", b"2")}, ValueError),
        ({404: object()}, TypeError),
        ([], TypeError),
    ):
        with pytest.raises(error):
            server.set_error_pages(pages)
        with pytest.raises(error):
            server.set_error_pages_of_all(pages)
    server.set_error_pages({404: ("a.html", b"one")})
    server.set_error_pages({404: ("a.html", b"two")})


def test_types_that_are_none_are_refused(tmp_path):
    server = Server()
    server.mount_static("/", str(tmp_path), False)
    for types, error in (
        ({"txt": "text/plain"}, ValueError),
        ({".": "text/plain"}, ValueError),
        ({".txt": ""}, ValueError),
        ({".txt": "text/plain\r\nX: y"}, ValueError),
        ({".txt": b"text/plain"}, TypeError),
        ({1: "text/plain"}, TypeError),
        ([], TypeError),
    ):
        with pytest.raises(error):
            server.set_types(types)
    server.set_types({".txt": "text/plain"})
    server.set_types({".txt": "text/plain"})
    server.mount_table("/", {})
    with pytest.raises(RuntimeError, match="has no files"):
        server.set_types({".txt": "text/plain"})
