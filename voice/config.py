"""Settings, read once from a file and the environment, and handed down in parts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from platformdirs import user_cache_path, user_data_path

from voice.calendar_access import read_access, secret_names
from voice.calendars.settings import CalendarAccess, CalendarSettings
from voice.ldap.settings import SECRET as LDAP_SECRET
from voice.ldap.settings import LdapSettings
from voice.ldap_access import read_ldap
from voice.numbering import NumberPlan
from voice.phone.settings import (
    AsteriskSettings,
    RedirectSettings,
    Registration,
    SipSettings,
)
from voice.service import Service
from voice.settings_clashes import (
    Listens,
    asterisk_listens,
    check_calendars,
    check_days,
    check_health,
    check_ldap,
    check_ports,
    check_service,
    check_sip,
    check_web,
    health_listens,
    push_listens,
    redirect_listens,
    sip_listens,
    web_listens,
)
from voice.settings_file import At, SettingError, Table, Written, read
from voice.web.oidc.settings import SECRET
from voice.web.settings import WebSettings
from voice.web_access import read_web

_PREFIX = "TELEFONIST_"
_PACKAGE = Path(__file__).parent
_T = TypeVar("_T", AsteriskSettings, RedirectSettings)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a call waits, in seconds."""

    whole: float = 0.2
    """Quiet after a sentence that nothing can extend."""
    extendable: float = 0.6
    """Quiet after a sentence that could go on."""
    incomplete: float = 1.2
    """Quiet in the middle of a sentence."""
    silence: float = 5.0
    """A caller who says nothing is spoken to after this."""
    between_keys: float = 2.5
    """Keys that could go on are complete after this."""
    call: float = 300.0
    """No call lasts longer."""


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """Where other programs ask how this one is."""

    listen: str = "127.0.0.1:9949"
    open: bool = False
    """Whether the address may be reached from other machines."""


@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """Whether the sound of calls is kept; no days, no sound."""

    folder: Path
    days: int = 0


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """For how long what tells of people is kept; nothing of it for ever."""

    transcripts_days: int = 90
    trail_days: int = 730


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A systemd that has started the program, and waits to hear of it."""

    address: str
    patience: float | None = None
    """It ends a program that it has not heard of for so many seconds."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a site can set."""

    grammar: Path
    models: Path
    demo: Path
    cache: Path
    store: str
    recorded: Path | None
    recording: RecordingSettings
    retention: RetentionSettings = RetentionSettings()
    waiting: Waiting = Waiting()
    service: Service = Service()
    sip: Mapping[int, SipSettings] = field(default_factory=lambda: {1: SipSettings()})
    """The lines that are on, by which of the file's they are."""
    asterisk: AsteriskSettings | None = None
    redirect: RedirectSettings | None = None
    numbering: NumberPlan = NumberPlan()
    health: HealthSettings = HealthSettings()
    calendars: CalendarSettings = CalendarSettings()
    access: CalendarAccess = CalendarAccess()
    """What calendars let us in by."""
    ldap: LdapSettings = LdapSettings()
    web: WebSettings = WebSettings()
    supervisor: Supervisor | None = None
    file: Path | None = None
    """The settings file, if there is one."""


def settings(
    environment: Mapping[str, str] = os.environ, file: Path | None = None
) -> Settings:
    """Read the settings; the environment's win over the file's.

    SettingError names each that is wrong.
    """
    named = file or environment.get(f"{_PREFIX}SETTINGS")
    written = read(_at_home(str(named))) if named else Written()
    _check_names(environment, written)
    sound = written.section("sound")

    def path(name: str, default: Path) -> Path:
        given = environment.get(f"{_PREFIX}{name}")
        return _at_home(str(given or sound.get(name.lower(), default)))

    recorded = environment.get(f"{_PREFIX}PROMPTS") or sound.get("prompts")
    address = written.section("store").get("address", f"sqlite:///{default_database()}")
    recording = RecordingSettings(user_data_path("telefonist") / "calls")
    chosen = Settings(
        grammar=path("GRAMMAR", _shipped("grammar")),
        models=path("MODELS", _shipped("models")),
        demo=_shipped("demo"),
        cache=path("CACHE", user_cache_path("telefonist")),
        store=environment.get(f"{_PREFIX}STORE", str(address)),
        recorded=_at_home(str(recorded)) if recorded else None,
        recording=replace(recording, **written.section("recording")),
        retention=replace(RetentionSettings(), **written.section("retention")),
        waiting=_waiting(environment, written),
        service=replace(Service(), **written.section("service")),
        sip=_sip(environment, written),
        asterisk=_if_on(AsteriskSettings(), written.section("asterisk")),
        redirect=_if_on(RedirectSettings(), written.section("redirect")),
        numbering=replace(NumberPlan(), **written.section("numbering")),
        health=replace(HealthSettings(), **written.section("health")),
        calendars=replace(CalendarSettings(), **written.section("calendars")),
        access=read_access(environment, written),
        ldap=read_ldap(environment, written),
        web=read_web(environment, written),
        supervisor=_supervisor(environment),
        file=written.file,
    )
    _check(chosen, written)
    written.settle()
    return chosen


def listens(chosen: Settings) -> tuple[Listens, ...]:
    """Return every place where the service listens."""
    asterisk = asterisk_listens(chosen.asterisk) if chosen.asterisk else ()
    redirect = redirect_listens(chosen.redirect) if chosen.redirect else ()
    health = health_listens(chosen.health.listen)
    others = (*push_listens(chosen.calendars), *web_listens(chosen.web))
    return (*sip_listens(chosen.sip), *asterisk, *redirect, health, *others)


def default_database() -> Path:
    """Return where the store is, unless a setting says otherwise."""
    return user_data_path("telefonist") / "telefonist.db"


_TEXTS = ("SETTINGS", "GRAMMAR", "MODELS", "CACHE", "STORE", "PROMPTS")
_SECONDS = {
    "WAIT_WHOLE": "whole",
    "WAIT_EXTENDABLE": "extendable",
    "WAIT_INCOMPLETE": "incomplete",
    "WAIT_SILENCE": "silence",
    "WAIT_BETWEEN_KEYS": "between_keys",
    "LONGEST_CALL": "call",
}


def password_name(nth: int) -> str:
    """Name the variable that holds the password of the nth SIP line."""
    return f"{_PREFIX}SIP_PASSWORD" + (f"_{nth}" if nth > 1 else "")


def _check_names(environment: Mapping[str, str], written: Written) -> None:
    known = {f"{_PREFIX}{name}" for name in (*_TEXTS, *_SECONDS)}
    known.update((*secret_names(written), SECRET, LDAP_SECRET))
    known |= {password_name(nth) for nth in range(1, max(1, len(written.sip)) + 1)}
    for name in environment:
        if name.startswith(_PREFIX) and name not in known:
            raise SettingError(
                f"{name} is no setting: use one of {', '.join(sorted(known))}."
            )


def _at_home(path: str) -> Path:
    # Unlike Path.expanduser, this leaves an unknown user's ~ as it is.
    return Path(os.path.expanduser(path))


def _waiting(environment: Mapping[str, str], written: Written) -> Waiting:
    given: dict[str, float] = {}
    for name, key in _SECONDS.items():
        text = environment.get(f"{_PREFIX}{name}")
        if text is None:
            continue
        try:
            given[key] = float(text)
        except ValueError:
            given[key] = 0.0
        if not 0 < given[key] < float("inf"):
            raise SettingError(
                f"{_PREFIX}{name} must be seconds above 0, not {text!r}."
            )
    return replace(Waiting(), **written.section("waiting") | given)


def _supervisor(environment: Mapping[str, str]) -> Supervisor | None:
    address = environment.get("NOTIFY_SOCKET")
    if not address:
        return None
    # A patience that is meant for another process is not ours to mind.
    is_ours = environment.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
    microseconds = environment.get("WATCHDOG_USEC", "") if is_ours else ""
    is_number = microseconds.isascii() and microseconds.isdecimal()
    return Supervisor(address, int(microseconds) / 1e6 if is_number else None)


def _check(chosen: Settings, written: Written) -> None:
    check_service(chosen.service, written)
    check_sip(chosen.sip, written)
    check_health(chosen.health.listen, chosen.health.open, written)
    check_calendars(chosen.calendars, chosen.access, written)
    check_ldap(chosen.ldap, written)
    check_web(chosen.web, written)
    check_ports(listens(chosen), written)
    check_days(chosen.recording.days, chosen.retention.transcripts_days, written)
    if not chosen.sip and chosen.asterisk is None:
        written.add(At("sip", "on"), "no line is on: switch [sip] or [asterisk] on")


def _sip(environment: Mapping[str, str], written: Written) -> dict[int, SipSettings]:
    return {
        nth: _line(table, environment.get(password_name(nth), ""))
        for nth, table in enumerate(written.sip or [{}], 1)
        if table.get("on", True)
    }


def _line(table: Table, password: str) -> SipSettings:
    values = {key: value for key, value in table.items() if key != "on"}
    account = values.pop("registration", {})
    # An account with a fault has been noted.
    if account.keys() >= {"user", "registrar"}:
        values["registration"] = Registration(**account, password=password)
    return replace(SipSettings(), **values)


def _if_on(defaults: _T, table: Table) -> _T | None:
    """Return the values of a section, unless it is off."""
    values = {key: value for key, value in table.items() if key != "on"}
    return replace(defaults, **values) if table.get("on", False) else None


def shipped_grammar() -> Path:
    """Return the grammar that came with the program."""
    return _shipped("grammar")


def _shipped(name: str) -> Path:
    """Return a folder of data: in an installed wheel, or beside the source."""
    installed = _PACKAGE / "data" / name
    beside = {"demo": "audio-fixtures/demo"}.get(name, name)
    return installed if installed.is_dir() else _PACKAGE.parent / beside
