"""Microsoft Entra, as far as an application asks it for its own token."""

import secrets
from typing import Any

import jwt

from tests.fakes.google_answers import Answer
from tests.fakes.google_http import Asking
from tests.fakes.graph_answers import GraphRefusalError, answer

TENANT = "kommun.example"
CLIENT = "0f0e0d0c-4949-4949-4949-000000000000"
SECRET = "secret-of-the-application"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Entra:
    """Gives tokens to one application, and knows those that are good."""

    def __init__(self) -> None:
        self.good: set[str] = set()
        self.given = 0
        self.certificate_key: Any = None
        """The public key of the application's certificate, if it has one."""

    def revoke(self) -> None:
        """Let every token be void."""
        self.good.clear()

    def check(self, authorization: str) -> None:
        """Refuse who has no good token."""
        if authorization.removeprefix("Bearer ") not in self.good:
            raise GraphRefusalError(
                401, "InvalidAuthenticationToken", "Lifetime validation failed."
            )

    def new(self) -> str:
        token = secrets.token_urlsafe(24)
        self.good.add(token)
        self.given += 1
        return token

    def discovery(self, place: str, tenant: str) -> Answer:
        """Say where tokens are given."""
        if tenant != TENANT:
            return _fault("invalid_tenant", "AADSTS90002: Tenant not found.", 400)
        own = f"{place}/{tenant}"
        return answer(
            {
                "issuer": f"{own}/v2.0",
                "authorization_endpoint": f"{own}/oauth2/v2.0/authorize",
                "token_endpoint": f"{own}/oauth2/v2.0/token",
            }
        )

    def token(self, asking: Asking, place: str) -> Answer:
        """Give a token to the application, by its secret or its certificate."""
        form = asking.form
        if form.get("client_id") != CLIENT or not self._knows(form, place):
            said = f"AADSTS7000215: Invalid client secret provided for {CLIENT}."
            return _fault("invalid_client", said, 401)
        if not form.get("scope", "").endswith("/.default"):
            return _fault("invalid_scope", "AADSTS1002012: Not a scope.", 400)
        told = {"token_type": "Bearer", "expires_in": 3599, "access_token": self.new()}
        return answer(told)

    def _knows(self, form: dict[str, str], place: str) -> bool:
        if form.get("client_assertion_type") != _ASSERTION:
            return form.get("client_secret") == SECRET
        try:
            jwt.decode(
                form["client_assertion"],
                self.certificate_key,
                algorithms=["PS256"],
                audience=f"{place}/{TENANT}/oauth2/v2.0/token",
            )
        except jwt.InvalidTokenError:
            return False
        return True


def _fault(error: str, said: str, status: int) -> Answer:
    told = {"error": error, "error_description": f"{said} Trace ID: 00000000"}
    return answer(told | {"error_codes": [7000215]}, status)
