"""What a peer is: how it is made, started and asked."""

import shlex
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Peer:
    """A server with the common application in it, or with as much of it as it has.

    `folder` is below benchmark/peers: the application, and requirements.txt with what
    its virtual environment holds, the package that it is about first.  In the command,
    the environment and the file `config`, $bin is the folder of the environment's
    commands, and $port, $workers, $site (a directory of files) and $config (where the
    file is, with all that in it) are what they say.
    """

    name: str
    folder: str
    settings: str  # how it is set, and the page of its documentation that says so
    command: str
    answers: frozenset[str]
    workdir: str = ""  # the folder that it runs in, if it is not its own
    config: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    build: str | None = None  # makes $binary
    version: str | None = None  # prints it; None: requirements.txt tells
    reload: signal.Signals | None = None  # has new workers take over
    original: bool = False  # is in the table of guava's predecessor

    @property
    def home(self) -> Path:
        return HERE / (self.workdir or self.folder)

    @property
    def requirements(self) -> Path:
        return HERE / self.folder / "requirements.txt"


def words(command: str, values: Mapping[str, object]) -> list[str]:
    """The command's words, with each $name in them replaced by its value."""
    return [fill(word, values) for word in shlex.split(command)]


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with each $name in it replaced by its value; KeyError for one that is
    not there."""
    return Template(text).substitute(values)
