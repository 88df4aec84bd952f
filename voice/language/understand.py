"""An utterance, where and when and by whom it was said -> what was meant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from voice.dialogue.heard import Asked, Heard, Meant, No, Topic, Unclear, Yes
from voice.dialogue.people import Person, Picked, Sought
from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Command,
    Extension,
    Kind,
    Mode,
    Reason,
    ReasonCode,
    SetDivert,
    Source,
    UndoChange,
    Until,
)
from voice.divert.walltime import local
from voice.language.catalog import NAME, WHOSE, Catalog
from voice.language.days import NoSuchDayError
from voice.language.matching import matches
from voice.language.near import nearest
from voice.language.template import Capture, Captures
from voice.language.times import Absence, Moment, absence, duration, last, until

INTENTS = frozenset(Topic) | {
    "set_divert",
    "set_back",
    "give_reason",
    "give_time",
    "clear_divert",
    "change_divert",
    "shorten_divert",
    "undo_change",
    "yes",
    "no",
    "goodbye_here",
    "seek",
    "give_name",
    "pick",
}
"""What sentences.toml may have sentences for."""

# Heard with doubt, these would end the call, the question or the rehearsal.
_LEAVING = (Topic.GOODBYE, Topic.CANCEL, Topic.STOP_REHEARSING)
# The slots that say how long an absence is.
_LENGTHS = ("time", "return", "away", "until")


@dataclass(frozen=True, slots=True)
class Here:
    """Where, when and by whom something is said; `how` it came to us."""

    place: str
    extension: Extension
    moment: Moment
    how: Source = Source.VOICE


@dataclass(frozen=True, slots=True)
class Understood:
    """What was meant, and the intent it was read as; "" when as none."""

    heard: Heard
    intent: str = ""


def understand(text: str, here: Here, catalog: Catalog, sure: bool = True) -> Heard:
    """Return what was meant; a command is sure only when `sure` and nothing else is."""
    return understood(text, here, catalog, sure).heard


def understood(
    text: str, here: Here, catalog: Catalog, sure: bool = True
) -> Understood:
    """Return what was meant together with the name of the intent."""
    for said in _spelled(text, catalog):
        readings = sorted(_readings(said, here, catalog), key=_doubt)
        if readings:
            first = readings[0]
            alone = len({_unweighed(r.heard) for r in readings}) == 1
            return Understood(_weighed(first.heard, sure and alone), first.intent)
    words = " ".join(catalog.speller.words(text))
    intent = nearest(words, here.place, catalog)
    if intent is None:
        return Understood(Unclear())
    return Understood(_weighed(_heard(intent, (), here, catalog), sure=False), intent)


def _spelled(text: str, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    """Yield the words as the grammar spells them, then as they stand.

    Somebody can be called what is an abbreviation to the grammar, as Sam is.
    """
    speller = catalog.speller
    for words in dict.fromkeys((speller.words(text), speller.plain_words(text))):
        yield from _without_ignored(words, catalog)


def _without_ignored(
    words: tuple[str, ...], catalog: Catalog
) -> Iterator[tuple[str, ...]]:
    """Yield the words, then with less and less of what means nothing."""
    seen: dict[tuple[str, ...], None] = {words: None}
    for said in (
        words,
        tuple(w for w in words if w not in catalog.ignored.hesitations),
    ):
        seen.setdefault(said)
    # The dict grows while it is read: that is a breadth-first search.
    waiting = list(seen)
    while waiting:
        said = waiting.pop(0)
        yield said
        shorter = [
            said[len(p) :] for p in catalog.ignored.before if said[: len(p)] == p
        ]
        shorter += [
            said[: -len(p)] for p in catalog.ignored.after if said[-len(p) :] == p
        ]
        for less in shorter:
            if less and less not in seen:
                seen[less] = None
                waiting.append(less)


def sense(text: str, place: str, catalog: Catalog) -> object:
    """Return what is said, as far as its meaning goes, whenever it is said.

    Two texts of one sense are told apart by no more than words that mean nothing.
    """
    for said in _spelled(text, catalog):
        for intent, captures, _ in _parses(said, place, catalog):
            return intent, _persons(captures, catalog) or captures
    return catalog.speller.words(text)


def _parses(
    said: tuple[str, ...], place: str, catalog: Catalog
) -> Iterator[tuple[str, Captures, bool]]:
    """Yield each intent that the words can be, with its slots, and whether surely."""
    for intent in catalog.places[place].intents:
        sentences = catalog.intents[intent]
        for tree, sure in ((sentences.say, True), (sentences.ask, False)):
            if tree is not None:
                for captures in matches(tree, said, catalog.rules):
                    yield intent, captures, sure


def _readings(
    said: tuple[str, ...], here: Here, catalog: Catalog
) -> Iterator[Understood]:
    for intent, captures, sure in _parses(said, here.place, catalog):
        try:
            heard = _heard(intent, captures, here, catalog)
        except NoSuchDayError:
            continue
        yield Understood(_weighed(heard, sure), intent)


def _doubt(reading: Understood) -> bool:
    return isinstance(reading.heard, Meant) and not reading.heard.sure


def _unweighed(heard: Heard) -> Heard:
    return replace(heard, sure=True) if isinstance(heard, Meant) else heard


def _weighed(heard: Heard, sure: bool) -> Heard:
    """Make a command unsure unless `sure`; nothing makes an unsure one sure.

    A doubtful yes, and a doubtful wish to leave, are taken for nothing at all.
    """
    match heard:
        case Meant() if not sure:
            return replace(heard, sure=False)
        case Asked(topic) if not sure and topic in _LEAVING:
            return Unclear()
        case Yes() if not sure:
            return Unclear()
        case _:
            return heard


def _heard(intent: str, captures: Captures, here: Here, catalog: Catalog) -> Heard:
    found = {capture.slot: capture for capture in captures}
    match intent:
        case "yes":
            return Yes()
        case "no":
            return No()
        case "goodbye_here":
            return Asked(Topic.GOODBYE)
        case "set_divert" | "set_back" | "give_reason":
            return _set(found, here, catalog)
        case "give_time":
            away = absence(found["time"], here.moment)
            change = ChangeDivert(here.extension, None, away.until, here.how)
            # "Fredag" alone is as often the day of the return as the day off.
            sure = away.sure and found["time"].pattern != "days_off"
            return Meant(change, sure, away.start)
        case "clear_divert" | "undo_change":
            return Meant(_taken_back(intent, found, here), sure=True)
        case "change_divert" | "shorten_divert":
            return Meant(_change(intent, found, here), sure=True)
        case _:
            return _asked(intent, captures, catalog)


def _asked(intent: str, captures: Captures, catalog: Catalog) -> Heard:
    match intent:
        case "seek" | "give_name":
            return Sought(_persons(captures, catalog))
        case "pick":
            return Picked(int(captures[0].pattern))
        case Topic.SEARCH if not catalog.names:
            return Sought()
        case _:
            return Asked(Topic(intent))


def _persons(captures: Captures, catalog: Catalog) -> tuple[Person, ...]:
    """Return everybody that a name in a sentence can mean."""
    found = (c.pattern for c in captures if c.slot in (NAME, WHOSE))
    return next((catalog.names[name] for name in found), ())


def _taken_back(intent: str, found: dict[str, Capture], here: Here) -> Command:
    if intent == "undo_change":
        return UndoChange(here.extension)
    return ClearDivert(here.extension, _reason(found))


def _reason(found: dict[str, Capture]) -> ReasonCode | None:
    named = found.get("reason") or found.get("back")
    return ReasonCode(named.pattern) if named else None


def _set(found: dict[str, Capture], here: Here, catalog: Catalog) -> Heard:
    reason = _reason(found)
    if reason is None:
        return Unclear()
    mode = Mode.INFORMING if "informing" in found else Mode.CLOSED
    timed = next((found[slot] for slot in _LENGTHS if slot in found), None)
    if timed is None:
        command = SetDivert(here.extension, reason, None, None, mode, here.how)
        return Meant(command, sure=True)
    away = absence(timed, here.moment)
    command = SetDivert(here.extension, reason, away.until, away.start, mode, here.how)
    likely = _is_likely(timed, catalog.reasons[reason], away, here.moment)
    return Meant(command, away.sure and likely)


def _is_likely(timed: Capture, reason: Reason, away: Absence, moment: Moment) -> bool:
    """Doubt a meeting of whole days, a lunch to tomorrow, and a vacation to five."""
    if timed.pattern in ("days_off", "rest_of_span", "rest_of_day"):
        return isinstance(reason.lasts, Until)
    if not isinstance(away.until, datetime):
        return True
    if reason.short and local(away.until).date() > moment.today:
        return False
    ends = timed if timed.slot == "until" else next(iter(timed.inner), timed)
    is_clock = ends.pattern == "clock" and {c.slot for c in ends.inner} == {"clock"}
    return not (reason.kind is Kind.DATE and is_clock)


def _change(intent: str, found: dict[str, Capture], here: Here) -> Command:
    reason = _reason(found)
    if more := found.get("more"):
        length = duration(more.inner[0])
        by = -length if intent == "shorten_divert" else length
        return ChangeDivert(here.extension, reason, by, here.how)
    if end := found.get("until"):
        to = until(end, here.moment)
        return ChangeDivert(here.extension, reason, to, here.how)
    if end := found.get("last"):
        to = last(end, here.moment)
        return ChangeDivert(here.extension, reason, to, here.how)
    away = absence(found["time"], here.moment) if "time" in found else None
    return ChangeDivert(here.extension, reason, away.until if away else None, here.how)
