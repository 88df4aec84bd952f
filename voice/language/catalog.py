"""Everything the grammar files say, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voice.dialogue.people import Person
from voice.divert.advice import Snag
from voice.divert.codes import CodePlan
from voice.divert.model import Reason, ReasonCode
from voice.language.numbers import Numbers
from voice.language.spelling import Speller
from voice.language.template import Expression, Rules, words
from voice.language.times import Parts

NAME, WHOSE = "name", "whose"
"""The slots that a directory fills: who is named, and whose something is."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a reason is named to the one who has it, and to others."""

    label: str
    outer: str
    discreet: bool = False
    """Others are told the outer wording alone, never which reason it is."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The ways to say one intent: carried out at once, or only after a yes."""

    say: Expression
    ask: Expression | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """How an intent is told of: an example, and keys where a place has none for it."""

    example: str
    keys: str = ""
    at: Mapping[str, str] = field(default_factory=dict)
    """The keys at some places, where they are others."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """What is said and means nothing, before, after and between the words that do."""

    hesitations: frozenset[str]
    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]


class Shown(StrEnum):
    """Whether a number that is keyed may be read in the transcript."""

    SHOWN = "shown"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Place:
    """What can be said at one place of the dialogue, and what its keys say."""

    intents: tuple[str, ...]
    keys: Mapping[str, str]
    digits: Shown | None = None
    """Set where a number is keyed."""
    listens: bool = True
    """Whether anything that is said there is listened to."""
    codes: bool = True
    """Whether feature codes are understood there."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the grammar files say."""

    reasons: Mapping[ReasonCode, Reason]
    wordings: Mapping[ReasonCode, Wording]
    numbers: Numbers
    speller: Speller
    parts: Parts
    rules: Rules
    intents: Mapping[str, Sentences]
    places: Mapping[str, Place]
    ignored: Ignored
    codes: CodePlan
    prompts: Mapping[str, str]
    spoken_names: Mapping[str, Mapping[int, str]]
    lexicon: Mapping[str, tuple[str, ...]]
    told: Mapping[str, Told]
    notes: Mapping[Snag, str]
    names: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    """Who is meant by each name: of a directory, and not of the grammar."""

    def words(self) -> frozenset[str]:
        """Return every word that can be heard at any place."""
        ignored = {w for ws in self.ignored.before + self.ignored.after for w in ws}
        trees = [t for s in self.intents.values() for t in (s.say, s.ask) if t]
        trees += self.rules.shared.values()
        trees += [way for ways in self.rules.slots.values() for way in ways.values()]
        heard = frozenset().union(*map(words, trees))
        return heard | ignored | self.ignored.hesitations
