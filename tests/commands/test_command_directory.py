"""`extension`, `divert`, `calls`: what a store holds, changed wholly or not at all."""

import json
from pathlib import Path

import pytest
from command_line import Play, Telefonist

NOW = ("--now", "2026-03-05T11:40")


def listed(telefonist: Telefonist, *arguments: str) -> list[dict[str, str]]:
    told = telefonist(*arguments, "--json")
    assert (told.code, told.err) == (0, "")
    return [json.loads(line) for line in told.out.splitlines()]


def numbers(telefonist: Telefonist) -> list[str]:
    return [line["extension"] for line in listed(telefonist, "extension", "list")]


def test_an_extension_is_added_listed_and_removed(telefonist: Telefonist):
    added = telefonist("extension", "add", "1234", "Anna Berg", "--unit", "Bygg")
    assert added.out == "1234 Anna Berg is added.\n"
    assert listed(telefonist, "extension", "list") == [
        {
            "extension": "1234",
            "name": "Anna Berg",
            "unit": "Bygg",
            "mail": "",
            "mobiles": [],
            "search": [],
        }
    ]
    assert "Anna Berg" in telefonist("extension", "list").out
    assert telefonist("extension", "remove", "1234").code == 0
    assert numbers(telefonist) == []


def test_a_new_user_has_a_store_without_making_its_folder(
    telefonist: Telefonist, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("TELEFONIST_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new"))
    monkeypatch.setenv("HOME", str(tmp_path / "new"))
    assert telefonist("extension", "add", "1234", "Anna").code == 0
    assert numbers(telefonist) == ["1234"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["extension", "add", "12a", "Anna"], "'12a' is no extension: write digits"),
        (["extension", "add", "1234", " "], "1234 has no name: write one"),
        (["extension", "remove", "99"], "telefonist extension add 99"),
        (["divert", "set", "99", "SAM"], "telefonist extension add 99"),
        (["divert", "list", "99"], "telefonist extension add 99"),
        (["divert", "set", "1234", "XYZ"], "'XYZ' is no reason: use SAM"),
        (["divert", "clear", "1234", "XYZ"], "'XYZ' is no reason: use SAM"),
        (["divert", "set", "1234", "SAM", "igår"], "'igår' is no time: say it as in"),
        (["divert", "clear", "1234"], "`telefonist divert list`"),
        (["calls", "show", "nope"], "`telefonist calls list`"),
        (["extension", "list", "--store", "ftp://x"], "write sqlite:///path/file.db"),
        (["extension", "list", "--store", "/no/such/x.db"], "create it, or name"),
        (
            ["extension", "list", "--store", "postgresql://127.0.0.1:1/x"],
            "is its server running",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    telefonist: Telefonist, arguments: list[str], says: str
):
    telefonist("extension", "add", "1234", "Anna")
    told = telefonist(*arguments)
    assert (told.code, told.out) == (1, "")
    assert says in told.err
    assert told.err.startswith("telefonist: ")
    assert told.err.count("\n") == 1
    assert numbers(telefonist) == ["1234"]
    assert listed(telefonist, "divert", "list") == []


def test_a_divert_is_set_listed_and_cleared(telefonist: Telefonist):
    telefonist("extension", "add", "1234", "Anna")
    done = telefonist("divert", "set", "1234", "sam:", "till halv tre", *NOW, "--json")
    divert = {
        "extension": "1234",
        "reason": "SAM",
        "mode": "closed",
        "start": "2026-03-05T11:40:00+01:00",
        "until": "2026-03-05T14:30:00+01:00",
        "source": "operator",
    }
    assert json.loads(done.out) == divert
    assert listed(telefonist, "divert", "list", *NOW) == [divert]
    assert "SAM until 14:30" in telefonist("divert", "list", "1234", *NOW).out
    cleared = telefonist("divert", "clear", "1234", *NOW)
    assert cleared.out == "1234: the phone is open\n"
    assert listed(telefonist, "divert", "list", *NOW) == []


def test_a_doubtful_time_is_read_back_and_taken_only_with_a_yes(
    telefonist: Telefonist,
):
    telefonist("extension", "add", "1234", "Anna")
    asked = ("divert", "set", "1234", "LDG", "från måndag till fredag", *NOW)
    told = telefonist(*asked)
    assert (told.code, told.out) == (1, "")
    assert "from 2026-03-09 00:00 until 2026-03-13 08:00" in told.err
    assert "say it plainer" in told.err
    assert listed(telefonist, "divert", "list", *NOW) == []
    assert telefonist(*asked, "--yes").code == 0
    (stands,) = listed(telefonist, "divert", "list", *NOW)
    assert stands["until"] == "2026-03-13T08:00:00+01:00"


def test_a_divert_that_only_informs_says_so(telefonist: Telefonist):
    telefonist("extension", "add", "1234", "Anna")
    done = telefonist("divert", "set", "1234", "SEM", "--informing", *NOW, "--json")
    assert json.loads(done.out)["mode"] == "informing"


@pytest.mark.parametrize(
    "text",
    [
        "extension,name,unit\n1,Anna,Bygg\n2,Bo,\n",
        "Extension;Name;Unit\r\n1;Anna;Bygg\r\n2;Bo;\r\n",
        "unit,name,extension\nBygg,Anna,1\n\n,Bo,2\n",
        "\ufeffextension,name\n1,Anna\n2,Bo\n",
    ],
)
def test_a_list_is_imported_as_it_was_saved(
    telefonist: Telefonist, tmp_path: Path, text: str
):
    (tmp_path / "staff.csv").write_text(text, encoding="utf-8", newline="")
    told = telefonist("extension", "import", "staff.csv", "--json")
    assert json.loads(told.out) == {
        "imported": 2,
        "added": 2,
        "changed": 0,
        "removed": 0,
        "same": 0,
    }
    names = [line["name"] for line in listed(telefonist, "extension", "list")]
    assert names == ["Anna", "Bo"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("extension,name\n1,Anna\n2x,Bo\n", "staff.csv:3: '2x' is no extension"),
        ("extension,name\n1,Anna\n\n2,\n", "staff.csv:4: 2 has no name"),
        ("extension,name\n1,Anna\n1,Bo\n", "staff.csv:3: 1 stands on line 2 too"),
        ("phone,name\n1,Anna\n", "begin with the line: extension,name,unit"),
        ("", "begin with the line: extension,name,unit"),
        ("extension,name\n", "lists nobody"),
        ("extension,name\n1\n", "staff.csv:2: 1 has no name"),
    ],
)
def test_a_list_with_a_fault_imports_nothing(
    telefonist: Telefonist, tmp_path: Path, text: str, says: str
):
    telefonist("extension", "add", "7", "Sju")
    (tmp_path / "staff.csv").write_text(text, encoding="utf-8")
    told = telefonist("extension", "import", "staff.csv")
    assert told.code == 1
    assert says in told.err
    assert numbers(telefonist) == ["7"]


def test_every_fault_of_a_list_is_told_at_once(telefonist: Telefonist, tmp_path: Path):
    (tmp_path / "staff.csv").write_text("extension,name\nx,A\n2,\n3,C\n", "utf-8")
    told = telefonist("extension", "import", "staff.csv")
    assert "staff.csv:2:" in told.err
    assert "staff.csv:3:" in told.err
    assert "Nothing is imported." in told.err


@pytest.mark.parametrize("content", [b"extension,name\n1,\xc5sa\n", None])
def test_a_list_that_cannot_be_read_says_how_to_save_it(
    telefonist: Telefonist, tmp_path: Path, content: bytes | None
):
    if content is not None:
        (tmp_path / "staff.csv").write_bytes(content)
    told = telefonist("extension", "import", "staff.csv")
    assert told.code == 1
    assert "save the list as CSV in UTF-8" in told.err


def test_a_call_is_kept_with_every_turn_and_its_end(
    telefonist: Telefonist, site: Path, play: Play
):
    telefonist("extension", "add", "1234", "Anna")
    call = play("now 2026-03-05 11:40", "says sammanträde till halv tre", "hangs up")
    store = f"sqlite:///{site / 'site.db'}"
    replayed = telefonist("replay", call, "--store", store, "--json")
    assert replayed.code == 0
    (kept,) = listed(telefonist, "calls", "list")
    assert (kept["from"], kept["outcome"]) == ("1234", "hung_up")
    assert kept["began"] == "2026-03-05T11:40:00+01:00"
    turns = telefonist("calls", "show", kept["call"], "--json").out
    assert turns.splitlines() == replayed.out.splitlines()[:-1]
    (stands,) = listed(telefonist, "divert", "list", *NOW)
    assert (stands["reason"], stands["source"]) == ("SAM", "voice")
    assert "sammanträde till halv tre" in telefonist("calls", "show", kept["call"]).out


def test_a_call_may_be_replayed_again_into_the_same_store(
    telefonist: Telefonist, site: Path, play: Play
):
    telefonist("extension", "add", "1234", "Anna")
    call, store = play("says status"), f"sqlite:///{site / 'site.db'}"
    for _ in range(3):
        assert telefonist("replay", call, "--store", store).code == 0
    calls = {line["call"] for line in listed(telefonist, "calls", "list")}
    assert len(calls) == 3
    assert len(listed(telefonist, "calls", "list", "--limit", "2")) == 2
    assert listed(telefonist, "calls", "list", "--from", "99") == []


def test_a_caller_who_is_not_listed_leaves_nothing_in_the_store(
    telefonist: Telefonist, site: Path, play: Play
):
    call, store = play("has SAM", "says radera"), f"sqlite:///{site / 'site.db'}"
    told = telefonist("replay", call, "--store", store, "--from", "99")
    assert told.code == 1
    assert "telefonist extension add 99" in told.err
    assert listed(telefonist, "calls", "list") == []
    assert numbers(telefonist) == []


def test_an_empty_store_says_how_to_begin(telefonist: Telefonist):
    assert "telefonist extension add" in telefonist("extension", "list").out
    assert "telefonist demo" in telefonist("calls", "list").out
    assert telefonist("divert", "list").out == "No diverts stand.\n"
