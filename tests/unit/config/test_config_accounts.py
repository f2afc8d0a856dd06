"""Users and groups, and becoming them."""

import grp
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from guava.config import accounts
from guava.config.accounts import Identity

NOBODY = pwd.getpwnam("nobody")

BECOME = """
import os
from guava.config import accounts
accounts.become(accounts.identity({user!r}, {group!r}))
print(os.getuid(), os.geteuid(), os.getgid(), os.getgroups())
"""


def run(script: str) -> str:
    """What a script prints in an interpreter of its own."""
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        text=True,
        timeout=30,
    )
    return done.stdout.strip()


def become(user: str | None, group: str | None) -> str:
    """Who a root process is after it has become `user` and `group`."""
    return run(BECOME.format(user=user, group=group))


def test_a_user_is_found_by_name_and_by_number() -> None:
    assert accounts.user("nobody") == accounts.user(str(NOBODY.pw_uid)) == NOBODY


@pytest.mark.parametrize("name", ["no-such-name", "4294967294", "9" * 30])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        accounts.user(name)
    with pytest.raises(ValueError, match=name):
        accounts.group(name)


def test_a_user_alone_brings_its_group() -> None:
    assert accounts.identity("nobody", None) == Identity(
        NOBODY.pw_uid, NOBODY.pw_gid, "nobody"
    )


def test_a_group_may_be_another_than_the_users() -> None:
    assert accounts.identity("nobody", "daemon").gid == grp.getgrnam("daemon").gr_gid


def test_nobody_named_changes_nothing() -> None:
    assert accounts.identity(None, None) == Identity(None, None, None)
    accounts.become(Identity(None, None, None))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_becomes_a_user_without_roots_groups() -> None:
    uid, gid = NOBODY.pw_uid, NOBODY.pw_gid
    assert become("nobody", None) == f"{uid} {uid} {gid} [{gid}]"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_with_a_group_alone_stays_root() -> None:
    gid = grp.getgrnam("daemon").gr_gid
    assert become(None, "daemon") == f"0 0 {gid} [{gid}]"


def test_only_root_becomes_another_user() -> None:
    script = """
import os
from guava.config import accounts
if os.geteuid() == 0:
    accounts.become(accounts.identity("nobody", None))
try:
    accounts.become(accounts.identity("root", None))
except PermissionError:
    print("refused")
"""
    assert run(script) == "refused"
