"""What calendars let us in by: who we are, as the file says, and our secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from voice.calendars.settings import (
    CaldavAccount,
    CaldavSettings,
    CalendarAccess,
    GoogleSettings,
    OutlookSettings,
)
from voice.settings_file import Written

_OUTLOOK = "TELEFONIST_OUTLOOK_SECRET"


def secret_names(written: Written) -> Iterator[str]:
    """Yield what the environment can hold for the calendars of a file."""
    yield _OUTLOOK
    yield CaldavAccount().variable
    yield from (account.variable for account in _accounts(written))


def read_access(environment: Mapping[str, str], written: Written) -> CalendarAccess:
    """Put together what lets us into calendars."""

    def with_password(account: CaldavAccount) -> CaldavAccount:
        return replace(account, password=environment.get(account.variable, ""))

    outlook = OutlookSettings(secret=environment.get(_OUTLOOK, ""))
    caldav = CaldavSettings(
        password=environment.get(CaldavAccount().variable, ""),
        accounts=tuple(map(with_password, _accounts(written))),
    )
    return CalendarAccess(
        replace(GoogleSettings(), **written.section("google")),
        replace(outlook, **written.section("outlook")),
        replace(caldav, **written.section("caldav")),
    )


def _accounts(written: Written) -> Iterator[CaldavAccount]:
    for name, values in written.accounts.items():
        yield CaldavAccount(**values, name=name)
