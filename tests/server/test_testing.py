"""guava.testing with a guavad that runs, and its fixtures in somebody's own tests."""

import subprocess
import sys
import urllib.request

import pytest

from guava.testing import Client, Guavad

PATIENCE = 60.0  # seconds that a run of pytest may take
CONFIGURATION = """\
server: {listen: "127.0.0.1:1", workers: 8, pidfile: guavad.pid}
log: {access: access.log, error: error.log}
routers: [{type: mvc, package: pages}]
"""
PAGE = """\
import guava

class IndexController(guava.controller.Controller):
    def index(self):
        print("a visitor")
        return "one"

    def login(self):
        self.set_cookie("who", self.POST["who"])
        return self.redirect("/index/me", 303)

    def me(self):
        return self.COOKIES["who"]
"""


@pytest.fixture
def configuration(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.py").write_text(PAGE)
    (tmp_path / "guava.yaml").write_text(CONFIGURATION)
    return tmp_path / "guava.yaml"


def test_a_guavad_serves_on_a_port_of_its_own(configuration):
    with Guavad(configuration) as guavad:
        with urllib.request.urlopen(guavad.url("/")) as answer:
            assert answer.read() == b"one"
        assert "generation 1 serves with 1 workers" in guavad.log
    assert '"GET / HTTP/1.1" 200' in guavad.log
    assert "a visitor" in guavad.log
    assert not configuration.with_name("guavad.pid").exists()
    guavad.stop()


def test_two_run_beside_each_other(configuration):
    with Guavad(configuration) as one, Guavad(configuration, workers=2) as other:
        assert one.url() != other.url()
        assert Client(one).get("/").text == Client(other).get("/").text == "one"
        assert "serves with 2 workers" in other.log


def test_a_client_asks_it_as_it_asks_an_application(configuration):
    with Guavad(configuration) as guavad, Client(guavad) as client:
        answer = client.post("/index/login", data={"who": "Ada"}, follow_redirects=True)
        assert answer.text == "Ada"
        assert answer.url == guavad.url("/index/me")
        assert client.cookies["who"] == "Ada"
        assert client.get("/index/me", cookies={"who": "Bob"}).text == "Bob"
        with pytest.raises(ValueError, match="not https"):
            client.get(guavad.url("/").replace("http:", "https:"))
        assert client.log == guavad.log


def test_a_reload_takes_up_what_has_changed(configuration):
    page = configuration.with_name("pages") / "index.py"
    with Guavad(configuration) as guavad:
        page.write_text(PAGE.replace("one", "another"))
        assert guavad.reload() == "generation 2 serves with 1 workers"
        assert Client(guavad).get("/").text == "another"
        page.write_text("import nowhere")
        assert "reload failed, generation 2 serves on" in guavad.reload()


def test_the_command_line_goes_before_the_configuration(configuration):
    with Guavad(configuration, overrides=["server.server_header=false"]) as guavad:
        assert "Server" not in Client(guavad).get("/").headers


def test_one_that_does_not_start_is_an_error_with_its_log(configuration):
    configuration.write_text("routers: 7\n")
    with pytest.raises(RuntimeError, match=r"guava.yaml:1:10: expected a list"):
        Guavad(configuration)
    with pytest.raises(FileNotFoundError):
        Guavad(configuration, executable="/nowhere/guavad")


OWN_TESTS = """\
pytest_plugins = ["guava.testing.plugin"]

def test_inside(guava_client):
    assert guava_client("guava.yaml").get("/").text == "one"

def test_live(guava_daemon):
    guavad = guava_daemon("guava.yaml")
    assert guava_daemon("guava.yaml", workers=2).url() != guavad.url()

def test_that_fails(guava_daemon, guava_client):
    client = guava_client(guava_daemon("guava.yaml"))
    client.get("/no/such/page")
    assert False
"""


def test_the_fixtures_work_in_tests_of_ones_own(configuration):
    folder = configuration.parent
    (folder / "conftest.py").write_text(OWN_TESTS.splitlines()[0])
    (folder / "test_own.py").write_text(OWN_TESTS.partition("\n")[2])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert "1 failed, 2 passed" in done.stdout
    assert "guavad's log" in done.stdout
    assert "generation 1 serves with 1 workers" in done.stdout
