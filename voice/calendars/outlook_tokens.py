"""The application's leave to read calendars, which Microsoft Entra gives it."""

import asyncio
import logging
import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import msal

from voice.calendars.port import AccessDeniedError, BusyError, CalendarError

# What it writes at lower levels tells who asks for what.
logging.getLogger("msal").setLevel(logging.WARNING)

_SECONDS = 20.0
_SCOPES = ["https://graph.microsoft.com/.default"]
# It is one of our own faults that Entra names, and not one that passes.
_OURS = {"invalid_client", "unauthorized_client", "invalid_request", "invalid_scope"}


class Tokens(Protocol):
    """Whoever gives tokens for Graph."""

    async def token(self, *, anew: bool = False) -> str:
        """Return a token; another one than before when that was not taken."""
        ...


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it is registered in Entra, with its secret or certificate."""

    tenant: str
    client: str
    secret: str = field(default="", repr=False)
    certificate: Path | None = None
    """A PEM file with the certificate and its private key."""
    authority: str = "https://login.microsoftonline.com"


class EntraTokens:
    """Tokens for an application, which speaks for itself and for nobody."""

    def __init__(
        self, application: Application, trust: ssl.SSLContext | None = None
    ) -> None:
        self._application = application
        # Unlike the library's own, this one is closed when we are.
        self._http = httpx.Client(timeout=_SECONDS, verify=trust or True)
        self._client: msal.ConfidentialClientApplication | None = None
        self._one_at_a_time = asyncio.Lock()

    async def token(self, *, anew: bool = False) -> str:
        """Return a token; another one than before when that was not taken."""
        async with self._one_at_a_time:
            # The library waits for the network.
            return await asyncio.to_thread(self._token, anew)

    async def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _token(self, anew: bool) -> str:
        try:
            client = self._client = self._client or self._made()
            if anew:
                client.remove_tokens_for_client()
            answer = client.acquire_token_for_client(scopes=_SCOPES)
        except httpx.HTTPError:
            raise BusyError(
                "Microsoft's sign-in does not answer: look at this machine's way to "
                f"{self._application.authority}. It is tried again."
            ) from None
        except ValueError:
            # So it says of a tenant that there is none of, and of a broken certificate.
            raise AccessDeniedError(
                "Microsoft's sign-in cannot be asked: correct the tenant, and the "
                "application's certificate if it has one."
            ) from None
        token = answer.get("access_token")
        if not token:
            raise _fault(answer)
        return str(token)

    def _made(self) -> msal.ConfidentialClientApplication:
        application = self._application
        return msal.ConfidentialClientApplication(
            application.client,
            authority=f"{application.authority}/{application.tenant}",
            client_credential=_credential(application),
            http_client=self._http,
            # A country's own cloud is not known to the world's.
            instance_discovery=False,
        )


def _credential(application: Application) -> str | dict[str, str]:
    if application.certificate is None:
        return application.secret
    try:
        pem = application.certificate.read_text("ascii")
    except (OSError, UnicodeError):
        raise AccessDeniedError(
            "The application's certificate cannot be read: name a PEM file that holds "
            "it and its private key, which this program may read."
        ) from None
    return {"private_key": pem, "public_certificate": pem}


def _fault(answer: dict[str, Any]) -> CalendarError:
    # Only the code: what is said beside it can name people.
    described = re.search(r"AADSTS\d+", str(answer.get("error_description", "")))
    code = described[0] if described else "no code"
    if answer.get("error") in _OURS:
        return AccessDeniedError(
            f"Microsoft's sign-in refuses the application ({code}): correct its "
            "number, tenant and secret, or renew them if they have run out."
        )
    return BusyError(f"Microsoft's sign-in has a fault ({code}): it is tried again.")
