"""What is filled in on Min startsida, and the command that it asks for."""

from dataclasses import dataclass, replace
from datetime import timedelta

from voice.divert.model import (
    ChangeDivert,
    Command,
    Divert,
    Mode,
    ReasonCode,
    SetDivert,
    Until,
)
from voice.language.catalog import Catalog
from voice.language.lasting import lasting
from voice.language.understand import Here
from voice.language.written import Unread, Written, written


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody has filled in, all of it text."""

    reason: str = ""
    until: str = ""
    """When they are back, as they write it."""
    lasts: str = ""
    """What a button says instead: a length as `reasons.toml` writes it."""
    informs: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; not `sure` where something else may have been meant."""

    command: Command
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be read, and the key of the words that say why."""

    field: str
    key: str


LENGTHS = ("30m", "1h", "2h", "4h", "next_working_day", "until_cleared")
"""What there are buttons for."""
MORE = ("15m", "30m", "1h")
"""What a divert can be made longer by, at a button."""
_NO_TIME = Fault("until", "wish.no_time")


def new_divert(wish: Wish, here: Here, catalog: Catalog) -> Asked | Fault:
    """Return the divert that is asked for, or what is wrong with how."""
    reason = _chosen(wish.reason, catalog)
    if isinstance(reason, Fault):
        return reason
    mode = Mode.INFORMING if wish.informs else Mode.CLOSED
    plain = SetDivert(here.extension, reason, None, None, mode, here.how)
    if wish.lasts:
        return _lasting(plain, wish.lasts, here)
    if not wish.until:
        return Asked(plain)
    read = written(reason, wish.until, here, catalog)
    if isinstance(read, Unread):
        return Fault("until", f"wish.{read}")
    # It can be filled in either way that the phone stays open.
    informs = Mode.INFORMING in (mode, read.command.mode)
    mode = Mode.INFORMING if informs else Mode.CLOSED
    return Asked(replace(read.command, mode=mode), read.sure)


def changed_divert(
    wish: Wish, divert: Divert, here: Here, catalog: Catalog
) -> Asked | Fault:
    """Return the change of a divert that is asked for, or what is wrong with how."""
    # A reason that the site has no more can stand on, but not be chosen.
    reason: ReasonCode | Fault | None = None
    if wish.reason not in ("", divert.reason):
        reason = _chosen(wish.reason, catalog)
    if isinstance(reason, Fault):
        return reason
    plain = ChangeDivert(here.extension, reason, None, here.how, divert)
    if wish.lasts:
        length = _length(wish.lasts)
        is_more = isinstance(length, timedelta)
        return Asked(replace(plain, to=length)) if is_more else _NO_TIME
    if wish.until:
        named = reason or divert.reason
        # What a time means is the same whatever the reason is.
        known = named if named in catalog.reasons else next(iter(catalog.reasons))
        return _moved(plain, written(known, wish.until, here, catalog))
    return Asked(plain) if reason else Fault("until", "wish.nothing")


def _moved(plain: ChangeDivert, read: Written | Unread) -> Asked | Fault:
    match read:
        case Unread() as why:
            return Fault("until", f"wish.{why}")
        case Written(SetDivert(start=None) as said, sure):
            return Asked(replace(plain, to=said.until), sure)
        case _:
            return Fault("until", "wish.no_start")


def _chosen(code: str, catalog: Catalog) -> ReasonCode | Fault:
    if code in catalog.reasons:
        return ReasonCode(code)
    return Fault("reason", "wish.no_reason" if code else "wish.choose_reason")


def _lasting(plain: SetDivert, lasts: str, here: Here) -> Asked | Fault:
    length = _length(lasts)
    if length is None:
        return _NO_TIME
    if isinstance(length, Until):
        return Asked(replace(plain, until=length))
    now = here.moment.now.replace(second=0, microsecond=0)
    return Asked(replace(plain, until=now + length))


def _length(lasts: str) -> timedelta | Until | None:
    try:
        return lasting(lasts)
    except ValueError:
        return None
