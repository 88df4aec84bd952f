"""The settings file: every kind of value is read, and all faults told at once."""

from pathlib import Path

import pytest
from settings_samples import faults, written

from voice.config import HealthSettings, RecordingSettings, Waiting, settings
from voice.numbering import NumberPlan
from voice.phone.settings import (
    AsteriskSettings,
    Encryption,
    RedirectSettings,
    Registration,
    SipSettings,
    Transport,
)
from voice.service import Confirmation, Service
from voice.settings_file import SettingError

EVERYTHING = """
[store]
address = "postgresql://telefonist@db/telefonist"
[waiting]
call = 120
[service]
spoken = ["4949", "+46855544949"]
keyed = []
ring_through = "*9{extension}"
confirm_codes_by = "tone"
mobile_needs_pin = false
[[sip]]
exchange = "pbx.example.se:5070"
listen = "[::1]:5062"
transport = "tls"
certificate = "tls/both.pem"
encryption = "required"
trusted = ["10.0.0.1", "fd00::/8"]
[sip.registration]
user = "4949"
registrar = "10.0.0.1:5060"
seconds = 120
[[sip]]
on = false
[[sip]]
listen = "0.0.0.0:5064"
[sip.registration]
user = "3339"
registrar = "10.0.0.2"
[asterisk]
on = true
trusted = ["10.0.0.3"]
[redirect]
on = true
listen = "10.0.0.9:5070"
[numbering]
country = "358"
[health]
listen = "0.0.0.0:9949"
open = true
[recording]
days = 7
folder = "~/calls"
"""


def test_every_kind_of_value_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/home/anna")
    secrets = {
        "TELEFONIST_SIP_PASSWORD": "first",
        "TELEFONIST_SIP_PASSWORD_3": "third",
    }
    chosen = settings(secrets, written(tmp_path, EVERYTHING))
    assert chosen.store == "postgresql://telefonist@db/telefonist"
    assert chosen.waiting == Waiting(call=120.0)
    assert chosen.service == Service(
        spoken=("4949", "+46855544949"),
        keyed=(),
        ring_through="*9{extension}",
        confirm_codes_by=Confirmation.TONE,
        mobile_needs_pin=False,
    )
    first = SipSettings(
        exchange="pbx.example.se:5070",
        listen="[::1]:5062",
        transport=Transport.TLS,
        certificate=tmp_path / "tls/both.pem",
        encryption=Encryption.REQUIRED,
        trusted=("10.0.0.1", "fd00::/8"),
        registration=Registration("4949", "10.0.0.1:5060", "first", 120),
    )
    third = SipSettings(
        listen="0.0.0.0:5064",
        registration=Registration("3339", "10.0.0.2", "third"),
    )
    assert chosen.sip == {1: first, 3: third}
    assert chosen.asterisk == AsteriskSettings(trusted=("10.0.0.3",))
    assert chosen.redirect == RedirectSettings(listen="10.0.0.9:5070")
    assert chosen.numbering == NumberPlan(country="358")
    assert chosen.health == HealthSettings("0.0.0.0:9949", open=True)
    assert chosen.recording == RecordingSettings(Path("/home/anna/calls"), 7)


@pytest.mark.parametrize(
    ("address", "store"),
    [
        ("a.db", "{folder}/a.db"),
        ("sqlite:///data/a.db", "{folder}/data/a.db"),
        ("sqlite:////var/a.db", "/var/a.db"),
        ("/var/a.db", "/var/a.db"),
        ("~/a.db", "/home/anna/a.db"),
        ("memory:", "memory:"),
        ("postgresql://u@db/t", "postgresql://u@db/t"),
    ],
)
def test_the_store_is_found_from_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, store: str
):
    monkeypatch.setenv("HOME", "/home/anna")
    chosen = settings({}, written(tmp_path, f'[store]\naddress = "{address}"\n'))
    assert chosen.store == store.format(folder=tmp_path)


def test_no_password_is_shown_by_accident(tmp_path: Path):
    secret = {"TELEFONIST_SIP_PASSWORD": "hemligt"}
    chosen = settings(secret, written(tmp_path, EVERYTHING))
    assert "hemligt" not in repr(chosen)


def test_the_environment_wins_over_the_file(tmp_path: Path):
    file = written(
        tmp_path,
        '[store]\naddress = "file.db"\n[sound]\ngrammar = "/file"\nmodels = "/file"\n'
        "[waiting]\nwhole = 0.5\nsilence = 9.0\n",
    )
    environment = {
        "TELEFONIST_SETTINGS": str(file),
        "TELEFONIST_STORE": "postgresql://u:secret@db/t",
        "TELEFONIST_GRAMMAR": "/environment",
        "TELEFONIST_WAIT_WHOLE": "0.7",
    }
    chosen = settings(environment)
    assert chosen.file == file
    assert chosen.store == "postgresql://u:secret@db/t"
    assert (chosen.grammar, chosen.models) == (Path("/environment"), Path("/file"))
    assert chosen.waiting == Waiting(whole=0.7, silence=9.0)


def test_a_file_that_is_named_wins_over_the_environments(tmp_path: Path):
    file = written(tmp_path, "[waiting]\nwhole = 0.5\n")
    chosen = settings({"TELEFONIST_SETTINGS": "/nowhere.toml"}, file)
    assert chosen.waiting.whole == 0.5


def test_a_password_of_a_line_that_is_not_there_is_no_setting(tmp_path: Path):
    secret = {"TELEFONIST_SIP_PASSWORD_2": "x"}
    with pytest.raises(SettingError, match="TELEFONIST_SIP_PASSWORD_2 is no setting"):
        settings(secret, written(tmp_path, "[sip]\n"))


def test_every_fault_is_told_at_once_with_its_line_and_key(tmp_path: Path):
    told = faults(
        tmp_path,
        'sipp = 1\n[stor]\n[waiting]\nwhole = "fast"\nsilense = 3\n'
        '[[sip]]\ntransport = "sctp"\n[[sip]]\nlisten = "here"\n'
        "[health]\nlisten = 9949\n",
    )
    assert [line.split(": ")[0:2] for line in told] == [
        ["1", "sipp"],
        ["2", "[stor]"],
        ["4", "[waiting] whole"],
        ["5", "[waiting] silense"],
        ["7", "[sip] transport"],
        ["9", "[sip] listen"],
        ["11", "[health] listen"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        'password = "hemligt"',
        '[sip.registration]\nuser = "4949"\nregistrar = "a"\npassword = "hemligt"',
        '[sip]\nPASSWORD = "hemligt"',
        '[service]\npin = "hemligt"',
        '[secrets]\nsip = "hemligt"',
        '[store]\naddress = "postgresql://u:hemligt@db/t"',
        '[store]\naddress = "postgresql://db/t?user=u&password=hemligt"',
    ],
)
def test_a_secret_in_the_file_is_refused_with_the_remedy_and_not_shown(
    tmp_path: Path, text: str
):
    told = faults(tmp_path, text)
    assert len(told) == 1
    assert "not written in this file" in told[0]
    assert "in the environment" in told[0]
    assert "hemligt" not in told[0]


PORTS = """
[sip]
listen = "{sip}"
[asterisk]
on = true
agi = "{agi}"
[health]
listen = "{health}"
"""


@pytest.mark.parametrize(
    ("sip", "agi", "health", "taken"),
    [
        ("0.0.0.0:5060", "127.0.0.1:5060", "127.0.0.1:9949", "[asterisk] agi"),
        ("10.0.0.1:5060", "127.0.0.1:9949", "127.0.0.1:9949", "[health] listen"),
        ("10.0.0.1:5060", "127.0.0.1:9092", "127.0.0.1:9949", "[asterisk] audio"),
        ("10.0.0.1:5060", "127.0.0.1:5060", "127.0.0.1:9949", None),
    ],
)
def test_a_port_that_is_used_twice_is_told(
    tmp_path: Path, sip: str, agi: str, health: str, taken: str | None
):
    text = PORTS.format(sip=sip, agi=agi, health=health)
    if taken is None:
        assert settings({}, written(tmp_path, text)).asterisk is not None
        return
    (told,) = faults(tmp_path, text)
    assert f"{taken}: port" in told
    assert "choose another" in told


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"= 1", "not TOML: Invalid"),
        (b"a = " + b"9" * 5000, "not TOML"),
        (b"a = " + b"[" * 100_000, "not TOML"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_file_that_is_no_settings_file_is_refused(
    tmp_path: Path, content: bytes, says: str
):
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    with pytest.raises(SettingError, match=says):
        settings({}, file)


def test_a_file_that_is_not_there_is_told_with_the_remedy():
    with pytest.raises(SettingError, match=r"cannot be read .*check --example"):
        settings({"TELEFONIST_SETTINGS": "/no/such/settings.toml"})


def test_sound_is_kept_no_longer_than_what_was_said(tmp_path: Path):
    text = "[recording]\ndays = {}\n[retention]\ntranscripts_days = 30\n"
    (told,) = faults(tmp_path, text.format(31))
    assert told.endswith("transcripts are kept for 30 days: keep sound no longer")
    assert settings({}, written(tmp_path, text.format(30))).recording.days == 30
