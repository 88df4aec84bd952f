"""An identity provider that makes tokens as it is told to: which are believed?"""

import asyncio
import base64
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from web_house import Browser
from web_provider import CLIENT, OUR_SECRET, START, asked, fields

# They take long to make.
KEY, OTHER_KEY = (RSAKey.generate_key(2048) for _ in range(2))

Claims = dict[str, Any]
Sign = Callable[["Forger", Claims], str]


@dataclass(slots=True)
class Forger:
    """A provider whose every answer can be wrong."""

    issuer: str
    key: RSAKey = field(default_factory=lambda: KEY)
    nonce: str = ""
    told: Claims = field(default_factory=dict)
    """What its own description says otherwise than it should."""
    claims: Claims = field(default_factory=dict)
    """What its token says otherwise; None leaves a claim out."""
    sign: Sign = field(default=lambda forger, claims: signed(forger.key, claims))
    given: list[str] = field(default_factory=list)
    """The tokens it has given."""
    instead: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """The status and body of what is answered at a path instead."""
    sent: list[dict[str, str]] = field(default_factory=list)
    """What it was sent for a token."""
    keys_asked: int = 0
    failing: tuple[int, bytes] | None = None
    """The status and body of an answer that is no token."""

    async def describe(self, request: Request) -> Response:
        about = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        return self._answer(request) or JSONResponse(about | self.told)

    async def keys(self, request: Request) -> Response:
        self.keys_asked += 1
        keys = KeySet([self.key]).as_dict(private=False)
        return self._answer(request) or JSONResponse(keys)

    def _answer(self, request: Request) -> Response | None:
        status, body = self.instead.get(request.url.path, (0, b""))
        return Response(body, status) if status else None

    async def token(self, request: Request) -> Response:
        self.sent.append({k: str(v) for k, v in (await request.form()).items()})
        if self.failing is not None:
            return Response(self.failing[1], self.failing[0])
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "bo",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "groups": ["telefonister"],
        }
        claims = {k: v for k, v in (claims | self.claims).items() if v is not None}
        made = {"id_token": self.sign(self, claims), "access_token": "x"}
        self.given.append(made["id_token"])
        return JSONResponse(made | {"token_type": "Bearer"})

    async def answers(self, browser: Browser, **more: str) -> httpx.Response:
        """Begin to log in with a browser, and come back from here."""
        question = fields(await asked(browser))
        self.nonce = question["nonce"]
        answer = {"code": "c", "state": question["state"]} | more
        path = httpx.URL(f"{START}/svar", params=answer)
        return await browser.opens(str(path))


def signed(key: RSAKey | OctKey, claims: Claims, alg: str = "RS256") -> str:
    """Return a token, signed as its head says."""
    header = {"alg": alg, "kid": key.as_dict().get("kid") or key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=[alg])


def unsigned(forger: Forger, claims: Claims) -> str:
    """Return a token that says that it need not be signed."""
    head = json.dumps({"alg": "none", "kid": forger.key.thumbprint()})
    parts = (head, json.dumps(claims))
    return ".".join(_base64(part.encode()) for part in parts) + "."


def signed_with_what_all_know(forger: Forger, claims: Claims) -> str:
    """Return a token signed with the public key, as if that were a secret."""
    head = json.dumps({"alg": "HS256", "kid": forger.key.thumbprint()})
    text = ".".join(_base64(part.encode()) for part in (head, json.dumps(claims)))
    public = forger.key.as_pem(private=False)
    return f"{text}.{_base64(hmac.digest(public, text.encode(), 'sha256'))}"


def signed_with_our_secret(forger: Forger, claims: Claims) -> str:
    """Return a token signed with what we prove ourselves by."""
    return signed(OctKey.import_key(OUR_SECRET), claims, "HS256")


def signed_by_another(forger: Forger, claims: Claims) -> str:
    """Return a token signed with a key that is named as the provider's."""
    header = {"alg": "RS256", "kid": forger.key.thumbprint()}
    return jwt.encode(header, claims, OTHER_KEY)


def changed_after(forger: Forger, claims: Claims) -> str:
    """Return a token in which somebody has put another group since it was signed."""
    head, _, sign = signed(forger.key, claims).split(".")
    claims = claims | {"groups": ["ansvariga"]}
    return f"{head}.{_base64(json.dumps(claims).encode())}.{sign}"


def with_a_key_of_its_own(forger: Forger, claims: Claims) -> str:
    """Return a token that brings along the key it is to be believed by."""
    header = {"alg": "RS256", "jwk": OTHER_KEY.as_dict(private=False)}
    return jwt.encode(header, claims, OTHER_KEY)


@asynccontextmanager
async def forger() -> AsyncIterator[Forger]:
    """Run such a provider, until the end."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Forger(f"http://127.0.0.1:{listening.getsockname()[1]}")
        paths = {
            "/.well-known/openid-configuration": (made.describe, "GET"),
            "/keys": (made.keys, "GET"),
            "/token": (made.token, "POST"),
        }
        app = Starlette(
            routes=[Route(p, do, methods=[method]) for p, (do, method) in paths.items()]
        )
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
        server = _Quiet(config)
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield made
        finally:
            server.should_exit = True
            await serving


class _Quiet(uvicorn.Server):
    """A server that leaves signals to the tests."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
