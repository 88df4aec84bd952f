"""What Asterisk and a FastAGI script say to each other: lines read and written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from voice.errors import VoiceError
from voice.phone.port import Offer

LONGEST_LINE = 4096
MOST_LINES = 200
"""What Asterisk tells of a call is some thirty short lines."""

_PREFIX = "agi_"
_UNKNOWN = ("", "unknown")
_CALLER = re.compile(r"\+?[0-9]{1,20}")
_DIALABLE = re.compile(r"[0-9A-Za-z*#+_.-]{1,64}")
_REPLY = re.compile(r"(?P<code>[0-9]{3})(?P<more>-?) ?(?P<rest>.*)")
_RESULT = re.compile(r"result=(?P<result>\S*)(?: \((?P<value>.*)\))?.*")


class AgiError(VoiceError):
    """The far end does not speak AGI."""


@dataclass(frozen=True, slots=True)
class Request:
    """What Asterisk tells of a call when it connects."""

    script: str
    """What stands after the host in `agi://host/script`."""
    values: Mapping[str, str]
    """The lines, without their `agi_`; what is unknown is left out."""
    arguments: tuple[str, ...] = ()

    @property
    def dialled(self) -> str:
        """Return the first argument of the script, or else what was dialled."""
        given = self.arguments[0] if self.arguments else ""
        return given or self.values.get("extension", "")


def read_request(lines: Iterable[bytes]) -> Request:
    """Read the lines that Asterisk begins with, up to the empty one."""
    values: dict[str, str] = {}
    for line in lines:
        name, colon, value = _text(line).partition(":")
        if not (colon and name.startswith(_PREFIX)):
            raise AgiError("This is no FastAGI: a line names no value of a call.")
        if value.strip() not in _UNKNOWN:
            values[name.removeprefix(_PREFIX)] = value.strip()
    script = values.get("network_script", "").strip("/").partition("?")[0]
    return Request(script, values, tuple(_arguments(values)))


def _arguments(values: Mapping[str, str]) -> Iterable[str]:
    count = 1
    # One that is empty is not told of at all, and none comes after it.
    while (argument := values.get(f"arg_{count}")) is not None:
        yield argument
        count += 1


def offer(request: Request) -> Offer:
    """Return the call that a request tells of."""
    values = request.values
    caller = values.get("callerid", "").replace(" ", "").replace("-", "")
    return Offer(
        id=values.get("uniqueid", ""),
        dialled=request.dialled,
        # A name in the place of a number says nothing of who calls.
        caller=caller if _CALLER.fullmatch(caller) else None,
        forwarded_from=(values["rdnis"],) if values.get("rdnis") else (),
    )


def dialable(number: str) -> bool:
    """Tell whether a number can stand in a dialplan as it is."""
    return _DIALABLE.fullmatch(number) is not None


def command(*words: str) -> bytes:
    """Write a command; every word arrives as it is."""
    return " ".join([words[0], *map(_quoted, words[1:])]).encode() + b"\n"


def _quoted(word: str) -> str:
    # A line break would begin another command.
    seen = "".join(letter for letter in word if letter.isprintable())
    escaped = seen.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a command."""

    code: int
    result: str = ""
    value: str = field(default="", repr=False)

    @property
    def done(self) -> bool:
        """Whether Asterisk carried the command out; `result` says with what luck."""
        return self.code == 200 and self.result != "-1"


@dataclass(frozen=True, slots=True)
class Underway:
    """The command goes on, or this is a line of a longer reply: the end is to come."""


@dataclass(frozen=True, slots=True)
class ChannelGone:
    """The call has ended; nobody asked for this line."""


Word: TypeAlias = Reply | Underway | ChannelGone


def read_word(line: bytes) -> Word:
    """Read one line from Asterisk, after those that tell of the call."""
    text = _text(line).strip()
    if text == "HANGUP":
        return ChannelGone()
    found = _REPLY.fullmatch(text)
    if found is None:
        # What a command is for is told in free words, before the line that ends it.
        return Underway()
    code = int(found["code"])
    if found["more"] or code < 200:
        return Underway()
    result = _RESULT.match(found["rest"])
    if result is None:
        return Reply(code)
    return Reply(code, result["result"], result["value"] or "")


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace")
