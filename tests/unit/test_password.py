import hashlib
import subprocess
import sys

import pytest

from guava import password

OF_PBKDF2 = "pbkdf2:sha256:1000$salt$" + (
    hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 1000).hex()
)


def test_a_password_is_known_again_and_another_is_not():
    stored = password.make("sécret")
    assert password.verify("sécret", stored)
    assert not password.verify("secret", stored)
    assert "sécret" not in stored


def test_the_same_password_is_stored_differently_each_time():
    assert password.make("secret") != password.make("secret")


def test_what_pbkdf2_made_is_known_too():
    assert password.verify("secret", OF_PBKDF2)
    assert not password.verify("Secret", OF_PBKDF2)


@pytest.mark.parametrize(
    "text",
    ["", "secret", "scrypt:1:1$a$00", "md5$salt$00", "pbkdf2:md5:1$salt$00",
     "pbkdf2:sha256:1$salt$0", "pbkdf2:sha256:1$$00", "pbkdf2:sha256:1$salt$",
     "pbkdf2:sha256:0$salt$00", "scrypt:3:8:1$salt$00", "scrypt:1:8:1$salt$00",
     "scrypt:4194304:8:1$salt$00"],
)  # fmt: skip
def test_what_is_no_stored_password_is_refused(text):
    assert not password.is_stored(text)
    with pytest.raises(ValueError, match=r"guava\.password"):
        password.verify("secret", text)


def command(typed):
    """Without a terminal, so that it reads standard input."""
    return subprocess.run(
        [sys.executable, "-m", "guava.password"],
        input=typed,
        capture_output=True,
        text=True,
        start_new_session=True,
    )


def test_the_command_asks_twice_and_prints():
    done = command("secret\nsecret\n")
    assert done.returncode == 0
    assert password.verify("secret", done.stdout.strip())


def test_the_command_does_not_take_a_slip():
    done = command("secret\nsecert\n")
    assert done.returncode == 1
    assert done.stdout == ""
