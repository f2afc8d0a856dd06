"""Passwords as a digest that can be kept: scrypt (RFC 7914), or PBKDF2.

    $ python -m guava.password

asks for a password, twice, and prints what verify() takes. The form is that of
Werkzeug, so what was made there holds here: `scrypt:32768:8:1$salt$hexadecimal`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sys
from getpass import getpass
from typing import Final

_SCRYPT: Final = re.compile(r"scrypt:([1-9]\d{0,7}):([1-9]\d?):([1-9]\d?)", re.ASCII)
_PBKDF2: Final = re.compile(r"pbkdf2:(sha1|sha256|sha512):([1-9][0-9]{0,8})")
_STORED: Final = re.compile(r"([a-z0-9:]+)\$([^$]+)\$([0-9a-f]+)")
_COST: Final = (2**15, 8, 1)  # 32 MiB, some 50 ms
_MEMORY_MAX: Final = 256 * 1024 * 1024


def make(password: str) -> str:
    """What verify() compares `password` with; another each time."""
    salt = secrets.token_urlsafe(12)
    cost = ":".join(map(str, _COST))
    method = f"scrypt:{cost}"
    return f"{method}${salt}${_digest(method, salt, password, 64).hex()}"


def verify(password: str, stored: str) -> bool:
    """Whether `stored` was made of `password`; takes as long for a wrong one.

    ValueError where `stored` is nothing that make() returns.
    """
    method, salt, digest = _parts(stored)
    made = _digest(method, salt, password, len(digest))
    return hmac.compare_digest(made, digest)


def is_stored(text: str) -> bool:
    """Whether verify() takes `text`."""
    try:
        _parts(text)
    except ValueError:
        return False
    return True


def _parts(stored: str) -> tuple[str, str, bytes]:
    found = _STORED.fullmatch(stored)
    if found is None or len(found[3]) % 2 or not _is_method(found[1]):
        raise ValueError("not what guava.password makes of a password")
    return found[1], found[2], bytes.fromhex(found[3])


def _is_method(method: str) -> bool:
    """Whether it is known, and its cost one that OpenSSL takes."""
    scrypt = _SCRYPT.fullmatch(method)
    if scrypt is None:
        return _PBKDF2.fullmatch(method) is not None
    n, r, p = map(int, scrypt.groups())
    return n > 1 and n & (n - 1) == 0 and 128 * r * (n + p + 2) <= _MEMORY_MAX


def _digest(method: str, salt: str, password: str, length: int) -> bytes:
    secret, salted = password.encode(), salt.encode()
    scrypt = _SCRYPT.fullmatch(method)
    if scrypt is not None:
        n, r, p = map(int, scrypt.groups())
        return hashlib.scrypt(
            secret, salt=salted, n=n, r=r, p=p, maxmem=_MEMORY_MAX, dklen=length
        )
    name, rounds = method.split(":")[1:]
    return hashlib.pbkdf2_hmac(name, secret, salted, int(rounds), length)


def main() -> None:
    password = getpass()
    if getpass("Again: ") != password:
        sys.exit("That was another one.")
    print(make(password))


if __name__ == "__main__":
    main()
