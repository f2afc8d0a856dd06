"""Makes what a peer needs, below build/bench, and tells which versions that is."""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmark.material import BUILD
from benchmark.peers.peer import Peer, words

BROUGHT = "# What these bring"


class DoesNotInstall(Exception):
    """What the installer's last line said."""


def install(peer: Peer) -> None:
    """Makes the peer's virtual environment and its binary, unless they are there and
    the requirements are the same.  Raises DoesNotInstall."""
    try:
        if peer.requirements.exists():
            make_environment(environment(peer), peer.requirements)
        if peer.build:
            run(*words(peer.build, places(peer)), cwd=peer.home)
    except (subprocess.CalledProcessError, OSError) as error:
        output = getattr(error, "stderr", None) or str(error)
        raise DoesNotInstall(output.strip().splitlines()[-1]) from error


def make_environment(folder: Path, requirements: Path) -> None:
    """Unless it is there already, with these requirements."""
    wanted, made = requirements.read_text(), folder / "requirements.txt"
    if made.exists() and made.read_text() == wanted:
        return
    run(sys.executable, "-m", "venv", "--clear", folder)
    pip = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "-r", requirements)
    made.write_text(wanted)


def places(peer: Peer) -> dict[str, str]:
    """Where things of the peer are, for the names in its commands."""
    return {
        "bin": str(environment(peer) / "bin"),
        "binary": str(BUILD / peer.folder / "serve"),
        "guavad": str(Path(sys.executable).with_name("guavad")),
    }


def versions(peer: Peer) -> str:
    """Such as `falcon 4.4.0, bjoern 3.2.2`."""
    if peer.version:
        command = words(peer.version, places(peer))
        if shutil.which(command[0]) is None:
            return ""
        printed = run(*command)
        return (printed.stdout or printed.stderr).strip()
    chosen = peer.requirements.read_text().partition(BROUGHT)[0]
    return ", ".join(line.replace("==", " ") for line in chosen.split())


def environment(peer: Peer) -> Path:
    return BUILD / peer.folder / "venv"


def run(*command: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), cwd=cwd, check=True, capture_output=True, text=True
    )
