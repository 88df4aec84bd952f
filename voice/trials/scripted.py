"""The twin of a caller on a line: what is said is read from a plan, without sound."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from voice.calls.attendant import Said, Sentence
from voice.dialogue.actions import Tone
from voice.dialogue.heard import HungUp, Silent, TimeIsUp
from voice.divert.model import Site
from voice.language.catalog import Catalog
from voice.language.keys import understand_keys
from voice.language.understand import Here, understand
from voice.store.port import Who

T = TypeVar("T")

# Seconds of call time that each turn takes; only their order matters.
_TURN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Says:
    """The caller says some words, heard clearly unless `sure` is false."""

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Keys:
    """The caller presses keys and pauses."""

    keys: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller says nothing for so long that it is noticed."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The caller hangs up."""


@dataclass(frozen=True, slots=True)
class Outstays:
    """The caller stays until the call has reached its longest length."""


Part: TypeAlias = Says | Keys | Silence | Leaves | Outstays


class ScriptedCaller:
    """A caller who follows a plan and then hangs up."""

    def __init__(self, plan: Sequence[Part], catalog: Catalog, site: Site) -> None:
        self._plan = iter(plan)
        self._catalog, self._site = catalog, site
        self._t = 0.0
        self._keys_left = ""
        self.transferred_to: str | None = None

    async def say(self, sentence: Sentence) -> float:
        """Let the sentence pass; return the time of the call."""
        return self._t

    async def hear(self, here: Callable[[float], Here]) -> Said:
        """Return what the next part of the plan means."""
        self._t += _TURN_SECONDS
        if self._keys_left:
            return self._keyed(self._keys_left, here(self._t))
        match next(self._plan, Leaves()):
            case Says(text, sure):
                heard = understand(text, here(self._t), self._catalog, sure)
                return Said(self._t, heard, Who.CALLER, text, 1.0 if sure else 0.5)
            case Keys(keys):
                return self._keyed(keys, here(self._t))
            case Silence():
                return Said(self._t, Silent())
            case Outstays():
                return Said(self._t, TimeIsUp())
            case Leaves():
                return Said(self._t, HungUp())

    def _keyed(self, keys: str, here: Here) -> Said:
        """Press the keys one at a time; those after a whole code are pressed next."""
        for count in range(1, len(keys) + 1):
            heard = understand_keys(
                keys[:count], count == len(keys), here, self._catalog, self._site
            )
            if heard is not None:
                self._keys_left = keys[count:]
                return Said(self._t, heard, Who.KEYS, keys[:count])
        raise AssertionError("finished keys always mean something")

    async def play(self, tone: Tone) -> None:
        """Let the tone pass."""

    async def meanwhile(self, work: Awaitable[T]) -> T:
        """Do some work; nobody waits for it."""
        return await work

    async def transfer(self, number: str) -> bool:
        """Put the caller through: nothing is left to do."""
        self.transferred_to = number
        return True

    async def hang_up(self) -> None:
        """End the call: nothing is left to do."""
