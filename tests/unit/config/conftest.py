"""What the tests of the configuration share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from guava.config import loader
from guava.config.loader import ConfigError
from guava.config.schema import Config

ROUTER = "routers: [{type: static, directory: .}]\n"


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Config]:
    """The configuration of a text; a static router is added where it has none."""

    def load_text(text: str) -> Config:
        path = tmp_path / "guava.yaml"
        path.write_text(text if "routers:" in text else f"{text}\n{ROUTER}")
        return loader.load(str(path))

    return load_text


@pytest.fixture
def faults(load: Callable[[str], Config], tmp_path: Path) -> Callable[[str], list[str]]:
    """The errors of a text, each as "line:column: message"."""

    def faults_of(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(text)
        prefix = f"{tmp_path}/guava.yaml:"
        assert all(error.startswith(prefix) for error in caught.value.errors)
        return [error.removeprefix(prefix) for error in caught.value.errors]

    return faults_of
