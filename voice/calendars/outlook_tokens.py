"""The application's leave to read calendars, which Microsoft Entra gives it."""

import asyncio
import logging
import re
import ssl
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
import msal
from msal.exceptions import MsalServiceError

from voice.calendars.port import AccessDeniedError, BusyError, CalendarError
from voice.calendars.settings import OutlookSettings

# What it writes at lower levels tells who asks for what.
logging.getLogger("msal").setLevel(logging.WARNING)

_SECONDS = 20.0
# It is one of our own faults that Entra names, and not one that passes.
_OURS = {"invalid_client", "unauthorized_client", "invalid_request", "invalid_scope"}


class Tokens(Protocol):
    """Whoever gives tokens for Graph."""

    async def token(self, *, anew: bool = False) -> str:
        """Return a token; another one than before when that was not taken."""
        ...


class EntraTokens:
    """Tokens for an application, which speaks for itself and for nobody."""

    def __init__(
        self, settings: OutlookSettings, trust: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        graph = urlsplit(settings.graph)
        self._scope = f"{graph.scheme}://{graph.netloc}/.default"
        self._http = _Http(trust)
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
            answer = client.acquire_token_for_client(scopes=[self._scope])
        except (httpx.HTTPError, MsalServiceError):
            raise BusyError(
                "Microsoft's sign-in does not answer: look at this machine's way to "
                f"{self._settings.sign_in}. It is tried again."
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
        settings = self._settings
        return msal.ConfidentialClientApplication(
            settings.client,
            authority=f"{settings.sign_in}/{settings.tenant}",
            client_credential=_credential(settings),
            http_client=self._http,
            # A country's own cloud is not known to the world's.
            instance_discovery=False,
        )


class _Http:
    """The way to Entra, as the library uses one; its own is never closed."""

    def __init__(self, trust: ssl.SSLContext | None) -> None:
        self._http = httpx.Client(timeout=_SECONDS, verify=trust or True)

    def get(self, url: str, **about: Any) -> httpx.Response:
        """Ask for something."""
        return self._http.get(url, **about)

    def post(self, url: str, data: dict[str, Any], **about: Any) -> httpx.Response:
        """Send a form."""
        # A signature comes as bytes, which would be written out as Python's.
        form = {
            key: value.decode() if isinstance(value, bytes) else value
            for key, value in data.items()
        }
        return self._http.post(url, data=form, **about)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()


def _credential(settings: OutlookSettings) -> str | dict[str, str]:
    if settings.certificate is None:
        return settings.secret
    try:
        pem = settings.certificate.read_text("ascii")
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
