"""Reads people from a directory server, page by page (RFC 2696)."""

import asyncio
import math
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ldap3 import ANONYMOUS, DEREF_NEVER, NONE, SIMPLE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException, LDAPInvalidFilterError

from voice.ldap.entries import Entry
from voice.ldap.faults import LdapError, refused
from voice.ldap.filters import wanted
from voice.ldap.settings import SECRET, LdapSettings

# RFC 2696 §2: how the server is asked for pages, and tells where the next begins.
_PAGED = "1.2.840.113556.1.4.319"
# A server that never comes to its last page is left.
_LONGEST_SECONDS = 600.0
_MOST_PEOPLE = 200_000


async def read_people(settings: LdapSettings) -> tuple[Entry, ...]:
    """Return everybody who is to be in the directory; LdapError when that fails."""
    if settings.user and not settings.password:
        # RFC 4513 §5.1.2: without a password a server would take us for anybody.
        raise LdapError(settings.address, f"wants a password: set {SECRET}")
    reading = _Reading(settings)
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            # It waits for the network, and reads thousands of entries.
            return await asyncio.to_thread(reading.everybody)
    except TimeoutError:
        minutes = f"{_LONGEST_SECONDS / 60:g} minutes"
        what = f"has not listed all people within {minutes}: ask for fewer with base"
        raise LdapError(settings.address, what) from None
    finally:
        reading.stop()


class _Reading:
    """One reading of the server, on a thread of its own."""

    def __init__(self, settings: LdapSettings) -> None:
        self._settings, self._address = settings, settings.address
        self._tls = _Encryption(settings)
        self._connection: Connection | None = None

    def stop(self) -> None:
        """Let the thread end that may yet wait for an answer."""
        if self._connection is not None and self._connection.socket is not None:
            with suppress(OSError):
                self._connection.socket.shutdown(socket.SHUT_RDWR)

    def everybody(self) -> tuple[Entry, ...]:
        """Connect, log in and read every page."""
        try:
            self._connection = connection = self._made()
            connection.open(read_server_info=False)
            if self._settings.is_start_tls:
                connection.start_tls(read_server_info=False)
            connection.bind(read_server_info=False)
            self._check(connection)
            return tuple(self._entries(connection))
        except LDAPInvalidFilterError:
            what = "is not asked: the filter in [ldap] is none, as RFC 4515 writes them"
            raise LdapError(self._address, what) from None
        except (LDAPException, OSError, ValueError, LookupError) as error:
            raise self._fault(error) from error
        finally:
            self._close()

    def _close(self) -> None:
        if self._connection is None:
            return
        opened = self._connection.socket
        with suppress(LDAPException, OSError):
            self._connection.unbind()
        # The library lets go of one that it could not connect, and leaves it open.
        if opened is not None:
            opened.close()

    def _made(self) -> Connection:
        it, seconds = self._settings, math.ceil(self._settings.seconds)
        host, port = it.place
        server = Server(
            host,
            port,
            use_ssl=it.is_tls,
            tls=self._tls,
            get_info=NONE,
            connect_timeout=seconds,
        )
        return Connection(
            server,
            user=it.user or None,
            password=it.password or None,
            authentication=SIMPLE if it.user else ANONYMOUS,
            # Another server is another's word, and would be shown our password.
            auto_referrals=False,
            auto_range=False,
            auto_escape=False,
            check_names=False,
            read_only=True,
            receive_timeout=seconds,
            return_empty_attributes=False,
        )

    def _entries(self, connection: Connection) -> Iterator[Entry]:
        found, cookie = 0, None
        while True:
            connection.search(
                self._settings.base,
                wanted(self._settings),
                SUBTREE,
                DEREF_NEVER,
                list(self._settings.attributes),
                paged_size=self._settings.page,
                # Otherwise a server that knows no pages may give a part, and be quiet.
                paged_criticality=True,
                paged_cookie=cookie,
            )
            self._check(connection)
            for each in connection.response or ():
                # What is on another server is told of beside people (RFC 4511 §4.5.3).
                if each["type"] == "searchResEntry":
                    found += 1
                    yield _entry(each)
            cookie = _cookie(connection.result)
            if not cookie:
                return
            if found > _MOST_PEOPLE:
                what = f"lists more than {_MOST_PEOPLE} people: write filter in [ldap]"
                raise LdapError(self._address, what)

    def _check(self, connection: Connection) -> None:
        result = connection.result
        if result["result"] != 0:
            text, is_anonymous = str(result["message"]), not self._settings.user
            raise refused(self._address, result["result"], text, is_anonymous)

    def _fault(self, error: Exception) -> LdapError:
        if self._tls.wrong:
            return LdapError(self._address, self._tls.wrong)
        if isinstance(error, TimeoutError) or "timed out" in str(error):
            what = f"does not answer within {self._settings.seconds:g} s"
            return LdapError(self._address, f"{what}: see that it runs")
        if self._connection is None or self._connection.closed:
            what = "cannot be reached: look at address in [ldap], and that it runs"
            return LdapError(self._address, what)
        what = "answers in a way that is no LDAP: look at address in [ldap]"
        return LdapError(self._address, what)


class _Encryption(Tls):  # type: ignore[misc] # It is typed nowhere.
    """Encryption by the rules of this Python: the library's own are of its day."""

    def __init__(self, settings: LdapSettings) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._authorities, self._host = settings.authorities, settings.place[0]
        self.wrong = ""
        """What is wrong with it, once it has failed."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        """Encrypt what the connection says from here on, to this host alone."""
        try:
            context = ssl.create_default_context(cafile=self._authorities)
        except OSError:
            self.wrong = f"is not asked: {self._authorities} is no certificate in PEM"
            raise
        try:
            connection.socket = context.wrap_socket(
                connection.socket, server_hostname=self._host
            )
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message.rstrip(".")
            what = f"has a certificate that cannot be trusted ({why})"
            self.wrong = f"{what}: look at address and authorities in [ldap]"
            raise
        except ssl.SSLError:
            self.wrong = "does not agree on encryption: look at address in [ldap]"
            raise


def _entry(told: Any) -> Entry:
    values = {name.lower(): each for name, each in told["raw_attributes"].items()}
    return Entry(told["dn"], values)


def _cookie(result: Any) -> bytes | None:
    control = (result.get("controls") or {}).get(_PAGED)
    cookie: bytes | None = control["value"]["cookie"] if control else None
    return cookie
