"""The settings file: its sections read and checked, all faults told at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voice.errors import VoiceError
from voice.setting_kinds import Kind, KindError
from voice.settings_sections import SECTIONS

EXAMPLE = Path(__file__).parent / "settings-example.toml"
_REGISTRATION = ("user", "registrar")
_ACCOUNT = ("address", "user")
_SECRET = re.compile(r"passw|secret|token|^pin$", re.IGNORECASE)
# The variable of its password is named after it, in capitals: no two may look alike.
_ACCOUNT_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_HEADING = re.compile(r"\s*\[\[?\s*([^\[\]#]+?)\s*\]")

# Whatever a key's kind has read.
Table = dict[str, Any]


class SettingError(VoiceError):
    """Settings cannot be used; each fault is a line of the text."""


@dataclass(frozen=True, slots=True)
class At:
    """A place in the file: a key of a section, of the nth line where it has several."""

    section: str
    key: str = ""
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Written:
    """What a settings file says: each section's values, and the faults so far."""

    file: Path | None = None
    text: str = ""
    sections: dict[str, Table] = field(default_factory=dict)
    sip: list[Table] = field(default_factory=list)
    """One for each SIP line; its registration, if it has one, under that name."""
    accounts: dict[str, Table] = field(default_factory=dict)
    """Those of [caldav] that are for some calendars alone, by their names."""
    faults: dict[At, str] = field(default_factory=dict)

    def section(self, name: str) -> Table:
        """Return the values of a section; none where it is not written."""
        return self.sections.get(name, {})

    def add(self, at: At, what: object) -> None:
        """Note a fault, with its line; a key that has one is not blamed for more."""
        line = _line_of(self.text, at)
        where = f"{self.file}:{line}" if line else f"{self.file}"
        key = f" {at.key}" if at.key else ""
        heading = f" [{at.section}]" if at.section else ""
        self.faults.setdefault(at, f"{where}:{heading}{key}: {what}")

    def settle(self) -> None:
        """Raise SettingError when there was any fault."""
        if self.faults:
            raise SettingError("\n".join(self.faults.values()))


def read(file: Path) -> Written:
    """Read a settings file; what is wrong in it is among its faults."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{file} cannot be read ({error}): name another settings file; "
            "`telefonist check --example` prints one to begin with."
        ) from error
    written = Written(file.absolute(), text)
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: a number of 5,000 digits is too much for Python.
        raise SettingError(f"{file}: not TOML: {error}") from error
    for name, table in tables.items():
        _read_section(written, name, table)
    return written


def _read_section(written: Written, name: str, value: object) -> None:
    if name not in SECTIONS or "." in name:
        known = ", ".join(f"[{section}]" for section in SECTIONS)
        what = _no_secret(name) or f"is no section: use one of {known}"
        written.add(At(name) if isinstance(value, dict | list) else At("", name), what)
    elif name == "sip":
        lines = value if isinstance(value, list) else [value]
        for nth, line in enumerate(lines, 1):
            written.sip.append(_sip(written, line, nth))
    elif name == "caldav" and isinstance(value, dict):
        section = dict(value)
        _read_accounts(written, section.pop("accounts", {}))
        written.sections[name] = _values(written, At(name), section)
    elif name == "web" and isinstance(value, dict):
        _read_web(written, value)
    else:
        written.sections[name] = _values(written, At(name), value)


def _sip(written: Written, value: object, nth: int) -> Table:
    if not isinstance(value, dict):
        return _values(written, At("sip", nth=nth), value)
    line = dict(value)
    account = line.pop("registration", {})
    values = _values(written, At("sip", nth=nth), line)
    at = At("sip.registration", nth=nth)
    if registration := _values(written, at, account):
        if missing := [key for key in _REGISTRATION if key not in account]:
            what = f"{' and '.join(missing)} missing: write all keys, or none"
            written.add(at, what)
        values["registration"] = registration
    return values


def _read_accounts(written: Written, accounts: object) -> None:
    if not isinstance(accounts, dict):
        what = "are sections: write each as [caldav.accounts.NAME]"
        written.add(At("caldav", "accounts"), what)
        return
    for name, table in accounts.items():
        at = At(f"caldav.accounts.{name}")
        if not _ACCOUNT_NAME.fullmatch(name):
            what = "is no name for an account: write a-z, digits and _, such as anna"
            written.add(at, what)
        elif values := _values(written, at, table, SECTIONS["caldav.accounts.NAME"]):
            if missing := [key for key in _ACCOUNT if key not in table]:
                what = f"{' and '.join(missing)} missing: write all keys, or none"
                written.add(at, what)
            written.accounts[name] = values


def _read_web(written: Written, value: Mapping[str, object]) -> None:
    section = dict(value)
    provider = section.pop("oidc", {})
    roles = provider.get("roles", {}) if isinstance(provider, dict) else {}
    if isinstance(provider, dict):
        provider = {key: each for key, each in provider.items() if key != "roles"}
    parts = {"web": section, "web.oidc": provider, "web.oidc.roles": roles}
    for name, part in parts.items():
        written.sections[name] = _values(written, At(name), part)


def _values(
    written: Written, at: At, table: object, known: Mapping[str, Kind] | None = None
) -> Table:
    """Read a section; a key with a fault is left out."""
    if not isinstance(table, dict):
        written.add(At("", at.section), f"is a section: write it as [{at.section}]")
        return {}
    values: Table = {}
    known = SECTIONS[at.section] if known is None else known
    for key, value in table.items():
        place = At(at.section, key, at.nth)
        kind = known.get(key)
        if kind is None:
            what = f"is no key of the section: use one of {', '.join(known)}"
            written.add(place, _no_secret(key) or what)
            continue
        try:
            read = kind(value)
        except KindError as error:
            written.add(place, error)
            continue
        assert written.file is not None
        values[key] = written.file.parent / read if isinstance(read, Path) else read
    return values


def _no_secret(key: str) -> str | None:
    if not _SECRET.search(key):
        return None
    return (
        "secrets are not written in this file: take it out, and set TELEFONIST_STORE "
        "(a database's), TELEFONIST_SIP_PASSWORD (a line's), "
        "TELEFONIST_OUTLOOK_SECRET, TELEFONIST_CALDAV_PASSWORD, "
        "TELEFONIST_LDAP_PASSWORD or TELEFONIST_OIDC_SECRET in the environment"
    )


def _line_of(text: str, at: At) -> int | None:
    """Return the number of the line on which a key stands, else its section's."""
    found = None
    for number, heading, line in _lines(text, at.section.partition(".")[0]):
        if heading != (at.section, at.nth if at.section else 0):
            continue
        found = found or (number if at.section else None)
        if at.key and re.match(rf'\s*"?{re.escape(at.key)}"?\s*[=.]', line):
            return number
    return found


def _lines(text: str, root: str) -> Iterator[tuple[int, tuple[str, int], str]]:
    """Yield each line with its section, and the how manieth of its root that is."""
    section, nth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.match(line):
            section = heading[1]
            nth += section == root
        yield number, (section, max(nth, 1) if section else 0), line
