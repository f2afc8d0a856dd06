"""What header fields are made of (RFC 9110, section 5.6), as regular expressions."""

from __future__ import annotations

from typing import Final

TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
