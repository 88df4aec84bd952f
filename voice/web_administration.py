"""What administrators ask of the house through the web, answered in the web's words."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from voice.accounts import (
    AccountError,
    EasyPasswordError,
    Logins,
    PasswordError,
    check_password,
    new_login,
)
from voice.calls.recording import Tapes
from voice.config import Settings
from voice.divert.model import Extension
from voice.errors import VoiceError
from voice.house import read_texts
from voice.language.catalog import Catalog
from voice.language.files import FILES
from voice.ldap.reading import read_people
from voice.numbering import NumberPlan
from voice.obey import Door
from voice.pins import PinError, Pins
from voice.sound.models import open_model
from voice.staff import Cells, DirectoryError, written
from voice.store.accounts_port import Account, Login
from voice.store.directory_port import Listing
from voice.store.port import Store
from voice.store.tables import NEWEST
from voice.web.administration import Administration, Filled, NotKeptError, Versions
from voice.web.port import PasswordFault
from voice.web_calendars import Calendars
from voice.web_directory import DirectoryServer
from voice.web_persons import Persons
from voice.web_programs import Programs
from voice.web_reasons import ReasonsFile
from voice.web_settings import SettingsFile
from voice.web_staff import StaffLists

_BETWEEN = re.compile(r"[,;\n]")
_SIGNS = 12


def administration(
    chosen: Settings,
    door: Door,
    catalog: Catalog,
    logins: Logins,
    now: Callable[[], datetime],
) -> Administration:
    """Return what administrators can ask for, in a house with these settings."""
    store, calendars = door.store, Calendars(chosen, door, catalog, now)
    return Administration(
        versions=partial(asyncio.to_thread, _versions, chosen.grammar, chosen.models),
        people=People(store, chosen.numbering),
        accounts=Accounts(store, logins),
        calendars=calendars,
        staff=StaffLists(store, chosen.numbering, calendars),
        directory=DirectoryServer(
            chosen.ldap,
            store,
            chosen.numbering,
            calendars,
            partial(read_people, chosen.ldap),
        ),
        settings=SettingsFile(chosen.file, store.audit),
        reasons=ReasonsFile(chosen, catalog, store.audit),
        programs=Programs(store),
        persons=Persons(store, Tapes(chosen.recording), calendars, catalog),
    )


class People:
    """The directory and the PINs of those in it, as people write them."""

    def __init__(self, store: Store, plan: NumberPlan) -> None:
        self._pins, self._plan = Pins(store), plan

    def listing(self, filled: Filled, known: Listing | None) -> Listing:
        """Read what is filled in, after what is known; NotKeptError blames fields."""
        number = filled.number if known is None else known.extension
        name, unit, mail = filled.name, filled.unit, filled.mail
        mobiles, search = map(_BETWEEN.split, (filled.mobiles, filled.search))
        each = {
            "name": Cells(name=name),
            "unit": Cells(unit=unit),
            "mail": Cells(mail=mail),
            "mobiles": Cells(mobiles=mobiles),
            "search": Cells(search=search),
        }
        faults = {}
        if not self._is_well(number, Cells()):
            faults["number"] = "people.bad_number"
            number = "0"
        for field, cell in each.items():
            if not self._is_well(number, cell):
                faults[field] = f"people.bad_{field}"
        if faults:
            raise NotKeptError(**faults)
        cells = Cells(name, unit, mail, mobiles, search)
        return written(number, cells, self._plan).on(known)

    def _is_well(self, number: str, cells: Cells) -> bool:
        try:
            written(number, cells, self._plan)
        except DirectoryError:
            return False
        return True

    async def set_pin(
        self, extension: Extension, pin: str, now: datetime, by: str
    ) -> None:
        """Give a new PIN, which also unlocks; NotKeptError where it will not do."""
        try:
            await self._pins.set(extension, pin, now, by)
        except PinError:
            raise NotKeptError(new_pin="people.bad_pin") from None

    async def unlock_pin(self, extension: Extension, now: datetime, by: str) -> None:
        """Forget the wrong tries of a PIN; nothing where there is none."""
        with suppress(PinError):
            await self._pins.unlock(extension, now, by)

    async def take_pin(self, extension: Extension, now: datetime, by: str) -> None:
        """Take a PIN away."""
        await self._pins.clear(extension, now, by)


class Accounts:
    """Who may log in, and by which password."""

    def __init__(self, store: Store, logins: Logins) -> None:
        self._store, self._logins = store, logins

    def login(self, text: str) -> Login:
        """Return the login that a new account is to have; NotKeptError for none."""
        try:
            return new_login(text)
        except AccountError:
            raise NotKeptError(login="accounts.bad_login") from None

    async def add(
        self, account: Account, password: str, now: datetime, by: str
    ) -> None:
        """Let somebody log in; NotKeptError where the password will not do."""
        _check(password, account.login)

        def check(everybody: Sequence[Account]) -> None:
            if any(each.login == account.login for each in everybody):
                raise NotKeptError(login="accounts.taken")

        await self._store.accounts.put(account, now, by, check)
        await self._logins.give(account.login, password, now, by)

    async def give(self, login: Login, password: str, now: datetime, by: str) -> None:
        """Give a new password; NotKeptError where it will not do."""
        _check(password, login)
        await self._logins.give(login, password, now, by)

    async def unlock(self, login: Login, now: datetime, by: str) -> None:
        """Forget the wrong passwords; nothing where there is no password."""
        with suppress(AccountError):
            await self._logins.unlock(login, now, by)


def _check(password: str, login: Login) -> None:
    try:
        check_password(password, login)
    except PasswordError as error:
        is_easy = isinstance(error, EasyPasswordError)
        fault = PasswordFault.EASY if is_easy else PasswordFault.SHORT
        raise NotKeptError(new_password=fault) from None


@cache
def _versions(grammar: Path, models: Path) -> Versions:
    """Read what is installed, once: a change holds from the next start."""
    return Versions(_program(), _model(models), _grammar(grammar), NEWEST)


def _program() -> str:
    try:
        return version("telefonist")
    except PackageNotFoundError:
        # Run beside its source, without being installed.
        return ""


def _grammar(grammar: Path) -> str:
    try:
        texts = read_texts(grammar, FILES)
    except VoiceError:
        return ""
    digest = hashlib.sha256(repr(sorted(texts.items())).encode()).hexdigest()
    return digest[:_SIGNS]


def _model(models: Path) -> str:
    try:
        model = open_model(models)
    except VoiceError:
        return ""
    return f"{model.name} {model.digest[:_SIGNS]}"
