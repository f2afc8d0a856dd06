"""The command line of guavad."""

import re

import pytest


def test_version_names_guavad_and_python(make_guavad):
    done = make_guavad().run("-v")
    assert done.returncode == 0
    assert re.fullmatch(r"guavad \S+ \(Python 3\.\d+\.\d+\S*\)\n", done.stdout)


def test_help_prints_the_usage(make_guavad):
    done = make_guavad().run("-h")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: guavad")


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["-x"], "no option -x"),
        (["-c"], "option -c needs a value"),
        (["-s", "dance"], "not 'dance'"),
        (["--fast"], "no option --fast"),
        (["--dev", "-xv"], "no option -x"),
        (["--dev=yes"], "no option --dev=yes"),
        (["--help=me"], "no option --help=me"),
        (["-o", "workers"], "-o takes KEY=VALUE, not 'workers'"),
        (["-o", "=1"], "-o takes KEY=VALUE, not '=1'"),
        (["--dev", "-d"], "--dev stays in the terminal"),
        (["guava.yaml"], "'guava.yaml' is not an option"),
    ],
)
def test_a_wrong_option_prints_the_usage_and_exits_2(make_guavad, args, reason):
    done = make_guavad().run(*args)
    assert done.returncode == 2
    assert reason in done.stderr.splitlines()[0]
    assert "usage: guavad" in done.stderr


def test_the_command_line_goes_before_the_configuration(make_guavad):
    guavad = make_guavad()
    done = guavad.run("-t", "-o", "server.workers=2", "-o", "server.workers=none")
    assert done.returncode == 1
    assert done.stderr.startswith("guavad: -o server.workers: expected auto or")


def test_an_override_that_is_no_utf_8_is_a_fault_as_any_other(make_guavad):
    done = make_guavad().run("-t", "-o", "server.workers=\udce9")
    assert done.returncode == 1
    assert "expected UTF-8 text" in done.stderr


def test_it_does_so_in_reloads_too(make_guavad):
    guavad = make_guavad()
    guavad.start("-o", "server.workers=1")
    assert len(guavad.worker_pids()) == 1
    guavad.configure(server={"workers": 4})
    done = guavad.run("-s", "reload", "-o", "server.pidfile=guavad.pid")
    assert "generation 2 serves with 1 workers" in done.stdout


def test_a_good_configuration_passes_the_check(make_guavad):
    done = make_guavad().run("-c", "guava.yaml", "-t")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "guavad: guava.yaml: configuration is valid\n"


def test_the_check_names_every_error_with_its_place(make_guavad):
    guavad = make_guavad()
    guavad.config.write_text(
        "server:\n"
        "  wrokers: 2\n"
        "  backlog: many\n"
        "routers:\n"
        "  - {type: mvc, package: controllers, colour: red}\n"
    )
    done = guavad.run("-t")
    assert done.returncode == 1
    places = [line.split(":")[2:4] for line in done.stderr.splitlines()]
    assert ["2", "3"] in places
    assert ["3", "12"] in places
    assert any(place[0] == "5" for place in places)


def test_the_check_imports_the_application(make_guavad):
    guavad = make_guavad()
    guavad.write("controllers/index.py", "import no_such_module\n")
    done = guavad.run("-t")
    assert done.returncode == 1
    assert "no_such_module" in done.stderr


def test_a_missing_configuration_is_a_readable_error(make_guavad):
    done = make_guavad().run("-c", "nowhere.yaml", "-t")
    assert done.returncode == 1
    assert "nowhere.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_configuration_is_guava_yaml_unless_told_otherwise(make_guavad):
    assert make_guavad().run("-t").returncode == 0


def test_times_may_be_as_long_as_the_format_allows(make_guavad):
    guavad = make_guavad(timeouts={"graceful": "365d", "request": "365d"})
    done = guavad.run("-t")
    assert done.returncode == 0, done.stderr
