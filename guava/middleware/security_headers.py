"""What browsers are told to forbid."""

from __future__ import annotations

import secrets
from typing import Final

from guava.middleware import fields, options
from guava.middleware.keys import CSP_NONCE
from guava.request import Request
from guava.response import Response

_PLACE: Final = "{nonce}"
_YEAR: Final = 365 * 24 * 3600
_FRAMES: Final = ("DENY", "SAMEORIGIN")


class SecurityHeaders:
    """Adds the header fields below to every answer that does not have them.

    A policy for contents may have `{nonce}`, which is 128 random bits for each request;
    a controller has the same as `self.csp_nonce`.
    """

    def __init__(
        self,
        *,
        hsts: int | str | None = None,
        hsts_subdomains: bool = False,
        hsts_preload: bool = False,
        csp: str | None = None,
        csp_report_only: str | None = None,
        frame_options: str | None = "DENY",
        nosniff: bool = True,
        referrer_policy: str | None = "strict-origin-when-cross-origin",
        opener_policy: str | None = "same-origin",
        resource_policy: str | None = None,
        permissions_policy: str | None = None,
    ) -> None:
        """None leaves a field out.

        `hsts`               Strict-Transport-Security (RFC 6797), over https alone:
                             seconds, or text such as "365d"; 0 takes it back
        `csp`                Content-Security-Policy
        `csp_report_only`    Content-Security-Policy-Report-Only
        `frame_options`      X-Frame-Options: DENY or SAMEORIGIN
        `nosniff`            X-Content-Type-Options: nosniff
        `referrer_policy`    Referrer-Policy
        `opener_policy`      Cross-Origin-Opener-Policy
        `resource_policy`    Cross-Origin-Resource-Policy
        `permissions_policy` Permissions-Policy

        Raises TypeError and ValueError.
        """
        if frame_options is not None and frame_options not in _FRAMES:
            raise ValueError(f"frame_options: expected one of {', '.join(_FRAMES)}")
        policies = _named(
            ("Content-Security-Policy", "csp", csp),
            ("Content-Security-Policy-Report-Only", "csp_report_only", csp_report_only),
        )
        self._fixed = _named(
            ("X-Content-Type-Options", "nosniff", _nosniff(nosniff)),
            ("X-Frame-Options", "frame_options", frame_options),
            ("Referrer-Policy", "referrer_policy", referrer_policy),
            ("Cross-Origin-Opener-Policy", "opener_policy", opener_policy),
            ("Cross-Origin-Resource-Policy", "resource_policy", resource_policy),
            ("Permissions-Policy", "permissions_policy", permissions_policy),
        )
        self._fixed += [one for one in policies if _PLACE not in one[1]]
        self._with_nonce = [one for one in policies if _PLACE in one[1]]
        self._secure = _transport(hsts, hsts_subdomains, hsts_preload)
        if self._with_nonce:
            self.process_request = _make_nonce

    def process_response(self, request: Request, response: Response) -> None:
        """A 304 gets no new nonce: the page that the client has names the old one."""
        present = fields.names(response)
        _add(response, present, self._fixed)
        if self._secure and request.scheme == "https":
            _add(response, present, self._secure)
        if self._with_nonce and response.status != 304:
            nonce = request.state[CSP_NONCE]
            made = [
                (name, one.replace(_PLACE, nonce)) for name, one in self._with_nonce
            ]
            _add(response, present, made)


def _make_nonce(request: Request) -> None:
    """Here, so that it is known while the action runs; once, for all policies."""
    if CSP_NONCE not in request.state:
        request.state[CSP_NONCE] = secrets.token_urlsafe(16)


def _add(response: Response, present: set[str], pairs: list[tuple[str, str]]) -> None:
    response.headers += [pair for pair in pairs if pair[0].lower() not in present]


def _named(*rows: tuple[str, str, object]) -> list[tuple[str, str]]:
    """Fields of (field, option, value), without those whose value is None."""
    return [
        (field, options.text(option, value))
        for field, option, value in rows
        if value is not None
    ]


def _nosniff(wanted: bool) -> str | None:
    return "nosniff" if options.flag("nosniff", wanted) else None


def _transport(
    hsts: int | str | None, subdomains: bool, preload: bool
) -> list[tuple[str, str]]:
    """Strict-Transport-Security; preload as hstspreload.org asks for it."""
    options.flag("hsts_subdomains", subdomains)
    options.flag("hsts_preload", preload)
    if hsts is None:
        if subdomains or preload:
            raise ValueError("hsts: expected a duration where its options are set")
        return []
    age = options.seconds("hsts", hsts)
    if preload and (age < _YEAR or not subdomains):
        raise ValueError("hsts_preload: expected hsts: 365d and hsts_subdomains: true")
    value = f"max-age={age}"
    value += "; includeSubDomains" if subdomains else ""
    value += "; preload" if preload else ""
    return [("Strict-Transport-Security", value)]
