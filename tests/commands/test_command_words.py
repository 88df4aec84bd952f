"""`understand` and `code`: what words and keys mean, for people and for programs."""

import json

import pytest
from command_line import Telefonist

NOW = "2026-03-05T11:40"


def meant(telefonist: Telefonist, *arguments: str) -> dict[str, object]:
    told = telefonist(*arguments, "--now", NOW, "--json")
    assert told.err == ""
    record: dict[str, object] = json.loads(told.out)
    return record


def test_words_become_a_command_with_a_local_time(telefonist: Telefonist):
    assert meant(telefonist, "understand", "semester till och med fredag") == {
        "text": "semester till och med fredag",
        "command": "set_divert",
        "reason": "SEM",
        "mode": "closed",
        "start": None,
        "until": "2026-03-09T08:00:00+01:00",
        "sure": True,
    }


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-05T11:40", "2026-03-05T15:30:00+01:00"),
        ("2026-07-01T12:00+02:00", "2026-07-01T15:30:00+02:00"),
        ("2026-07-01T16:00:00Z", "2026-07-02T15:30:00+02:00"),
    ],
)
def test_keys_become_a_command_at_the_time_that_is_given(
    telefonist: Telefonist, now: str, until: str
):
    told = telefonist("code", "*23*3*1530#", "--now", now, "--json")
    record = json.loads(told.out)
    assert (record["reason"], record["until"]) == ("SAM", until)


def test_every_text_has_a_line_of_its_own(telefonist: Telefonist):
    told = telefonist("understand", "radera", "lunch till ett", "--json")
    texts = [json.loads(line)["text"] for line in told.out.splitlines()]
    assert (told.code, texts) == (0, ["radera", "lunch till ett"])


def test_words_that_mean_nothing_are_told_so_and_refused(telefonist: Telefonist):
    told = telefonist("understand", "det regnar i dag", "--json")
    record = json.loads(told.out)
    assert told.code == 1
    assert (record["command"], record["why"]) == (None, "unclear")


def test_the_place_decides_what_words_mean(telefonist: Telefonist):
    assert telefonist("understand", "ja", "--place", "start").code == 1
    assert meant(telefonist, "understand", "ja", "--place", "confirm") == {
        "text": "ja",
        "command": "yes",
    }


def test_a_code_that_does_not_exist_is_refused(telefonist: Telefonist):
    told = telefonist("code", "*99#", "--json")
    assert (told.code, json.loads(told.out)["command"]) == (1, None)


def test_a_person_is_told_in_words(telefonist: Telefonist):
    told = telefonist("understand", "sammanträde till halv tre", "--now", NOW)
    assert "sammanträde, åter fjorton och trettio" in told.out


def test_words_with_brackets_are_shown_as_they_were_given(telefonist: Telefonist):
    assert "[bold]lunch" in telefonist("understand", "[bold]lunch").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["understand", "hej", "--place", "nowhere"], "start, divert, reason, confirm"),
        (["understand", "hej", "--now", "igår"], "2026-03-05T11:40"),
        (["understand", "hej", "--now", "0001-01-01T00:00"], "2026-03-05T11:40"),
        (["understand", "hej", "--from", "12a"], "digits only"),
        (["understand"], "TEXT"),
        (["nothing-such"], "nothing-such"),
    ],
)
def test_a_wrong_call_says_how_to_call_it(
    telefonist: Telefonist, arguments: list[str], says: str
):
    told = telefonist(*arguments)
    assert (told.code, told.out) == (2, "")
    # The frame round the message may fold it.
    assert says in " ".join(told.err.replace("│", " ").split())
