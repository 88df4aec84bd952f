"""Tokens of a service account with domain-wide delegation, as Google gives them."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from tests.fakes.google_answers import Answer, RefusedError, answer

AUDIENCE = "https://oauth2.googleapis.com/token"
ACCOUNT = "telefonist@stand-in.iam.gserviceaccount.com"
SCOPES = "https://www.googleapis.com/auth/"
READS = {"calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly"}
READS |= {"calendar.events.owned", "calendar.events.owned.readonly"}
WRITES = {"calendar", "calendar.events", "calendar.events.owned"}
_LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Grant:
    """Whose calendar a token opens, for what, and for how long."""

    owner: str
    scopes: frozenset[str]
    until: datetime


class Tokens:
    """The tokens that were given, and who may be given one."""

    def __init__(self) -> None:
        self.owners: set[str] = set()
        self.revoked: set[str] = set()
        self.delegated = {"calendar.events.owned", "calendar.events.owned.readonly"}
        """What the domain's administrator has let the service account do."""
        self._grants: dict[str, Grant] = {}

    def give(self, form: dict[str, str]) -> Answer:
        """Answer a request for a token (RFC 7523)."""
        try:
            claims: dict[str, Any] = dict(
                jwt.decode(
                    form.get("assertion", ""), certs=_keys()[1], audience=AUDIENCE
                )
            )
        except ValueError as error:
            return _refused(400, "invalid_grant", f"Invalid JWT: {error}"[:80])
        scopes = {s.removeprefix(SCOPES) for s in str(claims.get("scope")).split()}
        owner = str(claims.get("sub", ACCOUNT))
        if owner in self.revoked or not scopes <= self.delegated:
            text = "Client is unauthorized to retrieve access tokens using this method"
            return _refused(401, "unauthorized_client", text)
        if owner not in self.owners:
            return _refused(400, "invalid_grant", "Invalid email or User ID")
        until = datetime.now(UTC) + _LASTS
        token = secrets.token_urlsafe(24)
        self._grants[token] = Grant(owner, frozenset(scopes), until)
        told = {"access_token": token, "token_type": "Bearer"}
        return answer(told | {"expires_in": int(_LASTS.total_seconds())})

    def owner(self, authorization: str, needed: set[str]) -> str:
        """Return whose token it is; one that does not open this is refused."""
        grant = self._grants.get(authorization.removeprefix("Bearer "))
        ended = grant is None or grant.until <= datetime.now(UTC)
        if grant is None or ended or grant.owner in self.revoked:
            where = {"locationType": "header", "location": "Authorization"}
            raise RefusedError(401, "authError", "Invalid Credentials", **where)
        if grant.scopes.isdisjoint(needed):
            text = "Request had insufficient authentication scopes."
            raise RefusedError(403, "insufficientPermissions", text)
        return grant.owner

    def end_all(self) -> None:
        """Let every token that was given be too old."""
        self._grants.clear()


def key_file(place: str) -> dict[str, str]:
    """Return a service account's key, as it is loaded down from Google's console."""
    return {
        "type": "service_account",
        "project_id": "stand-in",
        "private_key_id": "1",
        "private_key": _keys()[0],
        "client_email": ACCOUNT,
        "client_id": "100000000000000000001",
        "token_uri": f"{place}/token",
    }


@cache
def _keys() -> tuple[str, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public


def _refused(status: int, error: str, text: str) -> Answer:
    return answer({"error": error, "error_description": text}, status)
