"""Users and groups of this machine, and becoming one of them."""

from __future__ import annotations

import grp
import os
import pwd
from typing import NamedTuple


class Identity(NamedTuple):
    """Who a process becomes; None for what it keeps."""

    uid: int | None
    gid: int | None
    user: str | None


def user(text: str) -> pwd.struct_passwd:
    """The user called `text` or numbered so. Raises ValueError."""
    try:
        return pwd.getpwuid(int(text)) if text.isdecimal() else pwd.getpwnam(text)
    except (KeyError, OverflowError):
        raise ValueError(text) from None


def group(text: str) -> grp.struct_group:
    """The group called `text` or numbered so. Raises ValueError."""
    try:
        return grp.getgrgid(int(text)) if text.isdecimal() else grp.getgrnam(text)
    except (KeyError, OverflowError):
        raise ValueError(text) from None


def identity(user_name: str | None, group_name: str | None) -> Identity:
    """Who these names are; a user alone brings the user's own group.

    Raises ValueError for an unknown name.
    """
    uid = gid = None
    if user_name is not None:
        account = user(user_name)
        uid, gid = account.pw_uid, account.pw_gid
    if group_name is not None:
        gid = group(group_name).gr_gid
    return Identity(uid, gid, user_name)


def become(who: Identity) -> None:
    """Drop to `who`; nothing happens where the process is that already.

    Raises PermissionError where only root could.
    """
    if os.geteuid() != 0:
        if who.uid not in (None, os.geteuid()) or who.gid not in (None, os.getegid()):
            raise PermissionError
        return
    if who.user is not None and who.gid is not None:
        os.initgroups(who.user, who.gid)
    elif who.gid is not None:
        os.setgroups([who.gid])
    if who.gid is not None:
        os.setgid(who.gid)
    if who.uid is not None:
        os.setuid(who.uid)
