"""What the stack is told of a site's settings."""

from dataclasses import replace
from pathlib import Path

import pytest

from voice.phone import sip_setup
from voice.phone.settings import Encryption, SipSettings, Transport


def told(**settings: object) -> dict[str, str]:
    """Return the lines that the stack is told, by their names."""
    lines = sip_setup.stack(replace(SipSettings(), **settings)).splitlines()
    return dict(line.split(" ", 1) for line in lines)


@pytest.mark.parametrize(
    ("transport", "listens", "transports"),
    [
        (Transport.UDP, "10.0.0.5:5060", "udp,tcp"),
        (Transport.TCP, "10.0.0.5:5060", "tcp"),
        # The stack adds one.
        (Transport.TLS, "10.0.0.5:5059", "tls"),
    ],
)
def test_each_transport_is_listened_for_where_the_site_says(
    transport: Transport, listens: str, transports: str
):
    lines = told(listen="10.0.0.5:5060", transport=transport)
    assert lines["sip_listen"] == listens
    assert lines["sip_transports"] == transports
    assert lines["sip_trans_def"] == transport


def test_who_vouches_is_the_system_unless_the_site_says():
    tls = {"transport": Transport.TLS, "certificate": Path("/line.pem")}
    assert told(**tls)["sip_capath"] == "/etc/ssl/certs"
    assert told(**tls, authorities=Path("/ca.pem"))["sip_cafile"] == "/ca.pem"
    assert "sip_certificate" not in told()


@pytest.mark.parametrize(
    ("listen", "exchange", "interface"),
    [
        ("10.0.0.5:5060", "pbx", "10.0.0.5"),
        ("0.0.0.0:5060", "pbx:5060", None),
        ("0.0.0.0:5060", "127.0.0.1:5070", "127.0.0.1"),
        ("0.0.0.0:5060", "localhost", "127.0.0.1"),
        ("[::1]:5060", "pbx", "::1"),
    ],
)
def test_sound_goes_from_where_the_exchange_is_reached(
    listen: str, exchange: str, interface: str | None
):
    settings = SipSettings(listen=listen, exchange=exchange)
    assert sip_setup.interface(settings) == interface


def test_a_law_is_offered_first():
    assert sip_setup.codecs(SipSettings()) == ("pcma", "pcmu", "g722/16000/1")
    assert sip_setup.codecs(SipSettings(wideband=False)) == ("pcma", "pcmu")


@pytest.mark.parametrize(
    ("encryption", "parameters"),
    [
        (Encryption.OFF, ("catchall=yes",)),
        (Encryption.OFFERED, ("catchall=yes", "mediaenc=srtp")),
        (Encryption.REQUIRED, ("catchall=yes", "mediaenc=srtp-mand")),
    ],
)
def test_every_number_is_answered_as_secretly_as_the_site_says(
    encryption: Encryption, parameters: tuple[str, ...]
):
    assert sip_setup.parameters(SipSettings(encryption=encryption)) == parameters


def test_the_settings_that_nobody_has_changed_can_work():
    sip_setup.check(SipSettings())
