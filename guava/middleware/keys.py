"""The keys of request.state by which middleware and controllers find each other."""

from __future__ import annotations

from typing import Final

CSP_NONCE: Final = "guava.csp_nonce"
CSRF: Final = "guava.csrf"
