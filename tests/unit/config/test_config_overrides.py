import pytest

from guava.config import loader
from guava.config.address import TCPAddress
from guava.config.loader import ConfigError

FILE = b"""\
server: {workers: 4, listen: "127.0.0.1:1"}
log:
routers: [{type: mvc, package: controllers}]
"""


def config(*overrides):
    return loader.parse(FILE, "guava.yaml", overrides)


def faults(*overrides):
    with pytest.raises(ConfigError) as caught:
        config(*overrides)
    return caught.value.errors


def test_an_override_goes_before_the_file_and_leaves_the_rest():
    server = config("server.workers=1").server
    assert server.workers == 1
    assert server.listen == (TCPAddress("127.0.0.1", 1),)


def test_the_last_of_two_counts():
    assert config("server.workers=1", "server.workers=2").server.workers == 2


def test_sections_that_the_file_leaves_out_are_made():
    made = config("log.level=debug", "timeouts.request=0")
    assert made.log.level == "debug"
    assert made.timeouts.request == 0


def test_a_value_is_yaml():
    listen = config('server.listen=["127.0.0.1:2", "127.0.0.1:3"]').server.listen
    assert listen == (TCPAddress("127.0.0.1", 2), TCPAddress("127.0.0.1", 3))
    assert config("server.pidfile=null").server.pidfile is None
    assert config("python={env: {A: b}}").python.env == {"A": "b"}


def test_paths_are_relative_to_the_file(tmp_path):
    file = tmp_path / "guava.yaml"
    file.write_bytes(FILE)
    made = loader.load(str(file), ["server.pidfile=run.pid"])
    assert made.server.pidfile == str(tmp_path / "run.pid")


@pytest.mark.parametrize(
    ("override", "fault"),
    [
        ("server.workers=zero", "expected auto or a whole number from 1 to 1024"),
        ("server.wrokers=1", 'unknown key "wrokers" in server'),
        ("nothing=1", 'unknown key "nothing"'),
        ("server.listen=[", "not YAML"),
        ("python={path: nowhere}", "expected a list"),
        ("server={workers: 0}", "expected auto or a whole number"),
        ("server.workers=\udcff", "UTF-8"),
    ],
)
def test_a_wrong_one_is_named_in_place_of_a_line(override, fault):
    [line] = faults(override)
    assert line.startswith(f"-o {override.partition('=')[0]}: ")
    assert fault in line


def test_what_is_wrong_does_not_show_a_password():
    [line] = faults("sessions.main={store: redis, url: 'redis:/:secret@db/0'}")
    assert line.startswith("-o sessions.main: expected a URL such as redis://")
    assert "secret" not in line


def test_what_is_wrong_in_the_file_is_still_told():
    with pytest.raises(ConfigError, match=r"guava.yaml:1:9: expected a mapping"):
        loader.parse(b"server: 7\nrouters: []\n", "guava.yaml", ["server.workers=1"])
