"""What went wrong in a database, in one sentence that says what to do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError

from voice.store.port import StoreAwayError, StoreError

UNREACHABLE = "cannot be reached: is its server running, and the address right?"
SILENT = "does not answer: look at its server, and at the network to it."

# https://www.sqlite.org/rescode.html: an extended code begins with its main code.
_SQLITE = {
    "SQLITE_BUSY": "is held by another program: stop that one, or try again.",
    "SQLITE_CANTOPEN": "cannot be opened: look at the rights on its folder.",
    "SQLITE_CORRUPT": "is damaged: put your latest backup in its place.",
    "SQLITE_FULL": "has no room left: free some space on its disk.",
    "SQLITE_IOERR": "cannot be read or written: look at its disk.",
    "SQLITE_NOTADB": "is not a database: name another file, or move this one away.",
    "SQLITE_PERM": "may not be used: look at the rights on it.",
    "SQLITE_READONLY": "is read-only: make the file and its folder writable.",
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html: the first two
# signs are the class of a code.
_POSTGRESQL = {
    "08": UNREACHABLE,
    "22": "cannot hold such text: write it in ordinary letters.",
    "25006": "is read-only: name the primary server, not a copy of it.",
    "28": "lets nobody in by that name and password: correct them in the address.",
    "3F": "has no schema to keep its tables in: create one.",
    "3D": "does not exist: create it with `createdb`.",
    "42501": "may not be changed by this user: grant it all rights on the schema.",
    "53": "has no room left: free some of its disk, memory or connections.",
    "55": "is held by another program: stop that one, or try again.",
    "57": "is starting or shutting down: try again.",
}


# Those by which a server says that it is not there just now.
_AWAY = ("08", "57")


@contextmanager
def told_plainly(where: str) -> Iterator[None]:
    """Turn the faults of a database library into a StoreError about `where`."""
    try:
        yield
    except DBAPIError as fault:
        raise told(where, fault.orig) from fault
    except (NoConnectionFreeError, TimeoutError) as fault:
        raise StoreError(f"The store {where} has too much to do: try again.") from fault
    except UnicodeEncodeError as fault:
        raise StoreError(f"The store {where} {_POSTGRESQL['22']}") from fault


def told(where: str, fault: BaseException | None) -> StoreError:
    """Return the error that says what a fault of a database means."""
    state = str(getattr(fault, "sqlstate", ""))
    kind = StoreAwayError if state.startswith(_AWAY) else StoreError
    return kind(f"The store {where} {remedy(fault)}")


def remedy(fault: BaseException | None) -> str:
    """Say what a fault means, by the code that the database gave it."""
    name = str(getattr(fault, "sqlite_errorname", ""))
    state = str(getattr(fault, "sqlstate", ""))
    foreseen = _by_beginning(_SQLITE, name) or _by_beginning(_POSTGRESQL, state)
    code = name or state or type(fault).__name__
    return foreseen or f"failed in a way nobody foresaw ({code}): please report it."


def _by_beginning(sentences: Mapping[str, str], code: str) -> str | None:
    return next((said for key, said in sentences.items() if code.startswith(key)), None)
