"""What the SIP stack is told of a site's settings, once they have been checked."""

import errno
import ipaddress
import re
import socket
import ssl
from dataclasses import replace
from pathlib import Path

from voice.phone.peers import Place, Trusted, read_place
from voice.phone.port import LineError
from voice.phone.settings import PORTS_A_CALL, Encryption, SipSettings, Transport

_HOST = re.compile(r"[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\]")
_USER = re.compile(r"[A-Za-z0-9._+*#\-]+")
# What the stack's own files cannot quote.
_UNQUOTABLE = re.compile(r'["\\\x00-\x1f\x7f]')
_UNSPOKEN = re.compile(r"[\s\x00-\x1f\x7f]")
_SHORTEST_SECONDS = 30
# The stack opens TLS one port above the one it is told, and 0 is any port.
_LOWEST_PORT = 2
# RFC 3261 §18.1.1: what does not fit a datagram comes by TCP.
_TRANSPORTS = {
    Transport.UDP: "udp,tcp",
    Transport.TCP: "tcp",
    Transport.TLS: "tls",
}
_ENCRYPTION = {
    Encryption.OFF: (),
    Encryption.OFFERED: ("mediaenc=srtp",),
    Encryption.REQUIRED: ("mediaenc=srtp-mand",),
}


def check(settings: SipSettings) -> None:
    """Raise LineError, with the name of the setting, for what cannot work."""
    _check_listen(read_place(settings.listen))
    _host(settings.exchange, "exchange")
    Trusted(settings.trusted)
    _check_account(settings)
    _check_certificates(settings)
    low, high = settings.rtp_ports
    room = (high - low + 1) // PORTS_A_CALL
    if not (1024 <= low < high <= 65535 and room >= settings.calls):
        raise LineError(
            f"`rtp_ports` is {low} to {high}: give a range within 1024 to 65535 with "
            f"{PORTS_A_CALL} ports for each of {settings.calls} calls."
        )
    if settings.calls < 1:
        raise LineError("`calls` must be 1 or more.")


def _check_listen(place: Place) -> None:
    try:
        ipaddress.ip_address(place.host)
    except ValueError as error:
        raise LineError(
            f"`listen` is {str(place)!r}: give an address of this machine, or 0.0.0.0 "
            "for all of them, and a port."
        ) from error
    if place.port < _LOWEST_PORT:
        raise LineError("`listen`: give a port, such as 5060.")


def _host(text: str, name: str) -> None:
    host, colon, port = text.rpartition(":")
    if text.endswith("]") or not colon:
        host, port = text, "5060"
    if not _HOST.fullmatch(host) or not port.isdecimal() or not 0 < int(port) < 65536:
        raise LineError(
            f"`{name}` is {text!r}: give a host, or host:port, as in 10.0.0.5:5060."
        )


def _check_account(settings: SipSettings) -> None:
    registration = settings.registration
    if registration is None:
        return
    _host(registration.registrar, "registrar")
    if not _USER.fullmatch(registration.user):
        raise LineError("`user` of the registration: give the extension's own number.")
    if _UNQUOTABLE.search(registration.password):
        raise LineError(
            'The password of the registration holds " or \\, which the line cannot '
            "send: give the extension another password."
        )
    if registration.seconds < _SHORTEST_SECONDS:
        raise LineError(f"`seconds` must be {_SHORTEST_SECONDS} or more.")


def _check_certificates(settings: SipSettings) -> None:
    if settings.transport is not Transport.TLS:
        return
    if settings.certificate is None:
        raise LineError(
            "`certificate` is missing: TLS needs a file with certificate and key."
        )
    _check_file(settings.certificate, "certificate")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.certificate)
    except (OSError, ssl.SSLError) as error:
        raise LineError(
            f"`certificate` cannot be used ({error}): give one PEM file that holds the "
            "certificate and its key without a password."
        ) from error
    if settings.authorities is not None:
        _check_file(settings.authorities, "authorities")


def _check_file(path: Path, name: str) -> None:
    # The stack's configuration ends a value at a space.
    if _UNSPOKEN.search(str(path)):
        raise LineError(f"`{name}` is {str(path)!r}: a path here may hold no spaces.")
    if not path.is_file():
        raise LineError(f"`{name}` is {str(path)!r}, and there is no such file.")


def interface(settings: SipSettings) -> str | None:
    """Return the address that sound is sent from; None where the stack finds it."""
    here = read_place(settings.listen)
    if not here.anywhere:
        return here.host
    # The stack passes over loopback, unless it is told of it.
    name = settings.exchange.rpartition(":")[0] or settings.exchange
    return "127.0.0.1" if name in ("127.0.0.1", "localhost") else None


def stack(settings: SipSettings) -> str:
    """Return the lines of the stack's configuration that are ours."""
    here = read_place(settings.listen)
    told = replace(here, port=here.port - (settings.transport is Transport.TLS))
    low, high = settings.rtp_ports
    # Without its own buffer, which makes every caller wait, and on a busy machine drops
    # packets that came in time: an ear takes sound as it comes.
    lines = [
        f"sip_listen {told}",
        f"sip_transports {_TRANSPORTS[settings.transport]}",
        f"sip_trans_def {settings.transport}",
        f"rtp_ports {low}-{high}",
        "call_hold_other_calls no",
        "audio_jitter_buffer_type off",
    ]
    if settings.transport is Transport.TLS:
        lines.append(f"sip_certificate {settings.certificate}")
        if settings.authorities is None:
            lines.append("sip_capath /etc/ssl/certs")
        else:
            lines.append(f"sip_cafile {settings.authorities}")
    return "\n".join(lines) + "\n"


def codecs(settings: SipSettings) -> tuple[str, ...]:
    """Return the names of the codecs that are offered, the best first."""
    return ("pcma", "pcmu", *(("g722/16000/1",) if settings.wideband else ()))


def parameters(settings: SipSettings) -> tuple[str, ...]:
    """Return the account's parameters: every dialled number is ours to answer."""
    return ("catchall=yes", *_ENCRYPTION[settings.encryption])


def try_to_listen(settings: SipSettings) -> None:
    """Raise LineError when the address cannot be had: the stack does not always say."""
    here = read_place(settings.listen)
    family = socket.AF_INET6 if ":" in here.host else socket.AF_INET
    kinds = [socket.SOCK_STREAM]
    if settings.transport is Transport.UDP:
        kinds.append(socket.SOCK_DGRAM)
    listen = f"`listen` ({settings.transport} {here})"
    try:
        for kind in kinds:
            with socket.socket(family, kind) as probe:
                if kind is socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((here.host, here.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise LineError(
                f"{listen} is taken by another program: end that, or choose another "
                "port."
            ) from error
        raise LineError(
            f"{listen} cannot be opened: give an address of this machine, and a port "
            "that this program may use."
        ) from error


def unregistered(registrar: str, status: int | None) -> str:
    """Say for the operator that the exchange does not take the registration."""
    why = f"it answers {status}" if status else "it does not answer"
    return (
        f"Not registered at {registrar}: {why}. Check `registrar`, `user` and the "
        "password. It is tried again."
    )
