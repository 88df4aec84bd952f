"""What a telephone service needs beyond the program, and what is tried to see it."""

import asyncio
import http.client
import os
import socket
import ssl
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voice.calendars.settings import CaldavSettings
from voice.config import Settings, listens, password_name
from voice.errors import VoiceError
from voice.ldap.reading import read_people
from voice.ldap.settings import LdapSettings
from voice.phone.settings import SipSettings
from voice.settings_clashes import Listens

_PATIENCE_SECONDS = 2.0
_LONGEST_IMPORT_SECONDS = 30.0


class NeedError(VoiceError):
    """Something is not here; the text says how to get it."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something the program needs, and what is tried to see that it is there."""

    name: str
    trial: Callable[[], Awaitable[str]]
    optional: bool = False


def service_needs(chosen: Settings) -> Iterator[Need]:
    """Yield what a site's settings ask for, where it has a settings file."""
    if chosen.file is None:
        return
    yield Need("settings", partial(_settings, chosen.file))
    if chosen.sip:
        yield Need("SIP", _baresip)
    for nth, line in chosen.sip.items():
        yield from _line_needs(nth, line)
    yield from _calendar_needs(chosen.access.caldav)
    if chosen.ldap.address:
        yield Need("directory server", partial(_directory, chosen.ldap))
    if chosen.recording.days:
        yield Need("recording folder", partial(_folder, chosen.recording.folder))
    yield from _port_needs(chosen)


async def _directory(ldap: LdapSettings) -> str:
    return f"{len(await read_people(ldap))} people"


def _line_needs(nth: int, line: SipSettings) -> Iterator[Need]:
    name = f"line {nth}"
    if line.registration is not None:
        password = line.registration.password
        yield Need(f"{name} password", partial(_password, password_name(nth), password))
    if line.certificate is not None:
        yield Need(f"{name} certificate", partial(_certificate, line.certificate))
    if line.authorities is not None:
        yield Need(f"{name} authorities", partial(_authorities, line.authorities))


def _calendar_needs(caldav: CaldavSettings) -> Iterator[Need]:
    for account in (caldav.usual, *caldav.accounts):
        name, password = account.variable, account.password
        if account.user:
            yield Need(
                f"{account.section} password", partial(_password, name, password)
            )
        if account.authorities is not None:
            trial = partial(_authorities, account.authorities)
            yield Need(f"{account.section} authorities", trial)


def _port_needs(chosen: Settings) -> Iterator[Need]:
    status = _status(chosen.health.listen)
    if status is not None:
        # Its ports are taken, as they should be.
        yield Need("telefonist serve", partial(_running, status))
        return
    for place in listens(chosen):
        yield Need(f"{place.at.section} {place.at.key}", partial(_free, place))


async def _settings(file: Path) -> str:
    return f"{file} is without fault"


async def _baresip() -> str:
    # In a process of its own, as the line is: it brings libraries that ours need not
    # agree with.
    code = "import baresip, importlib.metadata as m; print(m.version('baresip-python'))"
    pipe = asyncio.subprocess.PIPE
    tried = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=pipe, stderr=pipe
    )
    try:
        async with asyncio.timeout(_LONGEST_IMPORT_SECONDS):
            out, err = await tried.communicate()
    except TimeoutError:
        tried.kill()
        await tried.wait()
        raise NeedError("baresip-python does not load: install it again") from None
    if tried.returncode:
        why = (err.decode(errors="replace").splitlines() or ["no reason"])[-1]
        raise NeedError(f"baresip-python does not load ({why}): install it again")
    return f"baresip-python {out.decode().strip()}"


async def _password(name: str, password: str) -> str:
    if not password:
        raise NeedError(f"{name} is not set: set it to the account's password")
    return f"{name} is set"


async def _certificate(file: Path) -> str:
    try:
        # A key that asks for a passphrase would wait for ever for somebody to type it.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file, password="")
    except (OSError, ValueError) as error:
        wanted = "give one PEM file with certificate and key, without a passphrase"
        raise NeedError(f"{file} cannot be used ({error}): {wanted}") from error
    return f"{file} holds a certificate and its key"


async def _authorities(file: Path) -> str:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError as error:
        wanted = "give a PEM file of certificates"
        raise NeedError(f"{file} cannot be used ({error}): {wanted}") from error
    return f"{file} holds authorities"


async def _folder(folder: Path) -> str:
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return str(folder)


async def _running(status: int) -> str:
    if status != http.client.OK:
        raise NeedError("it runs here and is not well: ask its /healthz")
    return "it runs here and is well"


async def _free(place: Listens) -> str:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    for protocol in sorted(place.protocols):
        kind = socket.SOCK_STREAM if protocol == "TCP" else socket.SOCK_DGRAM
        with socket.socket(family, kind) as tried:
            if protocol == "TCP":
                # As servers do: a port that was lately used is free.
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((place.host, place.port))
            except OSError as error:
                raise NeedError(
                    f"{place.address} cannot be listened at over {protocol} "
                    f"({error.strerror}): choose another, or end what has it"
                ) from error
    return f"{place.address} is free"


def _status(address: str) -> int | None:
    """Ask a service that may be running here how it is."""
    host, _, port = address.rpartition(":")
    # A service that listens everywhere listens here.
    here = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))
    asking = http.client.HTTPConnection(here, int(port), timeout=_PATIENCE_SECONDS)
    try:
        asking.request("GET", "/healthz")
        status = asking.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        asking.close()
    known = (http.client.OK, http.client.SERVICE_UNAVAILABLE)
    return int(status) if status in known else None
