"""A store as a large site has it after some months, filled in a minute."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.store.address import InMemory, read_address
from voice.store.call_tables import words
from voice.store.database import open_store
from voice.store.engine import Database, connected
from voice.store.port import Listing, Store
from voice.store.tables import calls, turns
from voice.store.words import words_of

# So many rows are written at once.
_ROWS = 20_000
_TURNS_A_CALL = 10
_FIRST = 10_000
_NAMES = ("Anna", "Bo", "Cecilia", "David", "Eva", "Fredrik", "Åsa", "Örjan")
_FAMILIES = ("Berg", "Ek", "Lind", "Öström", "Nilsson", "Sjögren", "Åkesson")
_UNITS = ("Bygglov", "Skola", "Miljö", "Vård och omsorg", "Teknik")
_SAID = (
    "hänvisning lunch till halv ett",
    "sammanträde till kvart i fem",
    "tjänsteärende till fjorton och trettio",
    "semester till den femte augusti",
    "hänvisning radera",
)


class NotEmptyError(VoiceError):
    """A store is somebody's, and is not filled with what nobody said."""

    def __init__(self) -> None:
        super().__init__("That store is in use: name one that is empty.")


class NotSharedError(VoiceError):
    """A store is one program's alone."""

    def __init__(self) -> None:
        super().__init__("Two programs share the store: name a file or a database.")


@asynccontextmanager
async def open_many(
    url: str, people: int, several: int, now: datetime
) -> AsyncIterator[Store]:
    """Fill an empty store with people, and with so many turns until now."""
    address = read_address(url)
    if isinstance(address, InMemory):
        raise NotSharedError
    async with open_store(url) as store:
        if await store.directory.list() or await store.transcripts.calls(1):
            raise NotEmptyError
        await store.directory.put(list(map(_listing, range(people))), now, "trial")
        async with connected(address) as database:
            for first in range(0, several, _ROWS):
                await _fill(database, first, min(several, first + _ROWS), now)
        yield store


def extension(nth: int) -> Extension:
    """Return the number of the nth of the people."""
    return Extension(str(_FIRST + nth))


def _listing(nth: int) -> Listing:
    first = _NAMES[nth % len(_NAMES)]
    family = _FAMILIES[nth // len(_NAMES) % len(_FAMILIES)]
    name = f"{first} {family}-{nth}"
    return Listing(extension(nth), name, _UNITS[nth % len(_UNITS)])


async def _fill(database: Database, first: int, last: int, now: datetime) -> None:
    """Add the calls of some turns; each call is a minute before the last one."""
    numbers = range(first // _TURNS_A_CALL, -(-last // _TURNS_A_CALL))
    rows = [_call(nth, now - timedelta(minutes=1 + nth)) for nth in numbers]
    async with database.writing() as connection:
        await connection.execute(calls.insert(), rows)
        mine = calls.c.id.in_([row["id"] for row in rows])
        found = await connection.execute(calls.select().where(mine))
        known = [(row.seq, int(row.id.removeprefix("trial-"))) for row in found]
        said = [
            _turn(seq, number, _SAID[(nth + number) % len(_SAID)])
            for seq, nth in known
            for number in range(_TURNS_A_CALL)
        ]
        await connection.execute(turns.insert(), said)
        heard = {
            (each["call"], w) for each in said for w in words_of(str(each["text"]))
        }
        found_by = [{"call": call, "word": word} for call, word in heard]
        await connection.execute(words.insert(), found_by)


def _call(nth: int, began: datetime) -> dict[str, object]:
    values = {"id": f"trial-{nth}", "place": "4949", "caller": extension(nth % 1000)}
    ended = {"began": began, "ended": began + timedelta(seconds=40), "outcome": "ended"}
    counts = {
        "turns": _TURNS_A_CALL,
        "doubtful": int(nth % 9 == 0),
        "missed": 0,
        "marked": 0,
    }
    return {**values, **ended, **counts, "worst": 0.6}


def _turn(call: int, number: int, text: str) -> dict[str, object]:
    who = "caller" if number % 2 else "attendant"
    row = {"call": call, "number": number, "seconds": 3.0 * number, "who": who}
    return {**row, "text": text, "score": 0.9 if number % 2 else None}
