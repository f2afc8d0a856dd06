"""`guavad -s rollback`: the configuration of the generation before serves again."""

import signal
import subprocess

import pytest
from load import loaded, mixed


def tell(guavad, verb):
    done = guavad.run("-s", verb)
    assert done.returncode == 0, done.stderr
    return done.stdout


def release(guavad, name):
    """A folder with an application that answers its name."""
    guavad.write(f"{name}/controllers/__init__.py", "")
    guavad.write(
        f"{name}/controllers/index.py",
        "import guava\n"
        "class IndexController(guava.controller.Controller):\n"
        f"    def index(self):\n        return {name!r}\n",
    )


def deploy(guavad, name):
    """Lets the link at `current` point to a release."""
    release(guavad, name)
    link = guavad.folder / "new"
    link.symlink_to(name)
    link.replace(guavad.folder / "current")


@pytest.fixture
def deployed(make_guavad):
    """A guavad whose first release, one, was followed by another, two."""
    guavad = make_guavad()
    deploy(guavad, "one")
    guavad.configure(
        server={"working_directory": "current"}, python={"path": ["current"]}
    )
    guavad.start()
    deploy(guavad, "two")
    tell(guavad, "reload")
    assert guavad.get("/").text == "two"
    return guavad


def test_a_rollback_serves_the_release_that_the_link_pointed_to(deployed):
    said = tell(deployed, "rollback")
    assert "rolling back to the configuration of generation 1" in said
    assert "generation 3 serves with 2 workers" in said
    assert deployed.get("/").text == "one"


def test_a_second_rollback_takes_the_first_one_back(deployed):
    tell(deployed, "rollback")
    tell(deployed, "rollback")
    assert deployed.get("/").text == "two"


def test_a_rollback_needs_no_valid_file(deployed):
    deployed.signal(signal.SIGHUP)
    deployed.wait_for_log("generation 3 serves")
    config = deployed.config.read_text()
    pid = str(deployed.pid)
    deployed.config.write_text("routers: 7\n")
    subprocess.run(["kill", "--queue", "1", "-HUP", pid], check=True)
    deployed.wait_for_log("generation 4 serves")
    deployed.config.write_text(config)
    assert deployed.get("/").text == "two"


def test_a_rollback_brings_everything_back_that_the_file_had_said(guavad):
    guavad.configure(server={"workers": 1}, log={"access": "other.log"})
    tell(guavad, "reload")
    tell(guavad, "rollback")
    guavad.wait_for_log("generation 2 is gone")
    assert len(guavad.worker_pids()) == 2
    guavad.get("/")
    guavad.wait_for_log("GET / HTTP/1.1", name="access.log")


def test_without_a_generation_before_a_rollback_fails_and_says_so(guavad):
    done = guavad.run("-s", "rollback")
    assert done.returncode == 1
    assert done.stderr == "guavad: no generation has served before\n"
    assert guavad.get("/").text == "Hello World!"


def test_a_failed_reload_is_no_generation_to_go_back_to(guavad):
    guavad.write("controllers/index.py", "import no_such_module\n")
    assert guavad.run("-s", "reload").returncode == 1
    assert "no generation has served" in guavad.run("-s", "rollback").stderr


def test_a_rollback_to_what_does_not_start_leaves_the_generation_serving(deployed):
    deployed.write("one/controllers/index.py", "import no_such_module\n")
    before = deployed.worker_pids()
    done = deployed.run("-s", "rollback")
    assert done.returncode == 1
    assert "generation 2 serves on" in done.stderr
    assert "no_such_module" in done.stderr
    assert set(before) <= set(deployed.worker_pids())
    assert deployed.get("/").text == "two"


def test_a_rollback_during_a_reload_is_refused(guavad):
    tell(guavad, "reload")
    guavad.write("controllers/index.py", "import time\ntime.sleep(2)\n")
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("checking", times=2)
    done = guavad.run("-s", "rollback")
    assert done.returncode == 1
    assert done.stderr == "guavad: another reload is under way\n"


def test_rollbacks_lose_no_request(make_guavad):
    guavad = loaded(make_guavad)
    clients = mixed(guavad.port)
    tell(guavad, "reload")
    for _ in range(4):
        tell(guavad, "rollback")
    tally = clients.stop()
    assert tally.lost == []
    assert tally.answered == tally.sent
