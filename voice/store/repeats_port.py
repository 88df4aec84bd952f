"""What we ask of any database about questions that may come twice, and mean one thing.

A program that got no answer does not know whether it was heard, and asks again by the
same id: it is to be answered as before, and nothing done again.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from voice.divert.model import Extension

# As long as a program can be thought to try again.
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that changes something, by the id that its asker gave it."""

    key: str
    """The name of the key that it was asked by."""
    id: str
    digest: str
    """Of all that was asked: the same id with another question is a mistake."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: str
    media_type: str


def tells_of(extension: Extension) -> str:
    """Return what stands in an answer that tells of a person: programs ask in JSON."""
    return json.dumps(extension)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A question that came before by the same id."""

    asked: Asked
    answer: Answer | None
    """None while it is being answered, or for ever where that broke off."""


class Repeats(Protocol):
    """The questions of a day, and their answers."""

    async def begin(self, asked: Asked, now: datetime) -> Earlier | None:
        """Take a question up; or return the one that came before by its id.

        Of many that come at once one is taken up.
        """
        ...

    async def answered(self, asked: Asked, answer: Answer) -> None:
        """Keep what a question was answered with."""
        ...

    async def forget(self, asked: Asked) -> None:
        """Let a question be asked anew, because nothing came of it."""
        ...

    async def of(self, extension: Extension) -> tuple[Answer, ...]:
        """Return the answers that tell of a person, the first one first."""
        ...

    async def let_go(self, extension: Extension) -> None:
        """Let go of the answers that tell of a person, with their questions."""
        ...

    async def sweep(self, now: datetime) -> None:
        """Let go of what was asked more than a day ago."""
        ...
