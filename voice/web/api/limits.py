"""How often a key may ask, and what each answer tells of it."""

from collections.abc import Mapping
from math import ceil
from typing import cast

from starlette.requests import Request

from voice.web.buckets import Buckets, Rate

RATE = Rate(20, 200)
_POLICY = f'"key";q={RATE.at_once};w={ceil(RATE.at_once / RATE.a_second)}'


def buckets_of(request: Request) -> Buckets:
    """Return the buckets of all keys."""
    return cast(Buckets, request.app.state.keys_asked)


def limits_of(request: Request) -> Mapping[str, str]:
    """Return what an answer tells of the limit of who asks; nothing of strangers."""
    told: Mapping[str, str] = getattr(request.state, "limits", {})
    return told


def tell(request: Request, buckets: Buckets, name: str, now: float) -> None:
    """Let the answer tell a program of its limit (draft-ietf-httpapi-ratelimit)."""
    left = buckets.left(name, now)
    fills = ceil((RATE.at_once - left) / RATE.a_second)
    request.state.limits = {
        "RateLimit-Policy": _POLICY,
        "RateLimit": f'"key";r={int(left)};t={fills}',
    }
