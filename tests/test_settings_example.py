"""The example of a settings file: it shows every key, and tells the truth."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from settings_samples import written

from voice.calendars.settings import (
    CaldavAccount,
    CaldavSettings,
    CalendarSettings,
    GoogleSettings,
    OutlookSettings,
)
from voice.config import (
    HealthSettings,
    RecordingSettings,
    RetentionSettings,
    Settings,
    Waiting,
    settings,
)
from voice.ldap.settings import LdapSettings
from voice.numbering import NumberPlan
from voice.phone.settings import (
    AsteriskSettings,
    RedirectSettings,
    Registration,
    SipSettings,
)
from voice.service import Service
from voice.settings_file import EXAMPLE
from voice.settings_sections import SECTIONS
from voice.web.oidc.settings import OidcRoles, OidcSettings
from voice.web.settings import LISTEN, WebSettings

EXAMPLE_TEXT = EXAMPLE.read_text(encoding="utf-8")
KEY = re.compile(r"#?([a-z_]+) = ")
HEADING = re.compile(r"\[([a-z.]+)\]")
# Sections that a site names, as the example names them.
NAMED = {"caldav.accounts.anna": "caldav.accounts.NAME"}
TOGETHER = {"sip.registration", "caldav.accounts.NAME"}
TOGETHER |= {"web.oidc", "web.oidc.roles"}
# Beside the fields of its dataclass, a section has a switch.
SWITCHED = {"sip", "asterisk", "redirect"}
VALUES = {
    "waiting": Waiting,
    "service": Service,
    "sip": SipSettings,
    "sip.registration": Registration,
    "asterisk": AsteriskSettings,
    "redirect": RedirectSettings,
    "numbering": NumberPlan,
    "health": HealthSettings,
    "recording": RecordingSettings,
    "retention": RetentionSettings,
    "calendars": CalendarSettings,
    "google": GoogleSettings,
    "outlook": OutlookSettings,
    "caldav": CaldavSettings,
    "caldav.accounts.NAME": CaldavAccount,
    "ldap": LdapSettings,
    "web": WebSettings,
    "web.oidc": OidcSettings,
    "web.oidc.roles": OidcRoles,
}
# Where each program has its own default, or none, the example shows an example.
SHOWN_ONLY = {"address", "grammar", "models", "cache", "prompts", "folder"}
SHOWN_ONLY |= {"certificate", "authorities", "user", "registrar"}
SHOWN_ONLY |= {"push_address", "key", "tenant", "client"}
SHOWN_ONLY |= {"hooks_inside", "base", "filter", "group"}


def keys_of_example() -> Iterator[tuple[str, str, int]]:
    """Yield section, key and line of every key that the example shows."""
    section = ""
    for at, line in enumerate(EXAMPLE_TEXT.splitlines()):
        if heading := HEADING.fullmatch(line):
            section = NAMED.get(heading[1], heading[1])
        elif key := KEY.match(line):
            yield section, key[1], at


def without_web(chosen: Settings) -> Settings:
    """Return settings as they are without a file: then there is no web."""
    assert chosen.web.listen == LISTEN
    return replace(chosen, file=None, web=replace(chosen.web, listen=""))


def test_the_example_says_what_holds_without_it_and_opens_a_web():
    assert without_web(settings({}, EXAMPLE)) == settings({})


@pytest.mark.parametrize("section", VALUES)
def test_the_example_shows_every_field_of_every_value(section: str):
    shown = {key for at, key, _ in keys_of_example() if at == section}
    # Lines within lines have their own heading, and passwords are not written.
    known = {field.name for field in fields(VALUES[section])}
    hidden = {"registration", "accounts", "name", "password", "secret", "oidc", "roles"}
    known -= hidden - SECTIONS[section].keys()
    known |= {"on"} & ({"on"} if section in SWITCHED else set())
    assert shown == known == SECTIONS[section].keys()


def test_the_example_shows_every_section_and_key_once():
    shown = [(section, key) for section, key, _ in keys_of_example()]
    known = [(section, key) for section in SECTIONS for key in SECTIONS[section]]
    assert sorted(shown) == sorted(known)


def test_every_key_of_the_example_is_explained():
    lines = EXAMPLE_TEXT.splitlines()
    for _, key, at in keys_of_example():
        above = lines[at - 1]
        assert above.startswith("# ") or KEY.match(above), key


ALONE = [
    (section, key, line)
    for section, key, line in keys_of_example()
    # Those that belong together are taken in use together.
    if section not in TOGETHER
    and key not in ("tenant", "client", "base")
    and (section, key) != ("ldap", "address")
]


@pytest.mark.parametrize(("section", "key", "line"), ALONE)
def test_each_key_of_the_example_can_be_taken_in_use(
    tmp_path: Path, section: str, key: str, line: int
):
    lines = EXAMPLE_TEXT.splitlines()
    lines[line] = lines[line].removeprefix("#")
    chosen = settings({}, written(tmp_path, "\n".join(lines)))
    assert key in tomllib.loads("\n".join(lines))[section]
    if not {key, f"{section}.{key}"} & SHOWN_ONLY:
        assert without_web(chosen) == settings({})


def test_all_keys_of_the_example_can_be_taken_in_use_together(tmp_path: Path):
    chosen = settings({}, written(tmp_path, re.sub(KEY, r"\1 = ", EXAMPLE_TEXT)))
    assert chosen.store == "/var/lib/telefonist/telefonist.db"
    assert (chosen.grammar, chosen.recorded) == (
        tmp_path / "grammar",
        tmp_path / "prompts",
    )
    account = Registration("4949", "10.0.0.1")
    pem, vouch = tmp_path / "telefonist.pem", tmp_path / "authorities.pem"
    line = SipSettings(registration=account, certificate=pem, authorities=vouch)
    assert chosen.sip == {1: line}
    assert chosen.recording.folder == Path("/var/lib/telefonist/calls")
    (anna,) = chosen.access.caldav.accounts
    assert (anna.name, anna.user) == ("anna", "anna@example.org")
    assert anna.authorities == tmp_path / "authorities.pem"
    assert chosen.web.oidc.issuer == "https://login.microsoftonline.com/TENANT/v2.0"
    assert chosen.web.oidc.roles.operator == ("telefonister",)
