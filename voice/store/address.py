"""Where a store is, as a person types it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from voice.store.port import StoreError

# Two letters at least, so that a Windows drive is not taken for one.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


# Where the system can tell, what counts is who we act as, not who started us.
_EFFECTIVE = os.access in os.supports_effective_ids


@dataclass(frozen=True, slots=True)
class InMemory:
    """No place at all: forgotten when the program ends."""


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A file of our own."""

    path: Path


@dataclass(frozen=True, slots=True)
class Postgresql:
    """A database on a server; `shown` is its address without the password."""

    dsn: str
    shown: str


Address: TypeAlias = InMemory | SqliteFile | Postgresql


def read_address(url: str) -> Address:
    """Read `memory:`, `sqlite:///path/file.db`, a bare path or `postgresql://...`."""
    scheme, _, rest = url.partition("://")
    if url == "memory:":
        return InMemory()
    if scheme == "postgresql":
        return Postgresql(url, _without_password(rest))
    path = rest.removeprefix("/") if scheme == "sqlite" else url
    if not path or _SCHEME.match(path) or "\0" in path or _is_odd(scheme, rest):
        raise StoreError(
            "This is not the address of a store: write sqlite:///path/file.db, "
            "a file's path, postgresql://user:password@host/database, or memory:."
        )
    # Unlike Path.expanduser, this leaves an unknown user's ~ as it is.
    return SqliteFile(Path(os.path.expanduser(path)).absolute())


def _is_odd(scheme: str, rest: str) -> bool:
    # sqlite://file.db would name a host.
    return scheme == "sqlite" and not rest.startswith("/")


def _without_password(rest: str) -> str:
    before, _, query = rest.partition("?")
    # With an @ after the question mark nobody can tell which part is the password.
    plain = "..." if "@" in query else before.rpartition("@")[2]
    return f"postgresql://{plain}"


def check_file(path: Path) -> None:
    """Say plainly why a file cannot be a store, before anything touches it."""
    folder = path.parent
    # Those of os.path, because Path's raise where a folder may not be looked into.
    if not os.path.isdir(folder):
        raise StoreError(
            f"The folder {folder} does not exist: create it, or name another."
        )
    if os.path.isdir(path):
        raise StoreError(f"{path} is a folder: name a file in it.")
    # SQLite keeps its journal beside the file, so the folder counts as well.
    for place in (path if os.path.exists(path) else folder, folder):
        if not os.access(place, os.W_OK, effective_ids=_EFFECTIVE):
            raise StoreError(
                f"The store {path} is read-only: make the file and its folder writable."
            )


def make_file(path: Path) -> None:
    """Make the file where there is none, for the eyes of its owner alone.

    SQLite gives what it keeps beside the file the same eyes.
    """
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreError(
            f"The store {path} cannot be made ({error.strerror}): name another place."
        ) from error
