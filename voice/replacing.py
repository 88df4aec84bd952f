"""Replaces a file of a site's whole: tried beside it first, the former kept."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voice.errors import VoiceError


class ReplacingError(VoiceError):
    """A file cannot be read or replaced."""

    def __init__(self, file: Path, error: OSError | UnicodeDecodeError) -> None:
        reason = error.strerror if isinstance(error, OSError) else "no text in UTF-8"
        super().__init__(
            f"{file} cannot be replaced ({reason}): let the program write there, or "
            "change it by hand."
        )


def text_of(file: Path) -> str:
    """Return what stands in a file; ReplacingError where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReplacingError(file, error) from error


def mark_of(text: str) -> str:
    """Return what tells that a form was made of this text, and of no later one."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@contextmanager
def beside(file: Path, text: str) -> Iterator[Path]:
    """Write a text beside the file that it may replace, and give where it is."""
    # What is linked to is replaced, and not the link.
    file = file.resolve()
    new = file.with_name(f".{file.name}.new")
    try:
        try:
            _write(new, text)
            shutil.copymode(file, new)
            _own(file, new)
        except OSError as error:
            raise ReplacingError(file, error) from error
        yield new
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def put_in_place(new: Path, file: Path) -> None:
    """Let what is beside a file replace it at once; the former is kept as .before."""
    file = file.resolve()
    try:
        before = file.with_name(f"{file.name}.before")
        shutil.copy2(file, before)
        _own(file, before)
        os.replace(new, file)
        _settle(file.parent)
    except OSError as error:
        raise ReplacingError(file, error) from error


def _write(new: Path, text: str) -> None:
    # Seen by nobody until it is as open as the one it replaces.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    opened = os.open(new, flags, 0o600)
    with open(opened, "w", encoding="utf-8", newline="") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())


def _own(file: Path, copy: Path) -> None:
    """Give a copy the owner of its file, where that is another than we."""
    kept, made = file.stat(), copy.stat()
    if (kept.st_uid, kept.st_gid) != (made.st_uid, made.st_gid):
        os.chown(copy, kept.st_uid, kept.st_gid)


def _settle(folder: Path) -> None:
    """Wait until the disk knows what the folder holds."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
