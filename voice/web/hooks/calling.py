"""Calls addresses of other systems: only those that may be called, and not for long."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeAlias

import httpx

from voice.errors import VoiceError
from voice.web.peers import is_among

_SECONDS = 10.0
_NAMES_AT_ONCE = 8
# RFC 6052 §2.1 and RFC 8215: an address of IPv4 is in the last 32 bits.
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48")))
_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class CallError(VoiceError):
    """A call did not go well; the text is for who keeps the telephonist."""


class Names:
    """Asks where hosts are, each once at a time and all apart from other work.

    A name that is not answered holds a thread for as long as the system is patient.
    """

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._asked: dict[tuple[str, int], asyncio.Future[list[_Address]]] = {}

    async def addresses(self, host: str, port: int) -> list[_Address]:
        """Return the addresses of a host; OSError where it has none."""
        key = host, port
        if key not in self._asked:
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(self._threads, _addresses, host, port)
            asked.add_done_callback(partial(self._told, key))
            self._asked[key] = asked
        # Who waits no longer leaves the question to those who come after.
        return await asyncio.shield(self._asked[key])

    def _told(
        self, key: tuple[str, int], asked: "asyncio.Future[list[_Address]]"
    ) -> None:
        del self._asked[key]
        if not asked.cancelled():
            # Perhaps nobody waits to hear it any more.
            asked.exception()


def _addresses(host: str, port: int) -> list[_Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(each[4][0]) for each in found]


class Caller:
    """Calls each address over a connection of its own."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        names: Names,
        inside: Sequence[str],
        seconds: float,
    ) -> None:
        self._client, self._names = client, names
        self._inside, self._seconds = inside, seconds

    async def call(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a body; CallError unless it is taken."""
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._status(httpx.URL(url), body, headers)
        except TimeoutError:
            raise CallError(
                f"It did not answer within {self._seconds:g} s: see that it answers "
                "at once, and does its work afterwards."
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise CallError(_plainly(error)) from error
        if 300 <= status < 400:
            raise CallError(
                f"It answered {status} and named another address: change the hook to "
                "the address that is meant, for nobody is sent on."
            )
        if not 200 <= status < 300:
            raise CallError(f"It answered {status}: see what its own log says.")

    async def _status(
        self, url: httpx.URL, body: bytes, headers: Mapping[str, str]
    ) -> int:
        address = await self._checked(url)
        # It is called by the address that was looked at: a name may point elsewhere
        # the next time it is asked for.
        host = f"[{address}]" if address.version == 6 else str(address)
        request = self._client.build_request(
            "POST",
            url.copy_with(host=host),
            content=body,
            headers={**headers, "Host": url.netloc.decode()},
            extensions={"sni_hostname": url.host},
        )
        answer = await self._client.send(request, stream=True)
        # What it says is nothing to us, and may be without end.
        await answer.aclose()
        return answer.status_code

    async def _checked(self, url: httpx.URL) -> _Address:
        """Return the address of a host; CallError when one of its own is forbidden."""
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await self._names.addresses(url.host, port)
        for address in addresses:
            if not may_be_called(address, url, self._inside):
                raise CallError(
                    f"{url.host} is {address}, inside a network of this site's: "
                    "name the network in [web] hooks_inside, if it is meant."
                )
        return addresses[0]


def may_be_called(address: _Address, url: httpx.URL, inside: Sequence[str]) -> bool:
    """Tell whether an address is one of the world's, or one that the site allows."""
    address = _meant(address)
    if address.is_loopback:
        # Only where the address itself says so, and not by a name in between.
        return url.host == "localhost" or _is_loopback(url.host)
    if url.scheme != "https":
        return False
    is_of_the_world = address.is_global and not address.is_multicast
    return is_of_the_world or is_among(str(address), inside)


def _meant(address: _Address) -> _Address:
    """Return the address of IPv4 that one of IPv6 leads to, where it does."""
    if address.version == 4:
        return address
    if any(address in network for network in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plainly(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"Its certificate is not trusted ({cause.verify_message}): give it "
                "one that this machine trusts."
            )
        if isinstance(cause, socket.gaierror):
            return "Its name is not known: see how the address is written."
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx.ConnectError() | OSError():
            return (
                "It cannot be reached: see that it runs, and that nothing is between."
            )
        case _:
            return f"The call broke off ({type(error).__name__}): it is tried again."


@asynccontextmanager
async def calling(
    inside: Sequence[str], seconds: float = _SECONDS
) -> AsyncIterator[Caller]:
    """Give a caller, and close its connections at the end."""
    async with httpx.AsyncClient(
        # The certificates that this machine trusts, a site's own among them.
        verify=ssl.create_default_context(),
        trust_env=False,
        follow_redirects=False,
        timeout=seconds,
        # A connection is known by its address: kept, it would serve another name that
        # points there, whose certificate nobody has seen.
        limits=httpx.Limits(max_keepalive_connections=0),
    ) as client:
        threads = ThreadPoolExecutor(_NAMES_AT_ONCE, "hooks")
        try:
            yield Caller(client, Names(threads), inside, seconds)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
