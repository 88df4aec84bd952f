"""What a setting can be: each kind reads a value, or says what is wanted."""

import ipaddress
import math
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from voice.errors import VoiceError
from voice.store.address import SqliteFile, read_address
from voice.store.port import StoreError

Kind: TypeAlias = Callable[[object], object]

PORTS = range(1, 65536)
_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
_DIGITS = re.compile(r"[0-9]{0,4}")
_COUNTRY = re.compile(r"[1-9][0-9]{0,2}")
_CONTEXT = re.compile(r"[A-Za-z0-9_-]{1,79}")
_USER = re.compile(r"[\w.+*#-]{1,64}", re.ASCII)
_ACCOUNT = re.compile(r"[\w.@+ -]{1,128}")
HERE = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*", re.I)
_WITH_PORT = re.compile(r"(?P<host>\[[^\]]+\]|[^:\[\]]+)(:(?P<port>[0-9]{1,5}))?")
_LONGEST_NAME = 200
_LONGEST_SECONDS = 24 * 60 * 60


class KindError(VoiceError):
    """A value is not of its kind; the text says what is wanted."""


def switch(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise KindError(f"{_shown(value)} is neither: write true or false")
    return value


def seconds(value: object) -> float:
    """Read seconds above 0, a day at most."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < float(str(value)) <= _LONGEST_SECONDS:
        raise KindError(
            f"{_shown(value)} does not fit: write seconds above 0, such as 2.5"
        )
    return float(str(value))


def whole(least: int, most: int) -> Kind:
    """Return the kind of whole numbers from `least` to `most`."""

    def read(value: object) -> int:
        # To Python, true is a whole number.
        if type(value) is not int or not least <= value <= most:
            wanted = f"a whole number from {least} to {most}"
            raise KindError(f"{_shown(value)} does not fit: write {wanted}")
        return value

    return read


def choice(among: type[StrEnum]) -> Kind:
    """Return the kind of the words of a choice."""
    words = ", ".join(f'"{word}"' for word in among)

    def read(value: object) -> StrEnum:
        try:
            return among(str(value))
        except ValueError:
            raise KindError(f"{_shown(value)} is none: use one of {words}") from None

    return read


def path(value: object) -> Path:
    """Read the path of a file or folder; `~` is the home of who runs the program."""
    text = _text(value, "a path")
    if "\0" in text:
        raise KindError("a path holds no NUL: leave it out")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise KindError(f"nobody's home is {text}: write the whole path") from None


def store_address(value: object) -> str | Path:
    """Read the address of a store, in which there may be no password; or its file."""
    text = _text(value, "an address")
    try:
        address, split = read_address(text), urlsplit(text)
        has_password = split.password is not None
    except (StoreError, ValueError):
        wanted = "sqlite:///path/file.db or postgresql://user@host/database"
        raise KindError(f"this is not the address of a store: write {wanted}") from None
    # Never shown: it may hold what it may not.
    if has_password or "password" in split.query or "@" in split.query:
        raise KindError(
            "passwords are not written in this file: leave this key out, and give "
            "the whole address as TELEFONIST_STORE in the environment"
        )
    is_file = isinstance(address, SqliteFile)
    return path(text.removeprefix("sqlite:///")) if is_file else text


def listening(value: object) -> str:
    """Read an address and port to listen at."""
    text = _text(value, "ADDRESS:PORT")
    split = _WITH_PORT.fullmatch(text)
    if split is None or not _is_port(split["port"]) or not _is_address(split["host"]):
        wanted = 'ADDRESS:PORT, such as "127.0.0.1:5060" or "[::1]:5060"'
        raise KindError(f"{_shown(value)} cannot be listened at: write {wanted}")
    return text


def host(value: object) -> str:
    """Read the name or address of a host, with or without a port."""
    text = _text(value, "HOST or HOST:PORT")
    split = _WITH_PORT.fullmatch(text)
    is_well = split is not None and (
        (_is_address(split["host"]) or _is_name(split["host"]))
        and (split["port"] is None or _is_port(split["port"]))
    )
    if not is_well:
        wanted = 'HOST or HOST:PORT, such as "10.0.0.1:5060"'
        raise KindError(f"{_shown(value)} is no host: write {wanted}")
    return text


def web_address(value: object) -> str:
    """Read an address on the web: https, or plain http to this machine."""
    text = _text(value, "an address")
    try:
        split = urlsplit(text)
        is_safe = split.scheme == "https" or split.hostname in HERE
        is_well = bool(split.hostname) and split.scheme in ("http", "https")
    except ValueError:
        is_safe = is_well = False
    if not (is_safe and is_well) or split.username or split.query or split.fragment:
        wanted = 'https and a host, such as "https://telefonist.example.org/calls"'
        raise KindError(f"{_shown(value)} is no such address: write {wanted}")
    return text


def account(value: object) -> str:
    """Read the name of an account, which can be a mail address."""
    if not isinstance(value, str) or not _ACCOUNT.fullmatch(value):
        raise KindError(f'{_shown(value)} is no account: write it as "telefonist"')
    return value


def claim(value: object) -> str:
    """Read the name of what an identity provider tells of people."""
    text = _text(value, "the name of a claim")
    if not text.isprintable() or len(text) > _LONGEST_NAME:
        raise KindError(f'{_shown(value)} is no claim: write it as "groups"')
    return text


def groups(value: object) -> tuple[str, ...]:
    """Read the names of groups, as an identity provider writes them."""
    named = tuple(_texts(value, '["telefonister"]'))
    if not all(text.strip() == text != "" for text in named):
        raise KindError("a group has a name without blanks round it: write that")
    return named


def networks(value: object) -> tuple[str, ...]:
    """Read addresses and networks of peers that are trusted."""
    return tuple(_network(text) for text in _texts(value, '["10.0.0.0/24"]'))


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        wanted = 'an address or a network, such as "10.0.0.1" or "10.0.0.0/24"'
        raise KindError(f"{text!r} is neither: write {wanted}") from None
    if not network.prefixlen:
        raise KindError(f"{text!r} is everybody: name the exchange's own addresses")
    if "/" in text and text.partition("/")[0] != str(network.network_address):
        raise KindError(f'{text!r} begins inside its network: write "{network}"')
    return text


def numbers(value: object) -> tuple[str, ...]:
    """Read a list of numbers that can be dialled, none of them twice."""
    dialled = tuple(number(text) for text in _texts(value, '["4949"]'))
    for twice in {text for text in dialled if dialled.count(text) > 1}:
        raise KindError(f"{twice} stands twice: leave one out")
    return dialled


def number(value: object) -> str:
    """Read a number that can be dialled."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise KindError(f'{_shown(value)} cannot be dialled: write digits, as "4949"')
    return value


def pattern(value: object) -> str:
    """Read how a number is made of an extension's."""
    text = _text(value, '"9{extension}"')
    around = text.split("{extension}")
    if len(around) != 2 or not re.fullmatch(r"\+?[0-9*#]{0,31}", "".join(around)):
        wanted = 'digits with {extension} once among them, as "9{extension}"'
        raise KindError(f"{_shown(value)} makes no number: write {wanted}")
    return text


def digits(value: object) -> str:
    """Read a prefix of at most four digits; it can be empty."""
    if not isinstance(value, str) or not _DIGITS.fullmatch(value):
        raise KindError(f'{_shown(value)} is no prefix: write digits, such as "0"')
    return value


def country(value: object) -> str:
    """Read a country's code."""
    if not isinstance(value, str) or not _COUNTRY.fullmatch(value):
        raise KindError(f'{_shown(value)} is no country code: write it as "46"')
    return value


def user(value: object) -> str:
    """Read the name of an account."""
    if not isinstance(value, str) or not _USER.fullmatch(value):
        raise KindError(f'{_shown(value)} is no account: write it as "4949"')
    return value


def context(value: object) -> str:
    """Read the name of a part of a dialplan."""
    if not isinstance(value, str) or not _CONTEXT.fullmatch(value):
        raise KindError(f'{_shown(value)} is no context: write it as "telefonist"')
    return value


def port_range(value: object) -> tuple[int, int]:
    """Read the first and last of some ports."""
    match value:
        case [int(first), int(last)] if 1024 <= first < last <= PORTS[-1]:
            return first, last
        case _:
            wanted = "the first and last port, 1024 or higher, as [30000, 40000]"
            raise KindError(f"{_shown(value)} are no ports: write {wanted}")


def _text(value: object, wanted: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise KindError(f"{_shown(value)} is no text: write {wanted} in quotes")
    return value


def _texts(value: object, wanted: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise KindError(f"{_shown(value)} is no list of texts: write it as {wanted}")
    return value


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float() if not math.isfinite(value):
            return str(value)
        case dict():
            return "a section"
        case _:
            told = repr(value)
            return told if len(told) <= 60 else f"{told[:60]}..."


def _is_port(text: str | None) -> bool:
    return text is not None and int(text) in PORTS


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        return False


def _is_name(text: str) -> bool:
    # What looks like an address and is none is a slip of the pen, and no name.
    return bool(_HOST.fullmatch(text)) and not re.fullmatch(r"[0-9.]+", text)
