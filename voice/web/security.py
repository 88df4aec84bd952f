"""What every answer forbids a browser, and which questions are one of our pages'."""

from collections.abc import Mapping

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# RFC 6797: two years, as browsers ask for.
_HTTPS_ALONE = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def headers(is_safe: bool) -> Mapping[str, str]:
    """Return the headers of every answer, and those of a site on https."""
    return _ALWAYS | _HTTPS_ALONE if is_safe else _ALWAYS


def is_ours(fetch_site: str | None, origin: str | None, base: str) -> bool:
    """Tell whether a question that changes something can come from a page of ours.

    A browser says where it comes from; who says nothing is no browser of today, and
    is believed by the token of its form alone.
    """
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    return origin is None or origin.lower() == base


def is_host(host: str, base: str, is_loopback: bool) -> bool:
    """Tell whether a question is for us: else a name elsewhere may point here.

    Where only this machine is listened to, each of its own names will do.
    """
    wanted = base.partition("://")[2]
    name, _, port = wanted.rpartition(":")
    if not port.isdecimal():
        name, port = wanted, ""
    with_port = f":{port}" if port else ""
    here = ("localhost", "127.0.0.1", "[::1]") if is_loopback else ()
    return host.lower() in {f"{each}{with_port}" for each in (name, *here)}
