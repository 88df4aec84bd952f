"""Every value that pages show has its words in both languages: none is shown raw."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from web_house import GRAMMAR

from voice.calls.unfinished import OUTCOME
from voice.dialogue.heard import Topic
from voice.divert.advice import Snag
from voice.divert.model import Event, Refused, Source, Until
from voice.divert.plausible import Oddity
from voice.house import read_catalog
from voice.store.accounts_port import Role
from voice.store.calls_port import Who
from voice.store.directory_port import Listing
from voice.store.hooks_port import HookEvent
from voice.store.keys_port import Scope
from voice.store.links_port import LinkKind
from voice.store.understanding import How
from voice.web.oidc.faults import Fault
from voice.web.pages.calls_asked import OUTCOMES
from voice.web.pages.directory import Phone
from voice.web.pages.followed import FAULTS
from voice.web.pages.noted import HANDS
from voice.web.pages.trail import EVENTS
from voice.web.pages.wishes import LENGTHS, MORE
from voice.web.words import Language
from voice.web_service import read_web_words

VOICE = Path(__file__).parent.parent.parent / "voice"
WORDS = read_web_words(GRAMMAR)
COMMANDS = (
    *("set_divert", "clear_divert", "change_divert", "undo_change", "follow_calendar"),
    *("seek", "pick", "yes", "no"),
)
# Only a code that is keyed can be refused so.
KEYED = {"no_such_code", "no_such_date", "no_such_time", "time_incomplete"}
PARTS = ("service", "sip", "asterisk", "store", "ears", "mouth", "calendars", "web")
NOTED = re.compile(
    r'"((?:[A-Z][a-z]+)+(?:Set|Added|Changed|Removed|Linked|Unlinked|'
    r'Locked|Unlocked|Marked|Erased|Heard|Corrected|Exported|Synced))"'
)


def sections() -> Iterator[tuple[str, set[str]]]:
    """Yield the words of each kind of value, and every value that there is."""
    yield "source", set(Source)
    yield "hand", {name.replace(" ", "_") for name in HANDS}
    yield "end", set(Until)
    yield "snag", set(Snag)
    yield "how", set(How)
    yield "role", set(Role)
    yield "listed", {each.name for each in fields(Listing)} - {"extension"}
    yield "granted", {*Role, "disabled"}
    yield "oidc", {each.partition(".")[2] for each in Fault}
    yield "odd", {*Oddity, *(f"short_{each}" for each in Oddity)}
    yield "directory", set(Phone)
    yield "colleague", {f"now_{each}" for each in Phone}
    yield "call", {f"who_{each}" for each in Who}
    yield "calendar", {f"kind_{each}" for each in LinkKind}
    yield "programs", {re.sub(r"\W", "_", each) for each in (*Scope, *HookEvent)}
    yield "start", {f"for_{each}" for each in LENGTHS} | {f"more_{e}" for e in MORE}
    yield "meant", {*Topic, *COMMANDS}
    happened = {each.__name__.lower() for each in get_args(Event)} - {"refused"}
    yield "did", {*happened, "refused", "rehearsed", "identified", "not_identified"}
    yield "outcome", {*OUTCOMES, OUTCOME}
    yield "place", set(read_catalog(GRAMMAR).places)
    yield "event", {name.lower() for name in EVENTS}
    yield "calendar_fault", {key.partition(".")[2] for key in FAULTS.values()}
    yield "part", set(PARTS)
    yield "because", refusals()
    yield "refused", refusals() - KEYED


def refusals() -> set[str]:
    """Return why anything can be refused, as the code says."""
    made = re.compile(rf'{Refused.__name__}\("(\w+)"\)')
    code = "".join(path.read_text("utf-8") for path in VOICE.rglob("*.py"))
    return set(made.findall(code))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    # Named by the section alone: a set is written in another order each time.
    ("section", "values"),
    [pytest.param(*each, id=each[0]) for each in sections()],
)
def test_every_value_that_is_shown_has_its_words(
    language: Language, section: str, values: set[str]
):
    assert values
    assert {
        each for each in values if f"{section}.{each}" not in WORDS[language]
    } == set()


def test_all_that_is_noted_on_the_trail_can_be_asked_for():
    code = [path.read_text("utf-8") for path in VOICE.rglob("*.py")]
    noted = {name for text in code for name in NOTED.findall(text)}
    assert len(noted) > 20
    assert noted - set(EVENTS) == set()


def test_every_fault_of_a_calendar_has_words_of_its_own():
    made = re.compile(r"^class (\w+Error)\((?:Calendar|AccessDenied|BrokenAnswer)Error")
    code = [p.read_text("utf-8") for p in (VOICE / "calendars").rglob("*.py")]
    faults = {
        n for text in code for line in text.splitlines() for n in made.findall(line)
    }
    inside = {"CursorExpiredError", "TakenError"}
    assert faults - inside - FAULTS.keys() == set()
