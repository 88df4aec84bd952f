"""`extension`: mobiles and search words, as people write them."""

import json
from pathlib import Path

import pytest
from command_line import Telefonist, Told

ANNA = ("1234", "Anna Berg")


def line(telefonist: Telefonist, number: str = "1234") -> dict[str, object]:
    """Return a line of the directory."""
    told = telefonist("extension", "list", "--json").out.splitlines()
    (found,) = (each for each in map(json.loads, told) if each["extension"] == number)
    assert isinstance(found, dict)
    return found


def imported(telefonist: Telefonist, folder: Path, *lines: str) -> Told:
    (folder / "staff.csv").write_text("\n".join(lines), encoding="utf-8")
    return telefonist("extension", "import", "staff.csv")


def test_mobiles_and_words_are_listed_in_one_form(telefonist: Telefonist):
    words = ("--search", "Annsan", "--search", " bygg  lov ")
    mobiles = ("--mobile", "070-123 45 67", "--mobile", "+46 (0)73 765 43 21")
    added = telefonist("extension", "add", *ANNA, *mobiles, *words, "--json")
    assert added.code == 0
    listed = {
        "extension": "1234",
        "name": "Anna Berg",
        "unit": "",
        "mail": "",
        "mobiles": ["+46701234567", "+46737654321"],
        "search": ["Annsan", "bygg lov"],
    }
    assert json.loads(added.out) == line(telefonist) == listed
    shown = telefonist("extension", "list").out
    assert "+46701234567, +46737654321" in shown
    assert "Annsan, bygg lov" in shown


def test_a_site_abroad_writes_its_numbers_its_own_way(
    telefonist: Telefonist, site: Path
):
    (site / "site.toml").write_text('[numbering]\ncountry = "45"\ntrunk = ""\n')
    abroad = ("--settings", "site.toml")
    added = telefonist(*abroad, "extension", "add", *ANNA, "--mobile", "20 12 34 56")
    assert added.code == 0
    assert line(telefonist)["mobiles"] == ["+4520123456"]


def test_only_what_is_given_is_changed(telefonist: Telefonist):
    given = ("--unit", "Bygg", "--mobile", "0701234567", "--search", "Annsan")
    telefonist("extension", "add", *ANNA, *given)
    telefonist("divert", "set", "1234", "SAM")
    before = line(telefonist)
    for option, value, changes in (
        ("--name", "Anna Ek", {"name": "Anna Ek"}),
        ("--unit", "", {"unit": ""}),
        ("--mobile", "0737654321", {"mobiles": ["+46737654321"]}),
        ("--mobile", "", {"mobiles": []}),
        ("--search", "Ankan", {"search": ["Ankan"]}),
    ):
        assert telefonist("extension", "change", "1234", option, value).code == 0
        before |= changes
        assert line(telefonist) == before
    assert "SAM" in telefonist("divert", "list").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "2", "Bo", "--mobile", "070x"], "'070x' is no mobile: write it as"),
        (["add", "2", "Bo", "--mobile", "1234"], "'1234' is no mobile: write it as"),
        (["add", "2", "Bo", "--search", "?!"], "'?!' is no search word: write what"),
        (["add", "2", "Bo", "--mobile", "0701234567"], "of both 1234 and 2: leave it"),
        (["change", "1234"], "nothing to change: give --name, --unit, --mail"),
        (["change", "1234", "--name", " "], "1234 has no name: write one"),
        (["change", "99", "--name", "Bo"], "telefonist extension add 99"),
        (["change", "12x", "--name", "Bo"], "'12x' is no extension: write digits"),
    ],
)
def test_what_cannot_be_listed_is_said_in_a_sentence(
    telefonist: Telefonist, arguments: list[str], says: str
):
    telefonist("extension", "add", *ANNA, "--mobile", "0701234567")
    before = telefonist("extension", "list").out
    told = telefonist("extension", *arguments)
    assert (told.code, told.out) == (1, "")
    assert says in told.err
    assert told.err.startswith("telefonist: ")
    assert told.err.count("\n") == 1
    assert telefonist("extension", "list").out == before


@pytest.mark.parametrize(
    "lines",
    [
        ("extension,name,mobiles,search", '1234,Anna,"0701234567, 073-7654321","A,B"'),
        ("Extension;Name;Mobile;Search", '1234;Anna;0701234567,073-7654321;"A;B"'),
        ("search,mobiles,name,extension", '"A\nB","0701234567\n0737654321",Anna,1234'),
    ],
)
def test_a_cell_can_hold_several(
    telefonist: Telefonist, site: Path, lines: tuple[str, ...]
):
    assert imported(telefonist, site, *lines).code == 0
    listed = line(telefonist)
    assert listed["mobiles"] == ["+46701234567", "+46737654321"]
    assert listed["search"] == ["A", "B"]


def test_what_a_list_has_no_column_for_is_left_as_it_is(
    telefonist: Telefonist, site: Path
):
    given = ("--unit", "Bygg", "--mobile", "0701234567", "--search", "Annsan")
    telefonist("extension", "add", *ANNA, *given)
    before = line(telefonist)
    rows = ("extension,name", "1234,Anna Ek", "2345,Bo")
    assert imported(telefonist, site, *rows).code == 0
    assert line(telefonist) == before | {"name": "Anna Ek"}
    assert line(telefonist, "2345")["mobiles"] == []
    # A column that is there and empty takes away.
    assert imported(telefonist, site, "extension,name,mobiles", "1234,A,").code == 0
    assert line(telefonist) == before | {"name": "A", "mobiles": []}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["1,A,070x", "2,B,0701234567"], "staff.csv:2: '070x' is no mobile: write it"),
        (["1,A,0701234567", "2,B,+46701234567"], "csv:3: +46701234567 is that of 1"),
    ],
)
def test_a_list_with_a_wrong_mobile_imports_nothing(
    telefonist: Telefonist, site: Path, rows: list[str], says: str
):
    told = imported(telefonist, site, "extension,name,mobiles", *rows)
    assert told.code == 1
    assert says in told.err
    assert telefonist("extension", "list", "--json").out == ""


def test_columns_that_are_not_read_are_told_and_all_else_is_imported(
    telefonist: Telefonist, site: Path
):
    told = imported(telefonist, site, "number,name,title", "1234,Anna Berg,chef")
    assert told.code == 0
    assert told.err == "Not read: title.\n"
    assert line(telefonist)["name"] == "Anna Berg"
