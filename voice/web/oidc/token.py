"""ID tokens: none is believed that was not made by the provider, for us, just now."""

from dataclasses import dataclass, field
from datetime import datetime

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from voice.web.oidc.claims import Claims
from voice.web.oidc.faults import Fault, OidcError

# Signed with a key that only the provider has: neither `none`, nor one of ours.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]
# Clocks differ, by this much at most.
_LEEWAY_SECONDS = 120
# OpenID Connect Core §2: what somebody is called is never longer.
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must hold to be the one we wait for."""

    issuer: str
    client: str
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)


def read_token(token: str, keys: KeySet, expected: Expected, now: datetime) -> Claims:
    """Return what a token tells; OidcError when any of it is not as it must be."""
    registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
    try:
        read = jwt.decode(token, keys, registry=registry)
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client},
                "nonce": {"essential": True, "value": expected.nonce},
            },
            {
                "client_id": expected.client,
                "nonce": expected.nonce,
                "access_token": expected.access_token,
            },
        )
        claims.validate(int(now.timestamp()), _LEEWAY_SECONDS)
    # What is not a token at all breaks in many ways in the libraries that read it.
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        what = type(error).__name__
        raise OidcError(
            Fault.WRONG, f"a token is not to be believed: {what}."
        ) from None
    subject = claims.get("sub")
    is_name = isinstance(subject, str) and subject.isprintable() and subject
    if not is_name or len(str(subject)) > _LONGEST_SUBJECT:
        raise OidcError(Fault.WRONG, "a token does not say whose it is.")
    return dict(claims)
