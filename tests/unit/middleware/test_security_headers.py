import pytest

from guava.controller import Controller
from guava.middleware import SecurityHeaders
from guava.request import Request
from guava.response import Response

DEFAULT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def sent(middleware, request=None, response=None):
    request = request or Request()
    response = response or Response()
    if hasattr(middleware, "process_request"):
        middleware.process_request(request)
    middleware.process_response(request, response)
    names = [name for name, _ in response.headers]
    assert len(names) == len(set(names))
    return dict(response.headers)


def test_without_options_the_harmless_ones_are_sent():
    assert sent(SecurityHeaders()) == DEFAULT


def test_what_is_none_is_left_out():
    middleware = SecurityHeaders(
        frame_options=None, nosniff=False, referrer_policy=None, opener_policy=None
    )
    assert sent(middleware) == {}


def test_every_option_has_its_field():
    headers = sent(
        SecurityHeaders(
            csp="default-src 'self'",
            csp_report_only="default-src 'none'",
            frame_options="SAMEORIGIN",
            referrer_policy="no-referrer",
            opener_policy="unsafe-none",
            resource_policy="same-site",
            permissions_policy="camera=()",
        )
    )
    assert headers == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "unsafe-none",
        "Cross-Origin-Resource-Policy": "same-site",
        "Permissions-Policy": "camera=()",
        "Content-Security-Policy": "default-src 'self'",
        "Content-Security-Policy-Report-Only": "default-src 'none'",
    }


def test_what_the_action_has_set_stays():
    own = Response(headers={"x-frame-options": "SAMEORIGIN"})
    headers = sent(SecurityHeaders(), response=own)
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "X-Frame-Options" not in headers


def test_no_host_is_pinned_to_https_over_http():
    assert sent(SecurityHeaders(hsts="365d")) == DEFAULT


def test_a_nonce_is_that_of_the_request():
    middleware, request = SecurityHeaders(csp="script-src 'nonce-{nonce}'"), Request()
    middleware.process_request(request)
    nonce = Controller(request).csp_nonce
    assert len(nonce) == 22
    headers = sent(middleware, request)
    assert headers["Content-Security-Policy"] == f"script-src 'nonce-{nonce}'"
    other = sent(middleware)
    assert other["Content-Security-Policy"] != headers["Content-Security-Policy"]


def test_two_policies_have_one_nonce():
    around, own = (SecurityHeaders(csp="script-src 'nonce-{nonce}'") for _ in range(2))
    request = Request()
    around.process_request(request)
    nonce = Controller(request).csp_nonce
    own.process_request(request)
    assert Controller(request).csp_nonce == nonce


def test_a_page_that_the_client_has_keeps_its_nonce():
    middleware = SecurityHeaders(csp="script-src 'nonce-{nonce}'")
    assert sent(middleware, response=Response(status=304)) == DEFAULT


@pytest.mark.parametrize("request_", [None, Request()])
def test_a_nonce_that_nobody_makes_is_an_error_that_says_what_is_missing(request_):
    with pytest.raises(RuntimeError, match=r"SecurityHeaders with \{nonce\}"):
        _ = Controller(request_).csp_nonce


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hsts": "a year"}, "hsts: expected a duration"),
        ({"hsts": -1}, "hsts: expected 0"),
        ({"hsts_subdomains": True}, "hsts: expected a duration where"),
        ({"hsts": "30d", "hsts_preload": True}, "hsts_preload: expected hsts: 365d"),
        ({"frame_options": "ALLOW"}, "frame_options: expected one of DENY"),
        ({"csp": "a\nb"}, "csp: expected printable ASCII"),
        ({"referrer_policy": ""}, "referrer_policy: expected"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        SecurityHeaders(**options)


@pytest.mark.parametrize("option", ["nosniff", "hsts_subdomains", "csp"])
def test_an_option_of_another_type_is_refused(option):
    with pytest.raises(TypeError, match=f"{option}: expected"):
        SecurityHeaders(**{option: 7})
