"""What must hold between settings, beyond each being well by itself."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from voice.calendars.caldav_accounts import is_same
from voice.calendars.settings import CalendarAccess, CalendarSettings
from voice.ldap.settings import LdapSettings
from voice.phone.settings import (
    PORTS_A_CALL,
    AsteriskSettings,
    RedirectSettings,
    SipSettings,
    Transport,
)
from voice.service import Service
from voice.setting_kinds import HERE
from voice.settings_file import At, Written
from voice.web.oidc.settings import OidcSettings
from voice.web.settings import WebSettings

_TCP, _UDP = "TCP", "UDP"
_GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True, slots=True)
class Listens:
    """A place where this program listens, and the setting that says so."""

    at: At
    address: str
    protocols: frozenset[str]

    @property
    def host(self) -> str:
        """The address without its port, and without the brackets of IPv6."""
        return self.address.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port."""
        return int(self.address.rpartition(":")[2])


def sip_listens(lines: Mapping[int, SipSettings]) -> Iterator[Listens]:
    """Yield where SIP lines listen; they are named by which of the file's they are."""
    for nth, line in lines.items():
        at = At("sip", "listen", nth)
        # A transport over UDP takes TCP too (RFC 3261 §18.2.1).
        udp = {_UDP} if line.transport is Transport.UDP else set()
        yield Listens(at, line.listen, frozenset({_TCP} | udp))


def asterisk_listens(settings: AsteriskSettings) -> Iterator[Listens]:
    """Yield where an Asterisk is waited for."""
    for key, address in (("agi", settings.agi), ("audio", settings.audio)):
        yield Listens(At("asterisk", key), address, frozenset({_TCP}))


def redirect_listens(settings: RedirectSettings) -> Iterator[Listens]:
    """Yield where an exchange is waited for that asks."""
    yield Listens(At("redirect", "listen"), settings.listen, frozenset({_TCP, _UDP}))


def health_listens(address: str) -> Listens:
    """Return where questions about health are waited for."""
    return Listens(At("health", "listen"), address, frozenset({_TCP}))


def push_listens(settings: CalendarSettings) -> Iterator[Listens]:
    """Yield where the calls of calendars are waited for, if they are to call."""
    if settings.push_address:
        at = At("calendars", "push_listen")
        yield Listens(at, settings.push_listen, frozenset({_TCP}))


def web_listens(settings: WebSettings) -> Iterator[Listens]:
    """Yield where the web is waited for, if there is to be one."""
    if settings.listen:
        yield Listens(At("web", "listen"), settings.listen, frozenset({_TCP}))


def check_ports(listens: Iterable[Listens], written: Written) -> None:
    """Note each port that is listened at twice."""
    for one, other in combinations(listens, 2):
        if one.port == other.port and _meet(one, other):
            first = f"[{one.at.section}] {one.at.key}"
            what = f"port {other.port} is taken by {first}: choose another"
            written.add(other.at, what)


def _meet(one: Listens, other: Listens) -> bool:
    hosts = {one.host, other.host}
    everywhere = any(ipaddress.ip_address(host).is_unspecified for host in hosts)
    return bool(one.protocols & other.protocols) and (everywhere or len(hosts) == 1)


def check_sip(lines: Mapping[int, SipSettings], written: Written) -> None:
    """Note lines that cannot work as they are set."""
    for nth, line in lines.items():
        if line.transport is Transport.TLS and line.certificate is None:
            what = "TLS needs a certificate: write certificate as well"
            written.add(At("sip", "transport", nth), what)
        first, last = line.rtp_ports
        room = (last - first + 1) // PORTS_A_CALL
        if room < line.calls:
            what = f"room for {room} of {line.calls} calls: give {PORTS_A_CALL} to each"
            written.add(At("sip", "rtp_ports", nth), what)
    for place in sip_listens(lines):
        first, last = lines[place.at.nth].rtp_ports
        if _UDP in place.protocols and first <= place.port <= last:
            what = f"port {place.port}, where the line listens, is among them"
            written.add(At("sip", "rtp_ports", place.at.nth), what)


def check_service(service: Service, written: Written) -> None:
    """Note numbers that are to be answered in two ways."""
    for number in sorted(set(service.spoken) & set(service.keyed)):
        what = f"{number} is among the spoken too: choose how it is answered"
        written.add(At("service", "keyed"), what)


def check_health(address: str, is_open: bool, written: Written) -> None:
    """Note an address that others reach, unless the site has said so."""
    host = Listens(At("health"), address, frozenset()).host
    if not is_open and not ipaddress.ip_address(host).is_loopback:
        what = (
            f"{host} is reached from other machines: write an address of this machine "
            "alone, such as 127.0.0.1, or open = true"
        )
        written.add(At("health", "listen"), what)


def check_calendars(
    calendars: CalendarSettings, access: CalendarAccess, written: Written
) -> None:
    """Note what is half said of calendars."""
    # What is asked on this machine itself, as stand-ins are, calls as it is told to.
    asked = (access.google.address, access.outlook.graph)
    is_safe = calendars.push_address.startswith("https:") or any(map(_is_here, asked))
    if calendars.push_address and not is_safe:
        what = "Google and Microsoft call over https alone: write an https address"
        written.add(At("calendars", "push_address"), what)
    outlook = access.outlook
    for key, other in (("tenant", outlook.client), ("client", outlook.tenant)):
        if other and not getattr(outlook, key):
            what = "tenant and client belong together: write both, or none"
            written.add(At("outlook", key), what)
    for one, another in combinations(access.caldav.accounts, 2):
        if is_same(one.address, another.address):
            what = f"[{one.section}] has the same: leave one of them out"
            written.add(At(another.section, "address"), what)


def _is_here(address: str) -> bool:
    return urlsplit(address).hostname in HERE


def check_ldap(ldap: LdapSettings, written: Written) -> None:
    """Note what is half said of the directory server."""
    for key, other in (("address", ldap.base), ("base", ldap.address)):
        if other and not getattr(ldap, key):
            what = "address and base belong together: write both, or none"
            written.add(At("ldap", key), what)
    if ldap.sync_minutes and not ldap.address:
        what = "there is nowhere to look: write address and base as well"
        written.add(At("ldap", "sync_minutes"), what)


def check_days(sound: int, words: int, written: Written) -> None:
    """Note sound that would be kept longer than what was said in it."""
    if sound > words:
        what = f"transcripts are kept for {words} days: keep sound no longer"
        written.add(At("recording", "days"), what)


def check_web(web: WebSettings, written: Written) -> None:
    """Note a web whose passwords others on the network could read."""
    if web.address.partition("://")[2].rstrip("/").count("/"):
        what = "the web is the whole of its host: leave out what follows the host"
        written.add(At("web", "address"), what)
    for place in web_listens(web):
        if not web.is_safe and not ipaddress.ip_address(place.host).is_loopback:
            what = (
                f"{place.host} is reached from other machines: write an https address "
                "as well, and put a web server in front that keeps its certificate"
            )
            written.add(place.at, what)
    if web.address and web.is_safe and not web.proxies:
        what = "https needs a web server in front: write its address as proxies"
        written.add(At("web", "address"), what)
    _check_oidc(web.oidc, written)


def _check_oidc(oidc: OidcSettings, written: Written) -> None:
    """Note what is half said of an identity provider."""
    for key, other in (("issuer", oidc.client), ("client", oidc.issuer)):
        if other and not getattr(oidc, key):
            what = "issuer and client belong together: write both, or none"
            written.add(At("web.oidc", key), what)
    # There, whoever asks has an account: the domain alone says that they are yours.
    if oidc.issuer == _GOOGLE and not oidc.domain:
        what = "at Google everybody has an account: write your domain as well"
        written.add(At("web.oidc", "domain"), what)
