"""`extension sync`: the staff directory made as a real directory server has it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Telefonist, Told
from directory_server import (
    READER_PASSWORD,
    DirectoryServer,
    Person,
    people,
    running,
)

pytestmark = pytest.mark.ldap


@pytest.fixture
def slapd(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DirectoryServer]:
    """Run a server with twenty people, and set it in a settings file."""
    folder = site / "slapd"
    folder.mkdir()
    with running(folder, people(*range(100, 120))) as server:
        (site / "telefonist.toml").write_text(
            f'{server.settings}search = ["initials"]\nkept = ["900"]\n'
        )
        monkeypatch.setenv("TELEFONIST_SETTINGS", str(site / "telefonist.toml"))
        monkeypatch.setenv("TELEFONIST_LDAP_PASSWORD", READER_PASSWORD)
        yield server


@pytest.fixture
def sync(telefonist: Telefonist, slapd: DirectoryServer) -> Telefonist:
    def run(*options: str | Path) -> Told:
        return telefonist("extension", "sync", *options)

    return run


def listed(telefonist: Telefonist) -> dict[str, dict[str, object]]:
    told = telefonist("extension", "list", "--json").out.splitlines()
    return {line["extension"]: line for line in map(json.loads, told)}


def test_everybody_is_listed_and_all_is_as_before_the_next_time(
    telefonist: Telefonist, sync: Telefonist
):
    told = sync()
    assert (told.code, told.err) == (0, "")
    assert told.out == (
        "20 extensions are imported: 20 added, 0 changed, 0 removed, 0 as before.\n"
    )
    assert listed(telefonist)["103"] == {
        "extension": "103",
        "name": "Person 103",
        "unit": "Enhet 5",
        "mail": "p103@example.org",
        "mobiles": ["+46700000103"],
        "search": [],
    }
    told = sync("--json")
    assert json.loads(told.out) == {
        "imported": 20,
        "added": 0,
        "changed": 0,
        "removed": 0,
        "same": 20,
        "left_out": [],
    }


def test_night_after_night_the_directory_follows(
    telefonist: Telefonist, sync: Telefonist, slapd: DirectoryServer
):
    telefonist("extension", "add", "900", "Stora salen")
    sync()
    telefonist("divert", "set", "100", "lunch", "--until", "13:00")
    slapd.change("Person 100", displayName="Anna Gift", initials="AG")
    slapd.change("Person 101", ou="Bygglov")
    slapd.change("Person 102", telephoneNumber="150")
    slapd.remove("Person 103")
    slapd.add(Person("Göran Ny", {"telephoneNumber": "160"}))
    told = sync("--dry-run")
    assert told.out.splitlines() == [
        "added: 150 Person 102",
        "added: 160 Göran Ny",
        "changed: 100 Anna Gift",
        "changed: 101 Person 101",
        "removed: 102 Person 102",
        "removed: 103 Person 103",
        "0 extensions are imported; it would be: "
        "2 added, 2 changed, 2 removed, 16 as before.",
    ]
    assert "150" not in listed(telefonist)
    assert sync().out == (
        "20 extensions are imported: 2 added, 2 changed, 2 removed, 16 as before.\n"
    )
    there = listed(telefonist)
    assert (there["100"]["name"], there["100"]["search"]) == ("Anna Gift", ["AG"])
    assert there["101"]["unit"] == "Bygglov"
    assert there["150"]["mail"] == "p102@example.org"
    assert {"102", "103"} & there.keys() == set()
    assert {"160", "900"} <= there.keys()


def test_what_is_wrong_of_somebody_is_told_and_left_as_it_is(
    telefonist: Telefonist, sync: Telefonist, slapd: DirectoryServer
):
    sync()
    slapd.change("Person 100", telephoneNumber="vaxeln", displayName="Ny")
    slapd.change("Person 101", telephoneNumber="102")
    slapd.change("Person 103", mobile=["finns ej", "0701112233"], ou="Vård")
    slapd.change("Person 104", mobile="070-0000105")
    slapd.change("Person 106", displayName=b"\xc3\x85sa \xe2\x80\xae")
    told = sync()
    assert told.out.splitlines() == [
        "left as it is: Person 101: 102 is that of Person 102 too: leave it with one "
        "of them.",
        "left as it is: Person 102: 102 is that of Person 101 too: leave it with one "
        "of them.",
        "left as it is: Person 103: 'finns ej' is no mobile: write it as "
        "070-123 45 67 or +46701234567.",
        "left as it is: Åsa \ufffd: 'Åsa \ufffd' has a sign that cannot be seen: write "
        "it anew.",
        "left as it is: Ny: 'vaxeln' is no extension: write digits only.",
        "left as it is: Person 104: +46700000105 is that of 105 too: leave it with one "
        "of them.",
        "16 extensions are imported: 0 added, 1 changed, 0 removed, 15 as before.",
    ]
    there = listed(telefonist)
    assert len(there) == 20
    assert there["103"]["unit"] == "Vård"
    assert there["103"]["mobiles"] == ["+46700000103"]
    assert there["100"]["name"] == "Person 100"


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_server_that_lost_many_removes_nobody(
    telefonist: Telefonist,
    sync: Telefonist,
    slapd: DirectoryServer,
    dry: tuple[str, ...],
):
    sync()
    slapd.remove(*(f"Person {number}" for number in range(100, 110)))
    told = sync(*dry)
    assert (told.code, told.out) == (1, "")
    assert "The list lacks 10 of 20 extensions, more than a tenth" in told.err
    slapd.remove(*(f"Person {number}" for number in range(110, 120)))
    told = sync(*dry, "--force")
    assert told.code == 1
    assert "tells nobody who has a number: look at base, filter and number" in told.err
    assert len(listed(telefonist)) == 20


def test_more_than_a_tenth_go_when_that_is_meant(
    telefonist: Telefonist, sync: Telefonist, slapd: DirectoryServer
):
    sync()
    slapd.remove(*(f"Person {number}" for number in range(100, 110)))
    assert sync("--force").code == 0
    assert len(listed(telefonist)) == 10


def test_a_server_that_is_gone_changes_nothing(
    telefonist: Telefonist, sync: Telefonist, slapd: DirectoryServer
):
    sync()
    slapd.process.kill()
    slapd.process.wait()
    told = sync()
    assert (told.code, told.out) == (1, "")
    assert "cannot be reached: look at address in [ldap]" in told.err
    assert "Nothing is changed in the directory." in told.err
    assert len(listed(telefonist)) == 20


def test_a_check_of_the_site_looks_there_too(
    telefonist: Telefonist, slapd: DirectoryServer, monkeypatch: pytest.MonkeyPatch
):
    def checked() -> dict[str, object]:
        told = telefonist("check", "--json").out.splitlines()
        needs = {need["need"]: need for need in map(json.loads, told)}
        return {each: needs["directory server"][each] for each in ("ok", "detail")}

    assert checked() == {"ok": True, "detail": "20 people"}
    monkeypatch.setenv("TELEFONIST_LDAP_PASSWORD", "fel")
    found = checked()
    assert found["ok"] is False
    assert "does not let us in: look at user in [ldap]" in str(found["detail"])


def test_a_wrong_password_is_told_and_never_shown(
    telefonist: Telefonist, sync: Telefonist, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TELEFONIST_LDAP_PASSWORD", "hemligt-fel")
    told = sync()
    assert told.code == 1
    assert "does not let us in" in told.err
    assert "hemligt-fel" not in told.err
    assert listed(telefonist) == {}
