"""How often a key may ask, and what each answer tells of it."""

from collections.abc import Mapping
from math import ceil
from typing import cast

from starlette.requests import Request

from voice.web.buckets import Buckets, Rate
from voice.web.settings import WebSettings

_AT_ONCE_FACTOR = 10


def rate(settings: WebSettings) -> Rate:
    """Return how often each key may ask: as often as an address."""
    a_second = settings.requests_a_second
    return Rate(a_second, a_second * _AT_ONCE_FACTOR)


def buckets_of(request: Request) -> Buckets:
    """Return the buckets of all keys."""
    return cast(Buckets, request.app.state.keys_asked)


def limits_of(request: Request) -> Mapping[str, str]:
    """Return what an answer tells of the limit of who asks; nothing of strangers."""
    told: Mapping[str, str] = getattr(request.state, "limits", {})
    return told


def tell(request: Request, buckets: Buckets, name: str, now: float) -> None:
    """Let the answer tell a program of its limit (draft-ietf-httpapi-ratelimit)."""
    rate, left = buckets.rate, buckets.left(name, now)
    fills = ceil((rate.at_once - left) / rate.a_second)
    request.state.limits = {
        "RateLimit-Policy": f'"key";q={rate.at_once};w={_AT_ONCE_FACTOR}',
        "RateLimit": f'"key";r={int(left)};t={fills}',
    }
