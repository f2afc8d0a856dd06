"""From the command line to workers that are ready, and what may be in the way."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import guava

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def refused(guavad):
    """What guavad says on standard error when it refuses to start."""
    guavad.launch()
    assert guavad.wait() == 1
    return guavad.output()


def status_of(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":", 1) for line in lines)


@pytest.fixture
def open_to_all(tmp_path):
    """Lets every user into the folder of the test."""
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)


OPENING = """
hold=$1 top=$2
shift 2
mkdir "$hold" && mount --bind "$top" "$hold" || exit 1
mount -t tmpfs -o mode=755 none "$top" || exit 1
while [ "$1" != -- ]; do
    mkdir -p "$top/$1" && mount --bind "$hold/$1" "$top/$1" || exit 1
    shift
done
shift
exec "$@"
"""


def closed_folder_above(path):
    """The topmost folder on the way to `path` that not everybody may enter, or None."""
    closed = [each for each in path.parents if not each.stat().st_mode & 0o001]
    return closed[-1] if closed else None


@pytest.fixture
def a_python_that_all_can_read(tmp_path):
    """A command that runs another where Python and guava are not in a closed folder.

    Root's own may be in /root: mounts of that process alone open the way.
    """
    package = Path(guava.__file__).parents[1]
    needed = {Path(sys.base_prefix), Path(sys.prefix), package}
    hidden = {path: top for path in needed if (top := closed_folder_above(path))}
    if not hidden:
        return []
    command = ["unshare", "-m"]
    holds = []
    for top in sorted(set(hidden.values())):
        ways = [
            str(path.relative_to(top)) for path in sorted(hidden) if top in path.parents
        ]
        holds.append(tmp_path / f"closed{len(holds)}")
        command += ["sh", "-c", OPENING, "sh", str(holds[-1]), str(top), *ways, "--"]
    if subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        pytest.skip("can not open the way to the interpreter")
    for hold in holds:
        hold.rmdir()
    return command


def test_it_serves(guavad):
    answer = guavad.get("/")
    assert (answer.status_code, answer.text) == (200, "Hello World!")


def test_the_master_runs_no_python(guavad):
    maps = Path(f"/proc/{guavad.pid}/maps").read_text()
    worker = Path(f"/proc/{guavad.worker_pids()[0]}/maps").read_text()
    assert "_core." in worker
    assert "_core." not in maps


def test_workers_are_titled(guavad):
    titles = {
        Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0")
        for pid in guavad.worker_pids()
    }
    assert titles == {
        b"guavad: worker 1 (generation 1)",
        b"guavad: worker 2 (generation 1)",
    }


def test_workers_auto_is_one_for_each_core(make_guavad):
    guavad = make_guavad(server={"workers": "auto"})
    guavad.start()
    assert len(guavad.worker_pids()) == len(os.sched_getaffinity(0))


def test_it_listens_on_several_addresses(make_guavad):
    guavad = make_guavad()
    addresses = [f"127.0.0.1:{guavad.port}", f"[::1]:{guavad.port}", "unix:guava.sock"]
    guavad.configure(server={"listen": addresses})
    guavad.start()
    assert guavad.get("/").text == "Hello World!"
    assert httpx.get(f"http://[::1]:{guavad.port}/").text == "Hello World!"
    path = guavad.folder / "guava.sock"
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path))) as client:
        assert client.get("http://guava/").text == "Hello World!"
    guavad.signal(signal.SIGTERM)
    assert guavad.wait() == 0
    assert not path.exists()


def test_a_unix_socket_has_the_mode_of_the_configuration(make_guavad):
    guavad = make_guavad(
        server={"listen": {"address": "unix:guava.sock", "mode": "0600"}}
    )
    guavad.start()
    assert (guavad.folder / "guava.sock").stat().st_mode & 0o777 == 0o600


def test_a_stale_unix_socket_is_replaced(make_guavad):
    guavad = make_guavad(server={"listen": "unix:guava.sock"})
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(guavad.folder / "guava.sock"))
    guavad.start()


def test_a_unix_socket_that_another_server_answers_on_is_left_alone(make_guavad):
    guavad = make_guavad(server={"listen": "unix:guava.sock"})
    with socket.socket(socket.AF_UNIX) as alive:
        alive.bind(str(guavad.folder / "guava.sock"))
        alive.listen()
        said = refused(guavad)
        assert "guava.sock: another server answers there" in said
        assert (guavad.folder / "guava.sock").exists()


def test_a_socket_of_another_kind_that_somebody_has_is_left_alone(make_guavad):
    guavad = make_guavad(server={"listen": "unix:guava.sock"})
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(str(guavad.folder / "guava.sock"))
        assert "guava.sock: another server answers there" in refused(guavad)
    assert (guavad.folder / "guava.sock").is_socket()


def test_a_file_in_the_place_of_a_unix_socket_is_left_alone(make_guavad):
    guavad = make_guavad(server={"listen": "unix:guava.sock"})
    path = guavad.write("guava.sock", "precious")
    assert "is not a socket" in refused(guavad)
    assert path.read_text() == "precious"


def test_an_address_in_use_is_a_readable_error(make_guavad):
    guavad = make_guavad()
    guavad.reservation.listen()
    said = refused(guavad)
    assert f"127.0.0.1:{guavad.port}: Address already in use" in said
    assert not guavad.pidfile.exists()


def test_a_second_start_is_refused_and_the_first_serves_on(guavad):
    done = guavad.run()
    assert done.returncode == 1
    assert f"already running (pid {guavad.pid}," in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert guavad.get("/").status_code == 200


def test_a_pidfile_that_nobody_holds_is_taken_over(make_guavad):
    guavad = make_guavad()
    guavad.pidfile.write_text("1\n")
    guavad.start()
    assert guavad.pid == guavad.process.pid


def test_the_pidfile_goes_with_the_process(guavad):
    guavad.signal(signal.SIGTERM)
    assert guavad.wait() == 0
    assert not guavad.pidfile.exists()


@pytest.mark.parametrize(
    ("section", "key"), [("server", "pidfile"), ("log", "error"), ("log", "access")]
)
def test_a_file_that_can_not_be_written_is_a_readable_error(make_guavad, section, key):
    guavad = make_guavad(**{section: {key: "folder"}})
    (guavad.folder / "folder").mkdir()
    said = refused(guavad)
    assert "folder" in said
    assert "Traceback" not in said


def test_a_broken_configuration_ends_the_start(make_guavad):
    guavad = make_guavad()
    guavad.config.write_text("routers: 7\n")
    assert "guava.yaml:1:10" in refused(guavad)


def test_an_application_that_does_not_load_ends_the_start(make_guavad):
    guavad = make_guavad()
    guavad.write("controllers/index.py", "\nraise LookupError('no luck')\n")
    said = refused(guavad)
    assert "LookupError: no luck" in said
    assert "index.py" in said


def test_a_failed_start_is_one_line_and_its_traceback_is_in_the_error_log(make_guavad):
    guavad = make_guavad()
    guavad.write("controllers/index.py", "\nraise LookupError('no luck')\n")
    [line] = refused(guavad).splitlines()
    assert line.endswith("controllers/index.py:2: LookupError: no luck")
    guavad.wait_for_log("[error] check")
    assert "\tLookupError: no luck" in guavad.log_text()


def test_a_reload_that_is_asked_for_during_the_first_check_comes_after_it(make_guavad):
    guavad = make_guavad()
    guavad.write(
        "controllers/index.py",
        "import time\n"
        "from pathlib import Path\n"
        "mark = Path('checked')\n"
        "if not mark.exists():\n"
        "    mark.touch()\n"
        "    time.sleep(1)\n",
    )
    guavad.launch()
    guavad.eventually((guavad.folder / "checked").exists, "the first check")
    guavad.process.send_signal(signal.SIGHUP)
    guavad.wait_for_log("generation 2 serves")


def test_a_worker_that_does_not_load_ends_the_start(make_guavad):
    """The check passes, and what only a worker does fails."""
    guavad = make_guavad()
    guavad.write(
        "controllers/index.py",
        "from pathlib import Path\n"
        "mark = Path('checked')\n"
        "if mark.exists():\n"
        "    raise LookupError('no luck')\n"
        "mark.touch()\n",
    )
    last = refused(guavad).splitlines()[-1]
    assert last.startswith("guavad: the application could not be loaded: ")
    assert "LookupError: no luck" in last
    assert "index.py" in last
    assert "Traceback (most recent call last)" in guavad.log_text()
    assert not guavad.pidfile.exists()


def test_a_worker_that_dies_while_loading_ends_the_start(make_guavad):
    guavad = make_guavad()
    guavad.write_module_that_kills_workers()
    assert "died of SIGKILL before it was ready" in refused(guavad)


def test_detached_it_returns_when_the_workers_are_ready(make_guavad):
    guavad = make_guavad()
    done = guavad.run("-d")
    assert (done.returncode, done.stderr) == (0, "")
    assert guavad.get("/").status_code == 200
    assert os.getsid(guavad.pid) != os.getsid(0)


def test_the_configuration_may_ask_to_be_detached(make_guavad):
    guavad = make_guavad(server={"daemon": True})
    assert guavad.run().returncode == 0
    assert guavad.get("/").status_code == 200


def test_detached_a_failed_start_still_has_its_reason_and_status(make_guavad):
    guavad = make_guavad()
    guavad.reservation.listen()
    done = guavad.run("-d")
    assert done.returncode == 1
    assert "Address already in use" in done.stderr


@needs_root
def test_workers_drop_to_the_group_of_the_configuration(make_guavad):
    guavad = make_guavad(server={"group": "nogroup", "listen": "unix:guava.sock"})
    guavad.start()
    for pid in guavad.worker_pids():
        fields = status_of(pid)
        assert set(fields["Gid"].split()) == {"65534"}
        assert fields["Groups"].split() == ["65534"]
    assert (guavad.folder / "guava.sock").stat().st_gid == 65534


@needs_root
@pytest.mark.parametrize("preload", [False, True])
def test_workers_drop_to_the_user_of_the_configuration(
    make_guavad, open_to_all, a_python_that_all_can_read, preload
):
    guavad = make_guavad(
        server={"user": "nobody", "listen": "unix:guava.sock", "preload": preload}
    )
    guavad.command = [*a_python_that_all_can_read, *guavad.command]
    guavad.start()
    for pid in guavad.worker_pids():
        fields = status_of(pid)
        assert set(fields["Uid"].split()) == {"65534"}
        assert set(fields["Gid"].split()) == {"65534"}
        assert set(fields["Groups"].split()) <= {"65534"}
    assert (guavad.folder / "guava.sock").stat().st_uid == 65534
    assert set(status_of(guavad.pid)["Uid"].split()) == {"0"}


@needs_root
def test_workers_of_another_user_open_what_they_share(
    make_guavad, open_to_all, a_python_that_all_can_read
):
    guavad = make_guavad(server={"user": "nobody"})
    guavad.write(
        "controllers/index.py",
        "import guava\n"
        "from guava import shared\n"
        "class IndexController(guava.controller.Controller):\n"
        "    def index(self):\n"
        "        return shared.environment().stat()\n",
    )
    guavad.command = [*a_python_that_all_can_read, *guavad.command]
    guavad.start()
    assert guavad.get("/").json()["entries"] == 0


def test_workers_run_in_the_working_directory(make_guavad):
    guavad = make_guavad(server={"working_directory": "controllers"})
    guavad.start()
    for pid in guavad.worker_pids():
        assert Path(f"/proc/{pid}/cwd").readlink() == guavad.folder / "controllers"


def test_workers_hold_no_descriptor_that_is_not_theirs(guavad):
    """Not the pidfile, not other workers' channels, not the master's signals."""
    for pid in guavad.worker_pids():
        links = [str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()]
        assert not any("guavad.pid" in link or "signalfd" in link for link in links)
        inodes = [link for link in links if link.startswith("socket:")]
        assert len(inodes) == 2, links  # the listening socket and the control channel
