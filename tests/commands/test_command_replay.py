"""`replay`: recordings and screenplays give the same events each time."""

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import soxr
from command_line import FIXTURES, SAID, Play, Telefonist, Told

from voice.trials.screenplay import NOW

EVENT = {"t", "who", "text", "score", "meaning", "event"}
OUTCOME = {"file", "outcome", "stands", "failures"}
CALLS = FIXTURES / "calls"
DIVERT = SAID / "hanvisning-kokoro-am-adam.wav"


def lines(told: Told) -> list[dict[str, object]]:
    assert told.err == ""
    return [json.loads(line) for line in told.out.splitlines()]


def test_a_screenplay_gives_an_event_a_line_and_its_outcome(
    telefonist: Telefonist, play: Play
):
    call = play(
        "now 2026-03-05 11:40",
        "has SAM until 15:00 by calendar",
        "says hänvisning",
        "says radera",
        "hangs up",
        "stands nothing",
    )
    told = telefonist("replay", call, "--json")
    *events, outcome = lines(told)
    assert told.code == 0
    assert all(event.keys() == EVENT for event in events)
    assert "DivertsCleared" in [event["event"] for event in events]
    assert outcome == {
        "file": "a.call",
        "outcome": "hung_up",
        "stands": [],
        "failures": [],
    }


def test_a_demand_that_is_not_met_is_told_and_is_wrong(
    telefonist: Telefonist, play: Play
):
    call = play("says radera", "hears Hej hopp.", "stands SAM", "ends transferred")
    told = telefonist("replay", call, "--json")
    assert told.code == 1
    assert lines(told)[-1]["failures"] == [
        "never heard: Hej hopp.",
        "ended hung_up, not transferred",
        "stands nothing",
    ]
    assert "never heard: Hej hopp." in telefonist("replay", call).out


def test_the_time_and_the_caller_may_be_given(telefonist: Telefonist, play: Play):
    call = play("says sammanträde till halv tre")
    told = telefonist(
        "replay", call, "--now", "2027-01-04T13:00", "--from", "55", "--json"
    )
    meanings = [line["meaning"] for line in lines(told)[:-1] if line["meaning"]]
    assert {"until": "2027-01-04T14:30:00+01:00"}.items() <= meanings[0].items()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["now 2026"], "a.call:1: '2026' is no time: write 2026-03-05 11:40"),
        (["", "from Anna"], "a.call:2: 'Anna' is no extension: write digits"),
        (["sings la la"], "a.call:1: 'sings' is no word of a screenplay: use now"),
        (["keys abc"], "a.call:1: 'abc' cannot be keyed"),
        (["waits soon"], "a.call:1: 'soon' is no wait"),
        (["waits nan"], "a.call:1: 'nan' is no wait"),
        (["says"], "a.call:1: write what belongs to 'says'"),
        (["hangs on"], "a.call:1: write 'hangs up'"),
        (["silence please"], "a.call:1: write 'silence' alone"),
        (["has"], "a.call:1: has what?"),
        (["has SAM bis 15"], "a.call:1: 'bis 15' cannot be read: write as in SAM"),
        (["calendar soon"], "a.call:1: 'calendar soon' cannot be read: write as in"),
        (["invites 1300"], "a.call:1: 'invites 1300' cannot be read"),
        (["books 09:00-25:00 SAM: a"], "a.call:1: '2026-03-04 25:00' is no time"),
        (["books SAM: a", "invites Bo"], "a.call:2: 'Bo' is no extension"),
        (["has XYZ", "says radera"], "a.call: 'XYZ' is no reason: use SAM"),
        (["says hej", "plays x.wav"], "a.call:2: 'plays' needs sound, and 'says'"),
        (["keys 1", "plays none.wav"], "a.call:2: "),
    ],
)
def test_a_screenplay_that_cannot_be_played_names_its_line(
    telefonist: Telefonist, play: Play, written: list[str], says: str
):
    told = telefonist("replay", play(*written))
    assert (told.code, told.out) == (1, "")
    assert says in told.err
    assert told.err.count("\n") == 1


def test_a_screenplay_that_is_no_text_is_refused(
    telefonist: Telefonist, tmp_path: Path
):
    (tmp_path / "a.call").write_bytes(b"says \xff\n")
    told = telefonist("replay", "a.call")
    assert (told.code, "no text in UTF-8" in told.err) == (1, True)


def test_a_set_that_is_packed_is_to_be_unpacked_first(
    telefonist: Telefonist, tmp_path: Path
):
    packed = tmp_path / "felhort.zip"
    packed.write_bytes(b"PK")
    told = telefonist("replay", str(packed))
    assert (told.code, "unpack it" in told.err) == (1, True)


def test_one_bad_call_among_many_stops_before_the_first_begins(
    telefonist: Telefonist, play: Play, site: Path
):
    telefonist("extension", "add", "1234", "Anna")
    good, bad = play("says status"), play("sings", name="b.call")
    told = telefonist("replay", good, bad, "--store", site / "site.db")
    assert (told.code, told.out) == (1, "")
    assert telefonist("calls", "list", "--json").out == ""


def test_a_call_that_says_what_stands_is_kept_out_of_a_store(
    telefonist: Telefonist, play: Play, site: Path
):
    telefonist("extension", "add", "1234", "Anna")
    good, bad = play("says status"), play("has SAM", "says status", name="b.call")
    told = telefonist("replay", good, bad, "--store", site / "site.db")
    assert (told.code, told.out) == (1, "")
    assert "b.call says what stands or who there is ('has', 'lists'" in told.err
    assert telefonist("calls", "list", "--json").out == ""


def test_a_call_to_come_lets_nothing_go_that_stands_today(
    telefonist: Telefonist, play: Play, site: Path
):
    telefonist("extension", "add", "1234", "Anna")
    telefonist("divert", "set", "1234", "SAM", "åtta timmar")
    before = telefonist("divert", "list", "--json").out
    call = play("now 2999-03-05 11:40", "says lunch till halv ett")
    told = telefonist("replay", call, "--store", site / "site.db")
    assert (told.code, told.out) == (1, "")
    assert "a.call takes place at 2999-03-05 11:40" in told.err
    assert telefonist("divert", "list", "--json").out == before != ""


def test_a_replay_may_go_on_from_another_in_the_same_store(
    telefonist: Telefonist, play: Play, site: Path
):
    telefonist("extension", "add", "1234", "Anna")
    for number, said in enumerate(("lunch till halv ett", "radera"), 1):
        call = play(f"now 2999-03-0{number} 11:40", f"says {said}")
        assert telefonist("replay", call, "--store", site / "site.db").code == 0


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        ("[[sound]\n", "cannot be read"),
        ("", "[[sound]]"),
        ('[[sound]]\nfile = "said/a.wav"\n', "write file, text and kind"),
        ("sound = 3\n", "write file, text and kind"),
        ('[[sound]]\nfile = 3\ntext = "x"\nkind = "y"\n', "write file, text and kind"),
        (
            '[[sound]]\nfile = "said/a.wav"\ntext = "lunch"\nkind = "y"\n',
            "a.wav",
        ),
        (
            '[[sound]]\nfile = "said/a.wav"\ntext = "x"\nkind = "y"\nplace = "z"\n',
            "place",
        ),
    ],
)
def test_a_broken_set_of_fixtures_says_what_to_mend(
    telefonist: Telefonist, tmp_path: Path, manifest: str, says: str
):
    (tmp_path / "manifest.toml").write_text(manifest, encoding="utf-8")
    told = telefonist("replay", tmp_path)
    assert (told.code, told.out) == (1, "")
    assert says in told.err


@pytest.mark.model
def test_a_set_of_fixtures_is_told_in_a_table(telefonist: Telefonist, tmp_path: Path):
    (tmp_path / "said").mkdir()
    (tmp_path / "said" / "a.wav").write_bytes(DIVERT.read_bytes())
    sound = 'file = "said/a.wav"\ntext = "hänvisning"\nkind = "synthetic"\n'
    (tmp_path / "manifest.toml").write_text(f"[[sound]]\n{sound}", encoding="utf-8")
    told = telefonist("replay", tmp_path)
    assert told.code == 0
    assert "100.0 %" in told.out
    sound, total, calls = lines(telefonist("replay", tmp_path, "--json"))
    assert (sound["file"], sound["right"]) == ("said/a.wav", True)
    assert total == {"set": "said", "kind": "synthetic", "sounds": 1, "right": 1}
    assert calls == {"set": "calls", "calls": 0, "right": 0}


@pytest.mark.model
def test_a_recording_is_the_same_to_the_byte_with_a_cold_and_a_warm_cache(
    telefonist: Telefonist, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    call = CALLS / "hanvisning-radera-48k-mono.wav"
    monkeypatch.setenv("TELEFONIST_CACHE", str(tmp_path / "cold"))
    first, second = (telefonist("replay", call, "--json") for _ in range(2))
    assert (first.code, first.err) == (0, "")
    assert first.out == second.out
    texts = [line["text"] for line in lines(first)[:-1] if line["who"] == "caller"]
    assert texts[:2] == ["hänvisning", "radera"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("rate", "channels"), [(8000, 1), (16000, 2), (48000, 1), (48000, 2)]
)
def test_a_recording_of_any_shape_is_the_callers_side(
    telefonist: Telefonist, tmp_path: Path, rate: int, channels: int
):
    sound, at = sf.read(DIVERT, dtype="float32")
    after_the_greeting = np.concatenate([np.zeros(5 * at, np.float32), sound])
    other = soxr.resample(after_the_greeting, at, rate)
    path = tmp_path / "call.wav"
    sf.write(path, np.repeat(other[:, None], channels, axis=1), rate)
    *events, outcome = lines(telefonist("replay", path, "--json"))
    assert outcome.keys() == OUTCOME
    assert "hänvisning" in [event["text"] for event in events]
    assert any(
        (event["meaning"] or {}).get("command") == "ask_divert" for event in events
    )


@pytest.mark.model
def test_a_recording_takes_place_now_in_a_store_that_is_kept(
    telefonist: Telefonist, site: Path
):
    telefonist("extension", "add", "1234", "Anna")
    assert telefonist("replay", DIVERT, "--store", site / "site.db").code == 0
    (kept,) = map(json.loads, telefonist("calls", "list", "--json").out.splitlines())
    assert datetime.fromisoformat(kept["began"]) > NOW


@pytest.mark.model
def test_ten_minutes_of_silence_end_the_call_politely(
    telefonist: Telefonist, tmp_path: Path
):
    path = tmp_path / "long.wav"
    sf.write(path, np.zeros(600 * 8000, np.int16), 8000)
    told = telefonist("replay", path, "--json")
    assert lines(told)[-1]["outcome"] == "ended"
    commands = [(line.get("meaning") or {}).get("command") for line in lines(told)]
    assert set(commands) == {None}
