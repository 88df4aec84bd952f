"""What the tests of the command line share: an answer, and where the fixtures are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

FIXTURES = Path(__file__).parent.parent.parent / "audio-fixtures"
SAID = FIXTURES / "said"


@dataclass(frozen=True)
class Told:
    """What a command answered: its exit code, its answers and its complaints."""

    code: int
    out: str
    err: str


Telefonist: TypeAlias = Callable[..., Told]
Play: TypeAlias = Callable[..., Path]
