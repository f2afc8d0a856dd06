"""guava.shared: one environment in memory, in this process and those that it forks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from guava import shared


@pytest.fixture
def database():
    return shared.environment().open_db(b"test")


def in_child(function):
    """What `function` returns, called in a forked process, as bytes."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.write(writer, function())
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        result = said.read()
    assert os.waitpid(pid, 0)[1] == 0
    return result


def put(key, value):
    environment = shared.environment()
    with environment.begin(environment.open_db(b"test"), write=True) as transaction:
        transaction.put(key, value)


def get(key):
    environment = shared.environment()
    with environment.begin(environment.open_db(b"test")) as transaction:
        return transaction.get(key)


def test_a_process_opens_it_once():
    assert shared.environment() is shared.environment()


def test_what_a_child_stores_its_parent_reads(database):
    def child():
        put(b"from", b"child")
        return b"stored"

    assert in_child(child) == b"stored"
    assert get(b"from") == b"child"


def test_a_child_opens_it_anew(database):
    before = shared.environment()
    assert in_child(lambda: b"%d" % (shared.environment() is before)) == b"0"


def test_a_child_that_ends_leaves_its_parents_locks_alone(database):
    """The first who opens an environment has its table of readers made anew: who comes
    next must find it in use."""

    def child():
        put(b"from", b"child")
        return b"stored"

    assert in_child(child) == b"stored"
    data, locks = shared._shared_files()
    script = f"from guava import shared; shared.inherit({data}, {locks}); "
    script += "print(shared.environment().info()['num_readers'])"
    with shared.environment().begin():
        other = [sys.executable, "-c", script]
        done = subprocess.run(other, pass_fds=(data, locks), capture_output=True)
    assert int(done.stdout) > 0


def test_a_child_that_dies_in_a_transaction_holds_nobody_up(database):
    def child():
        environment = shared.environment()
        transaction = environment.begin(environment.open_db(b"test"), write=True)
        transaction.put(b"half", b"done")
        os.write(writer, b"x")
        os.kill(os.getpid(), 9)
        return b""

    reader, writer = os.pipe()
    with pytest.raises(AssertionError):
        in_child(child)
    assert os.read(reader, 1) == b"x"
    put(b"after", b"1")
    assert get(b"after") == b"1"
    assert get(b"half") is None


def test_it_is_left_out_of_core_dumps(database):
    """VmFlags of its mappings have "dd" (proc_pid_smaps(5))."""
    inode = os.fstat(shared._shared_files()[0]).st_ino
    mappings = re.split(
        r"^(?=[0-9a-f]+-)", Path("/proc/self/smaps").read_text(), flags=re.M
    )
    own = [text for text in mappings if f" {inode} " in text.partition("\n")[0]]
    assert own
    assert all(re.search(r"^VmFlags:.* dd\b", text, re.M) for text in own)


def test_no_file_is_left():
    script = "from guava import shared; shared.environment().open_db(b'x')"
    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    before = set(folder.glob("guava-shared-*"))
    subprocess.run([sys.executable, "-c", script], check=True)
    assert set(folder.glob("guava-shared-*")) <= before


def test_who_does_not_ask_does_not_load_lmdb():
    script = "import sys, guava; from guava import shared; print('lmdb' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout == "False\n"
