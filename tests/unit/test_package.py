import subprocess
import sys

import pytest

import guava


def python(code):
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_package_imports_its_modules_when_they_are_looked_at():
    assert (
        python(
            "import sys, guava\n"
            "before = set(sys.modules)\n"
            "guava.handler.Handler\n"
            "new = set(sys.modules) - before\n"
            "print([name for name in new if name.startswith('guava')])"
        )
        == "['guava.handler']\n"
    )


@pytest.mark.parametrize(
    "what", ["session.SessionStore", "shared.environment", "password.verify"]
)
def test_what_the_documentation_names_needs_no_other_import(what):
    assert python(f"import guava; print(callable(guava.{what}))") == "True\n"


@pytest.mark.parametrize("name", guava.__all__)
def test_every_public_module_is_an_attribute(name):
    assert getattr(guava, name).__name__ == f"guava.{name}"
    assert name in dir(guava)


def test_an_unknown_module_is_an_attribute_error():
    with pytest.raises(AttributeError, match="sevrer"):
        guava.sevrer  # noqa: B018


def test_the_version_is_public():
    assert guava.__version__.count(".") == 2


def test_naming_handlers_loads_no_engine():
    assert "guava._core" not in python("import guava.handler, sys; print(*sys.modules)")
