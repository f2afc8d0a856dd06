"""Applications that can not be loaded, and what a worker is given."""

POST = "import os\n\nprint(x)\n"


def test_a_worker_shows_its_number_and_generation(guavad):
    titles = []
    for pid in guavad.worker_pids():
        with open(f"/proc/{pid}/cmdline") as file:
            titles.append(file.read().rstrip("\0"))
    assert sorted(titles) == [
        "guavad: worker 1 (generation 1)",
        "guavad: worker 2 (generation 1)",
    ]


def test_the_check_names_both_places_and_shows_the_traceback(make_guavad):
    daemon = make_guavad()
    daemon.write("controllers/post.py", POST)
    done = daemon.run("-t", "-c", "guava.yaml")
    assert done.returncode == 1
    assert (
        "package controllers: controllers/post.py:3: "
        "NameError: name 'x' is not defined" in done.stderr
    )
    assert "guava.yaml:" in done.stderr
    assert "Traceback (most recent call last):" in done.stderr


def test_all_faults_are_told_at_once(make_guavad):
    target = {"module": "misc", "controller": "MiscController"}
    daemon = make_guavad(
        routers=[
            {"type": "mvc", "package": "contrullers"},
            {"type": "table", "routes": {"/about": target | {"action": "abuot"}}},
        ]
    )
    daemon.write(
        "misc.py",
        "import guava\n"
        "class MiscController(guava.controller.Controller):\n"
        "    def about(self): ...\n",
    )
    done = daemon.run("-t", "-c", "guava.yaml")
    assert done.returncode == 1
    assert "there is no package contrullers" in done.stderr
    assert 'MiscController has no action "abuot"; did you mean "about"?' in done.stderr


def test_a_worker_that_can_not_load_says_so(make_guavad):
    """The application loads in the check, and fails in the worker."""
    daemon = make_guavad()
    daemon.write(
        "controllers/post.py",
        "import os, sys\n"
        "with open('count', 'a') as file: file.write('x')\n"
        "if os.path.getsize('count') > 1: raise RuntimeError('eclipse')\n",
    )
    daemon.launch()
    assert daemon.wait() != 0
    said = daemon.log_text() + daemon.output()
    assert "controllers/post.py:3: RuntimeError: eclipse" in said
    assert "Traceback (most recent call last):" in said


def test_the_application_has_its_path_and_environment(make_guavad):
    daemon = make_guavad(server={"workers": 1})
    daemon.write("lib/greeting.py", "import os\nTEXT = os.environ['GREETING']\n")
    daemon.configure(python={"path": [".", "lib"], "env": {"GREETING": "good evening"}})
    daemon.write(
        "controllers/index.py",
        "import greeting, guava\n"
        "class IndexController(guava.controller.Controller):\n"
        "    def index(self): return greeting.TEXT\n",
    )
    daemon.start()
    assert daemon.get("/").text == "good evening"
