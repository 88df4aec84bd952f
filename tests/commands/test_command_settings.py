"""The settings file at the command line: an example to begin with, and every fault."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import Telefonist

from voice.commands.needs import Need, NeedError, service_needs
from voice.config import HealthSettings, settings
from voice.health import open_health
from voice.measures import Measures
from voice.phone.port import Condition
from voice.settings_file import EXAMPLE

Needs = Callable[[str], dict[str, Need]]


@pytest.fixture
def needs(tmp_path: Path) -> Needs:
    """Return what a settings file asks for, by name."""

    def read(text: str) -> dict[str, Need]:
        file = tmp_path / "settings.toml"
        file.write_text(text, encoding="utf-8")
        return {need.name: need for need in service_needs(settings({}, file))}

    return read


@contextmanager
def taken(kind: socket.SocketKind = socket.SOCK_STREAM) -> Iterator[str]:
    """Hold a port of this machine, and give its address."""
    with socket.socket(socket.AF_INET, kind) as held:
        held.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            held.listen()
        yield f"127.0.0.1:{held.getsockname()[1]}"


def free() -> str:
    with taken() as address:
        return address


def line(address: str) -> str:
    """Return where a SIP line listens, and ports that no test is given by chance."""
    return f'listen = "{address}"\nrtp_ports = [20000, 20200]\n'


def quiet() -> str:
    """Return settings whose health nobody answers for."""
    return f'[health]\nlisten = "{free()}"\n'


def test_the_example_is_printed_as_it_is(telefonist: Telefonist):
    told = telefonist("check", "--example")
    assert (told.code, told.err) == (0, "")
    assert told.out == EXAMPLE.read_text(encoding="utf-8")


def test_each_command_stops_at_a_settings_file_with_faults(
    telefonist: Telefonist, site: Path, monkeypatch: pytest.MonkeyPatch
):
    file = site / "telefonist.toml"
    file.write_text('[service]\ncalls = "many"\n[sip]\npassword = "hemligt"\n')
    named_after = telefonist("check", "--settings", file)
    named_before = telefonist("--settings", file, "extension", "list")
    monkeypatch.setenv("TELEFONIST_SETTINGS", str(file))
    for told in (named_after, named_before, telefonist("code", "#23#")):
        assert (told.code, told.out) == (1, "")
        assert f"{file}:2: [service] calls: 'many' does not fit" in told.err
        assert f"{file}:4: [sip] password: secrets are not written" in told.err
        assert "hemligt" not in told.err


def test_a_settings_file_holds_for_one_command_only(telefonist: Telefonist, site: Path):
    file = site / "telefonist.toml"
    file.write_text('[sound]\ngrammar = "nowhere"\n')
    assert telefonist("--settings", file, "code", "#23#").code == 1
    assert telefonist("code", "#23#").code == 0


def test_the_store_of_the_settings_file_is_used(
    telefonist: Telefonist, site: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("TELEFONIST_STORE")
    (site / "etc").mkdir()
    file = site / "etc" / "telefonist.toml"
    file.write_text(f'[store]\naddress = "{site / "other.db"}"\n')
    monkeypatch.setenv("TELEFONIST_SETTINGS", str(file))
    assert telefonist("extension", "add", "1234", "Anna").code == 0
    assert (site / "other.db").is_file()
    assert not (site / "site.db").exists()


@pytest.mark.model
def test_check_tries_what_the_settings_ask_for(telefonist: Telefonist, site: Path):
    file = site / "telefonist.toml"
    with taken() as address:
        file.write_text(
            f'[sip]\n{line(free())}[asterisk]\non = true\nagi = "{address}"\n'
            f'audio = "{free()}"\n{quiet()}[recording]\ndays = 1\nfolder = "calls"\n'
        )
        told = telefonist("check", "--settings", file)
    assert told.code == 1
    assert f"✓ settings: {file} is without fault" in told.out
    assert "✓ SIP: baresip-python" in told.out
    assert "✓ sip listen" in told.out
    assert f"✗ asterisk agi: {address} cannot be listened at over TCP" in told.out
    assert f"✓ recording folder: {site / 'calls'}" in told.out


def test_without_a_settings_file_no_service_is_tried():
    assert list(service_needs(settings({}))) == []


async def test_a_port_in_use_is_told_over_its_protocol(needs: Needs):
    with taken(socket.SOCK_DGRAM) as address:
        asked = needs(f"[sip]\n{line(address)}{quiet()}")
        with pytest.raises(NeedError, match=r"over UDP .*choose another"):
            await asked["sip listen"].trial()
    assert (await asked["sip listen"].trial()).endswith("is free")


async def test_a_service_that_runs_has_its_ports_and_is_asked_how_it_is(needs: Needs):
    well = [True]

    async def condition() -> Condition:
        return Condition(well[0], "the line is down.")

    any_port = HealthSettings("127.0.0.1:0")
    async with open_health(any_port, Measures(), {"line": condition}) as port:
        text = f'[health]\nlisten = "127.0.0.1:{port}"\n'
        asked = await asyncio.to_thread(needs, text)
        assert "sip listen" not in asked
        assert await asked["telefonist serve"].trial() == "it runs here and is well"
        well[0] = False
        asked = await asyncio.to_thread(needs, text)
        with pytest.raises(NeedError, match="not well: ask its /healthz"):
            await asked["telefonist serve"].trial()


async def test_what_answers_in_the_services_place_is_not_taken_for_it(needs: Needs):
    with taken() as address, socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(20)
        health = f"127.0.0.1:{other.getsockname()[1]}"

        def answer() -> None:
            peer, _ = other.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(b"SSH-2.0-what\r\n")

        answering = asyncio.to_thread(answer)
        text = f'[sip]\n{line(address)}[health]\nlisten = "{health}"\n'
        asked, _ = await asyncio.gather(asyncio.to_thread(needs, text), answering)
    assert "telefonist serve" not in asked
    assert "health listen" in asked


async def test_a_missing_password_is_told_by_the_name_of_its_variable(needs: Needs):
    account = '[sip.registration]\nuser = "4949"\nregistrar = "10.0.0.1"\n'
    first, second = (f"[[sip]]\n{line(free())}" for _ in range(2))
    asked = needs(first + second + account + quiet())
    assert "line 1 password" not in asked
    with pytest.raises(NeedError, match="TELEFONIST_SIP_PASSWORD_2 is not set"):
        await asked["line 2 password"].trial()


async def test_what_accounts_of_calendars_lack_is_told(needs: Needs):
    anna = '[caldav.accounts.anna]\naddress = "https://example.org/"\nuser = "anna"\n'
    asked = needs(f'{quiet()}[caldav]\nauthorities = "a.pem"\n{anna}')
    assert "caldav password" not in asked
    with pytest.raises(NeedError, match="TELEFONIST_CALDAV_PASSWORD_ANNA is not set"):
        await asked["caldav.accounts.anna password"].trial()
    with pytest.raises(NeedError, match=r"a\.pem cannot be used .*certificates"):
        await asked["caldav authorities"].trial()


TLS = '[sip]\ntransport = "tls"\ncertificate = "a.pem"\nauthorities = "a.pem"\n'


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nno\n"])
async def test_a_certificate_that_cannot_be_used_is_told(
    needs: Needs, tmp_path: Path, content: str | None
):
    if content is not None:
        (tmp_path / "a.pem").write_text(content)
    asked = needs(TLS + quiet())
    with pytest.raises(
        NeedError, match=r"a\.pem cannot be used .*without a passphrase"
    ):
        await asked["line 1 certificate"].trial()
    with pytest.raises(NeedError, match=r"a\.pem cannot be used .*certificates"):
        await asked["line 1 authorities"].trial()


def made_certificate(file: Path, *options: str) -> None:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("makes a certificate with openssl: apt install openssl")
    key, certificate = file.with_suffix(".key"), file.with_suffix(".crt")
    wanted = [program, "req", "-x509", "-newkey", "rsa:2048", "-subj", "/CN=test"]
    out = ["-keyout", str(key), "-out", str(certificate), *options]
    subprocess.run([*wanted, *out], check=True, capture_output=True)
    file.write_bytes(certificate.read_bytes() + key.read_bytes())


async def test_a_certificate_with_its_key_is_well(needs: Needs, tmp_path: Path):
    made_certificate(tmp_path / "a.pem", "-nodes")
    asked = needs(TLS + quiet())
    assert "a certificate and its key" in await asked["line 1 certificate"].trial()
    assert "holds authorities" in await asked["line 1 authorities"].trial()


async def test_a_key_with_a_passphrase_is_told_and_not_asked_for(
    needs: Needs, tmp_path: Path
):
    made_certificate(tmp_path / "a.pem", "-passout", "pass:hemligt")
    asked = needs(TLS + quiet())
    with pytest.raises(NeedError, match="without a passphrase") as refused:
        await asked["line 1 certificate"].trial()
    assert isinstance(refused.value.__cause__, ssl.SSLError | ValueError)


async def test_a_folder_for_sound_that_cannot_be_written_is_told(
    needs: Needs, tmp_path: Path
):
    (tmp_path / "file").write_text("")
    asked = needs(f'{quiet()}[recording]\ndays = 1\nfolder = "file/calls"\n')
    with pytest.raises(OSError, match="file"):
        await asked["recording folder"].trial()
