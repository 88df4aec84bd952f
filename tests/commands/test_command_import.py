"""`extension import`: a staff list changes all it tells of, or nothing at all."""

import json
from pathlib import Path

import pytest
from command_line import Telefonist, Told

HEAD = "number,name,mail,mobile"


def imported(telefonist: Telefonist, folder: Path, *lines: str) -> Told:
    """Import lines under a heading; what begins with a dash is an option."""
    rows = [line for line in lines if not line.startswith("-")]
    options = [line for line in lines if line.startswith("-")]
    text = "\n".join([HEAD, *rows])
    (folder / "staff.csv").write_text(text, encoding="utf-8")
    return telefonist("extension", "import", "staff.csv", *options)


def listed(telefonist: Telefonist) -> dict[str, dict[str, object]]:
    told = telefonist("extension", "list", "--json").out.splitlines()
    return {line["extension"]: line for line in map(json.loads, told)}


@pytest.fixture
def staff(telefonist: Telefonist, site: Path) -> list[str]:
    """List twenty people, and return their lines."""
    rows = [f"{number},Nr {number},nr{number}@example.se," for number in range(20)]
    assert imported(telefonist, site, *rows).code == 0
    return rows


def test_a_mail_address_is_listed_in_small_letters_and_changed(
    telefonist: Telefonist,
):
    added = ("extension", "add", "1234", "Anna", "--mail", " Anna.Berg@Example.se ")
    assert telefonist(*added).code == 0
    assert listed(telefonist)["1234"]["mail"] == "anna.berg@example.se"
    assert "anna.berg@example.se" in telefonist("extension", "list").out
    telefonist("extension", "change", "1234", "--name", "Anna Ek")
    assert listed(telefonist)["1234"]["mail"] == "anna.berg@example.se"
    for mail in ("anna.ek@example.se", ""):
        telefonist("extension", "change", "1234", "--mail", mail)
        assert listed(telefonist)["1234"]["mail"] == mail


@pytest.mark.parametrize(
    "mail", ["anna", "anna@", "@b.se", "a b@c.se", "a@b", "<a@b.se>"]
)
def test_what_is_no_mail_address_is_refused(telefonist: Telefonist, mail: str):
    told = telefonist("extension", "add", "1234", "Anna", "--mail", mail)
    assert told.code == 1
    assert f"'{mail}' is no mail address: write it as" in told.err
    assert listed(telefonist) == {}


def test_a_mail_address_is_not_that_of_two(telefonist: Telefonist):
    telefonist("extension", "add", "1", "Anna", "--mail", "a@example.se")
    told = telefonist("extension", "add", "2", "Bo", "--mail", "A@EXAMPLE.SE")
    assert "a@example.se would be the mail of both 1 and 2: leave it" in told.err
    assert set(listed(telefonist)) == {"1"}


def test_a_list_says_what_it_changed(
    telefonist: Telefonist, site: Path, staff: list[str]
):
    changed = [*staff[:18], "18,Ny,nr18@example.se,", "20,Nyast,,", "--remove-missing"]
    told = imported(telefonist, site, *changed, "--json")
    assert json.loads(told.out) == {
        "imported": 20,
        "added": 1,
        "changed": 1,
        "removed": 1,
        "same": 18,
    }
    people = listed(telefonist)
    assert "19" not in people
    assert (people["18"]["name"], people["20"]["name"]) == ("Ny", "Nyast")


def test_those_whom_a_list_lacks_stay_unless_they_are_to_go(
    telefonist: Telefonist, site: Path, staff: list[str]
):
    told = imported(telefonist, site, *staff[:3])
    assert told.out == (
        "3 extensions are imported: 0 added, 0 changed, 0 removed, 3 as before.\n"
    )
    assert len(listed(telefonist)) == 20


def test_a_dry_run_tells_all_and_changes_nothing(
    telefonist: Telefonist, site: Path, staff: list[str]
):
    before = listed(telefonist)
    changed = [*staff[:18], "18,Ny,nr18@example.se,", "20,[b]Nyast,,"]
    told = imported(telefonist, site, *changed, "--remove-missing", "--dry-run")
    assert told.out.splitlines() == [
        "added: 20 [b]Nyast",
        "changed: 18 Ny",
        "removed: 19 Nr 19",
        "0 extensions are imported; it would be: "
        "1 added, 1 changed, 1 removed, 18 as before.",
    ]
    assert listed(telefonist) == before


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_half_a_list_removes_nobody(
    telefonist: Telefonist, site: Path, staff: list[str], dry: tuple[str, ...]
):
    told = imported(telefonist, site, *staff[:17], "--remove-missing", *dry)
    assert (told.code, told.out) == (1, "")
    assert "lacks 3 of 20 extensions, more than a tenth: look whether" in told.err
    assert len(listed(telefonist)) == 20


def test_a_tenth_may_go_and_more_when_it_is_meant(
    telefonist: Telefonist, site: Path, staff: list[str]
):
    assert imported(telefonist, site, *staff[:18], "--remove-missing").code == 0
    assert len(listed(telefonist)) == 18
    forced = imported(telefonist, site, *staff[:2], "--remove-missing", "--force")
    assert forced.code == 0
    assert set(listed(telefonist)) == {"0", "1"}


def test_one_who_comes_has_the_number_and_mail_of_one_who_goes(
    telefonist: Telefonist, site: Path, staff: list[str]
):
    telefonist("extension", "change", "19", "--mobile", "0701234567")
    new = "99,Ny,nr19@example.se,0701234567"
    assert imported(telefonist, site, *staff[:19], new, "--remove-missing").code == 0
    assert listed(telefonist)["99"]["mobiles"] == ["+46701234567"]


def test_two_exchange_their_mail_addresses(
    telefonist: Telefonist, site: Path, staff: list[str]
):
    told = imported(telefonist, site, "0,A,nr1@example.se,", "1,B,nr0@example.se,")
    assert told.code == 0
    people = listed(telefonist)
    assert people["0"]["mail"] == "nr1@example.se"
    assert people["1"]["mail"] == "nr0@example.se"


def test_every_fault_is_told_with_its_line_and_nothing_is_imported(
    telefonist: Telefonist, site: Path, staff: list[str]
):
    before = listed(telefonist)
    told = imported(
        telefonist,
        site,
        "x,A,,",
        "30,,fel,070x",
        "31,B,b@example.se,",
        '32,"C\nD",,',
        "31,E,e@example.se,",
    )
    assert told.code == 1
    assert told.err.removeprefix("telefonist: ").splitlines() == [
        "staff.csv:2: 'x' is no extension: write digits only.",
        "staff.csv:3: 30 has no name: write one.",
        "staff.csv:3: 'fel' is no mail address: write it as anna.berg@example.se.",
        "staff.csv:3: '070x' is no mobile: write it as 070-123 45 67 or +46701234567.",
        "staff.csv:7: 31 stands on line 4 too: keep one.",
        "Nothing is imported.",
    ]
    assert listed(telefonist) == before


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_what_would_be_that_of_two_is_told_with_its_line(
    telefonist: Telefonist, site: Path, staff: list[str], dry: tuple[str, ...]
):
    rows = ("30,A,NR7@example.se,", "31,B,b@example.se,0701234567", "32,C,,070-1234567")
    told = imported(telefonist, site, *rows, *dry)
    assert told.err.removeprefix("telefonist: ").splitlines() == [
        "staff.csv:2: nr7@example.se is that of 7 too: leave it with one of them.",
        "staff.csv:4: +46701234567 is that of 31 too: leave it with one of them.",
        "Nothing is imported.",
    ]
    assert len(listed(telefonist)) == 20


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("1," + "Å" * 201, "' is too long: write 200 signs at most."),
        (f"1,A,a{'x' * 250}@b.se", "' is too long: write 200 signs at most."),
        ("1,An\u202ena", "'An\ufffdna' has a sign that cannot be seen: write it anew."),
        ("1,An\0na", "'An\ufffdna' has a sign that cannot be seen: write it anew."),
        ("1,An\u00adna", "'An\ufffdna' has a sign that cannot be seen: write it anew."),
        ("1,\ufffdsa", "'\ufffdsa' has a sign that cannot be seen: write it anew."),
        ("1" * 21 + ",A", f"'{'1' * 20}' is no extension: write digits only."),
    ],
)
def test_what_nobody_could_see_or_say_is_refused(
    telefonist: Telefonist, site: Path, cells: str, told: str
):
    refused = imported(telefonist, site, cells)
    assert refused.code == 1
    assert told in refused.err
    assert listed(telefonist) == {}


def test_a_mobile_that_stands_twice_is_no_change_the_next_time(
    telefonist: Telefonist, site: Path
):
    row = '1,Anna,,"070-1234567, +46701234567"'
    assert imported(telefonist, site, row).code == 0
    assert imported(telefonist, site, row).out.endswith("0 removed, 1 as before.\n")
    assert listed(telefonist)["1"]["mobiles"] == ["+46701234567"]


def test_a_site_without_a_directory_server_is_told_how_to_have_one(
    telefonist: Telefonist,
):
    told = telefonist("extension", "sync")
    assert told.code == 1
    assert "No directory server is set: write [ldap] in the settings file." in told.err


def test_who_has_a_mobile_keeps_it_wherever_the_line_stands(
    telefonist: Telefonist, site: Path
):
    assert imported(telefonist, site, "9,Bo,,0701234567").code == 0
    told = imported(telefonist, site, "1,Anna,,0701234567", "9,Bo,,0701234567")
    assert "staff.csv:2: +46701234567 is that of 9 too: leave it" in told.err


@pytest.mark.parametrize(
    "cell", ["'; DROP TABLE extensions --", "=1+1", "<script>", "Å" * 200]
)
def test_a_hostile_cell_is_only_text(telefonist: Telefonist, site: Path, cell: str):
    assert imported(telefonist, site, f'1,"{cell}",,').code == 0
    assert listed(telefonist)["1"]["name"] == cell
