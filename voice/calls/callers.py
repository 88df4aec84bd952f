"""Who calls, by the number that the exchange asserts and by nothing else."""

from dataclasses import dataclass
from typing import TypeAlias

from voice.divert.model import Extension
from voice.numbering import NumberPlan, normal
from voice.store.port import Store, UnknownExtensionError


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody at an extension of the directory."""

    extension: Extension


@dataclass(frozen=True, slots=True)
class Mobile:
    """A mobile that is tied to an extension; a site may ask for its PIN as well."""

    extension: Extension


@dataclass(frozen=True, slots=True)
class Stranger:
    """Anybody else: who it is, extension and PIN must tell."""


Identity: TypeAlias = Inside | Mobile | Stranger


async def who_calls(caller: str | None, store: Store, plan: NumberPlan) -> Identity:
    """Return whose number this is; `caller` comes from a peer that is trusted."""
    if caller is None:
        return Stranger()
    if caller.isascii() and caller.isdecimal():
        try:
            return Inside((await store.directory.find(Extension(caller))).extension)
        except UnknownExtensionError:
            pass  # a number from outside can be written in digits alone
    number = normal(caller, plan)
    holder = None if number is None else await store.directory.holder(number)
    return Stranger() if holder is None else Mobile(holder)
