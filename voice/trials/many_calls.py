"""The calls of a large site, as rows: what was said, found and counted in them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from voice.divert.walltime import local
from voice.store.call_tables import outcomes, understanding, words
from voice.store.engine import Database
from voice.store.tables import calls, turns
from voice.store.words import words_of
from voice.trials.many_people import extension

TURNS_A_CALL = 10
_PLACE = "4949"
_SECONDS = 40
_CALLERS, _RARE = 1000, 500
_SAID = (
    "hänvisning lunch till halv ett",
    "sammanträde till kvart i fem",
    "tjänsteärende till fjorton och trettio",
    "semester till den femte augusti",
    "hänvisning radera",
)
# What was meant by what is said in calls, as Läge counts it.
_MEANT = (
    ("SetDivert", "LUN"),
    ("SetDivert", "SAM"),
    ("SetDivert", "TJÄ"),
    ("SetDivert", "SEM"),
    ("ClearDivert", ""),
)
_OUTCOMES = ("ended", "hung_up", "given_up")


async def fill_calls(database: Database, first: int, last: int, now: datetime) -> None:
    """Add the calls of some turns; each call is a minute before the last one."""
    numbers = range(first // TURNS_A_CALL, -(-last // TURNS_A_CALL))
    rows = [_call(nth, began(nth, now)) for nth in numbers]
    async with database.writing() as connection:
        await connection.execute(calls.insert(), rows)
        mine = calls.c.id.in_([row["id"] for row in rows])
        found = await connection.execute(calls.select().where(mine))
        known = [(row.seq, int(row.id.removeprefix("trial-"))) for row in found]
        said = [
            _turn(seq, number, _SAID[(nth + number) % len(_SAID)])
            for seq, nth in known
            for number in range(TURNS_A_CALL)
        ]
        await connection.execute(turns.insert(), said)
        heard = {
            (each["call"], w) for each in said for w in words_of(str(each["text"]))
        }
        found_by = [{"call": call, "word": word} for call, word in heard]
        await connection.execute(words.insert(), found_by)


async def count_calls(database: Database, several: int, now: datetime) -> None:
    """Count calls as if each had been counted when it ended."""
    days: dict[date, int] = {}
    for nth in range(several):
        day = local(began(nth, now)).date()
        days[day] = days.get(day, 0) + 1
    async with database.writing() as connection:
        await connection.execute(understanding.insert(), list(_heard(days.items())))
        ended = [row for day, many in days.items() for row in _ended(day, many)]
        await connection.execute(outcomes.insert(), ended)


def began(nth: int, now: datetime) -> datetime:
    """Return when the nth of the calls began, from the latest on."""
    return now - timedelta(minutes=1 + nth)


def _call(nth: int, began: datetime) -> dict[str, object]:
    values = {
        "id": f"trial-{nth}",
        "place": _PLACE,
        "caller": extension(nth % _CALLERS),
    }
    ended = {
        "began": began,
        "ended": began + timedelta(seconds=_SECONDS),
        "outcome": "ended",
    }
    counts = {
        "turns": TURNS_A_CALL,
        "doubtful": int(nth % 9 == 0),
        "missed": 0,
        "marked": 0,
    }
    return {**values, **ended, **counts, "worst": 0.6}


def _turn(call: int, number: int, text: str) -> dict[str, object]:
    who = "caller" if number % 2 else "attendant"
    row = {"call": call, "number": number, "seconds": 3.0 * number, "who": who}
    # Few calls come to the second.
    place = ("start", "confirm")[call % _RARE == 0] if number % 2 else None
    score = 0.9 if number % 2 else None
    return {**row, "text": text, "score": score, "place": place}


def _heard(days: Iterable[tuple[date, int]]) -> Iterator[dict[str, object]]:
    for day, many in days:
        for command, reason in _MEANT:
            counts = {"well": many, "doubtful": many // 9, "missed": 0}
            scores = {"scored": many, "score": 0.9 * many}
            what = {"place": "start", "command": command, "reason": reason}
            yield {"day": day, **what, **counts, **scores}


def _ended(day: date, many: int) -> Iterator[dict[str, object]]:
    for nth, outcome in enumerate(_OUTCOMES):
        yield {"day": day, "outcome": outcome, "calls": many // (1 + 10 * nth)}
