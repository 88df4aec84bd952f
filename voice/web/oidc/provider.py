"""The identity provider, asked as OpenID Connect asks it."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from voice.web.oidc.attempt import Attempt
from voice.web.oidc.claims import Claims
from voice.web.oidc.faults import Fault, OidcError
from voice.web.oidc.settings import SECRET, OidcSettings
from voice.web.oidc.token import Expected, read_token
from voice.web.port import Clock
from voice.web.settings import WebSettings

START = "/logga-in/arbetskonto"
ANSWER = "/logga-in/arbetskonto/svar"
# The provider must have this one of ours, to the letter.
OUT = "/logga-in?ut"
_DISCOVERY = "/.well-known/openid-configuration"
_HERE = ("localhost", "127.0.0.1", "::1")
_PATIENCE_SECONDS = 10.0
# A token with 200 groups is some thousand; what is larger is no answer.
_MOST_BYTES = 512 * 1024
_KEPT_FOR = timedelta(hours=1)
# How long one that does not answer is left in peace.
_REST = timedelta(seconds=5)
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back from the provider."""

    code: str
    issuer: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Proved:
    """What the provider tells of somebody, and the token by which it does."""

    claims: Claims
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider has told of itself."""

    told: Mapping[str, Any]
    keys: KeySet
    at: datetime


class Provider:
    """One identity provider; what it tells of itself is kept for an hour."""

    def __init__(self, chosen: OidcSettings, base: str, clock: Clock) -> None:
        self._chosen, self._base, self._clock = chosen, base, clock
        self._known: _Known | None = None
        self._silent: datetime | None = None
        self._learning = asyncio.Lock()
        self._trust: ssl.SSLContext | None = None

    @classmethod
    def of(cls, settings: WebSettings, clock: Clock) -> "Provider | None":
        """Return the provider of a site; None where passwords alone let people in."""
        has_one = bool(settings.oidc.issuer)
        return cls(settings.oidc, settings.base, clock) if has_one else None

    async def address(self, attempt: Attempt) -> str:
        """Return where a browser is sent to log in."""
        known, chosen = await self._learned(), self._chosen
        domain = {"hd": chosen.domain} if chosen.domain else {}
        made = prepare_grant_uri(
            known.told["authorization_endpoint"],
            client_id=chosen.client,
            response_type="code",
            redirect_uri=self._base + ANSWER,
            scope="openid profile email",
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
            **domain,
        )
        return cast(str, made)

    async def proved(self, answer: Answer, attempt: Attempt) -> Proved:
        """Return what the provider tells of who answers; OidcError when it will not."""
        known = await self._learned()
        self._check_answer(answer, known)
        tokens = await self._tokens(known, answer.code, attempt)
        expected = Expected(
            self._chosen.issuer,
            self._chosen.client,
            attempt.nonce,
            str(tokens.get("access_token", "")),
        )
        token, now = str(tokens.get("id_token", "")), self._clock()
        try:
            return Proved(read_token(token, known.keys, expected, now), token)
        except OidcError:
            if known.at == now:
                raise
        # Providers change their keys, and say so nowhere but where they are.
        self._known = None
        known = await self._learned()
        return Proved(read_token(token, known.keys, expected, now), token)

    async def farewell(self, token: str) -> str | None:
        """Return where somebody logs out there as well; None where that cannot be.

        By their token the provider knows whom to log out, and need not ask them.
        """
        ending = (await self._learned()).told.get("end_session_endpoint")
        if not _is_safe(ending):
            return None
        # OpenID Connect RP-Initiated Logout §2.
        told = {
            "client_id": self._chosen.client,
            "post_logout_redirect_uri": self._base + OUT,
        }
        told |= {"id_token_hint": token} if token else {}
        and_more = "&" if urlsplit(ending).query else "?"
        return f"{ending}{and_more}{urlencode(told, quote_via=quote)}"

    def _check_answer(self, answer: Answer, known: _Known) -> None:
        # RFC 9207: an answer of another provider's is not taken for this one's.
        is_named = known.told.get("authorization_response_iss_parameter_supported")
        if (answer.issuer or is_named) and answer.issuer != self._chosen.issuer:
            raise OidcError(Fault.WRONG, "an answer came from another provider.")
        if answer.error:
            raise OidcError(Fault.REFUSED, "the provider refused to log somebody in.")

    async def _tokens(
        self, known: _Known, code: str, attempt: Attempt
    ) -> Mapping[str, Any]:
        chosen = self._chosen
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._base + ANSWER,
            "code_verifier": attempt.verifier,
        }
        ways = known.told.get("token_endpoint_auth_methods_supported", ())
        in_form = not chosen.secret or "client_secret_post" in ways
        if in_form:
            form |= {"client_id": chosen.client}
            form |= {"client_secret": chosen.secret} if chosen.secret else {}
        # RFC 6749 §2.3.1: both are written as in a form before they are joined.
        pair = (quote(chosen.client, safe=""), quote(chosen.secret, safe=""))
        auth = None if in_form else httpx.BasicAuth(*pair)
        return await self._asked("POST", known.told["token_endpoint"], form, auth)

    async def _learned(self) -> _Known:
        """Return what the provider tells of itself, asked for again when it is old."""
        async with self._learning:
            now = self._clock()
            if self._known is None or abs(now - self._known.at) >= _KEPT_FOR:
                # Those who waited meanwhile are told what the first of them was.
                if self._silent is not None and abs(now - self._silent) < _REST:
                    raise _away("it did not answer just now")
                try:
                    self._known = await self._asked_of_itself(now)
                except OidcError:
                    self._silent = self._clock()
                    raise
            return self._known

    async def _asked_of_itself(self, now: datetime) -> _Known:
        told = await self._asked("GET", self._chosen.issuer + _DISCOVERY)
        self._check_told(told)
        keys = await self._asked("GET", told["jwks_uri"])
        return _Known(told, _key_set(keys), now)

    def _check_told(self, told: Mapping[str, Any]) -> None:
        if told.get("issuer") != self._chosen.issuer:
            raise OidcError(
                Fault.AWAY,
                "the provider calls itself otherwise: write [web.oidc] issuer as it "
                "stands in its openid-configuration, of one tenant alone.",
            )
        if not all(_is_safe(told.get(name)) for name in _ENDPOINTS):
            raise OidcError(Fault.AWAY, "the provider has addresses without https.")

    async def _asked(
        self,
        method: str,
        address: str,
        form: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
    ) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._client() as client:
                asking = client.stream(method, address, data=form, auth=auth)
                async with asking as answer:
                    status, body = answer.status_code, await _bounded(answer)
            read = json.loads(body)
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            raise _away(f"it cannot be reached ({type(error).__name__})") from error
        if status == 200 and isinstance(read, dict):
            return read
        raise _refused(status, read.get("error") if isinstance(read, dict) else None)

    def _client(self) -> httpx.AsyncClient:
        self._trust = self._trust or _trust(self._chosen.authorities)
        # Nothing of the surroundings' sends our secret by another way.
        return httpx.AsyncClient(
            verify=self._trust, timeout=_PATIENCE_SECONDS, trust_env=False
        )


def _trust(authorities: Path | None) -> ssl.SSLContext:
    made = ssl.create_default_context()
    try:
        if authorities is not None:
            made.load_verify_locations(authorities)
    except OSError as error:
        what = type(error).__name__
        raise _away(f"[web.oidc] authorities cannot be read ({what})") from error
    return made


async def _bounded(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > _MOST_BYTES:
            raise ValueError("too large for an answer")
    return bytes(body)


def _is_safe(address: object) -> bool:
    """Tell whether it is an address that secrets can be sent to."""
    if not isinstance(address, str):
        return False
    split = urlsplit(address)
    return split.scheme == "https" or (
        split.scheme == "http" and split.hostname in _HERE
    )


def _key_set(told: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(cast(Any, told))
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise _away(f"its keys cannot be read ({type(error).__name__})") from error


def _away(what: str) -> OidcError:
    return OidcError(Fault.AWAY, f"the identity provider: {what}.")


def _refused(status: int, error: object) -> OidcError:
    """Return what is the matter when the provider says no."""
    if error == "invalid_grant":
        return OidcError(Fault.AGAIN, "a code was used before, or is too old.")
    if error in ("invalid_client", "unauthorized_client"):
        return _away(f"it does not know us: look at [web.oidc] client and {SECRET}")
    return _away(f"it answered with {status}")
