"""What the API gives and takes: each shape with its fields, as its document tells."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from voice.divert.model import Mode, Source, Until
from voice.store.calls_port import Who
from voice.web.api.instants import Instant

LUNCH_ENDS = "2026-03-05T12:30:00+01:00"
NUMBER = r"^[0-9]{1,16}$"
CODE = r"^[A-ZÅÄÖ0-9]{1,16}$"

Code = Annotated[str, Field(pattern=CODE, examples=["SAM"])]
Next = Annotated[
    str | None, Field(description="What `cursor` is given to go on; null at the end.")
]
Outer = Annotated[
    str,
    Field(description="The absence as others are told.", examples=["på sammanträde"]),
]
Opens = Annotated[
    datetime | None,
    Field(description="When the phone opens by itself.", examples=[LUNCH_ENDS]),
]
Back = Annotated[
    datetime | None,
    Field(
        description="The return as callers are told: on a working day.",
        examples=[LUNCH_ENDS],
    ),
]


class Shape(BaseModel):
    """Something given or taken, with no other field than those it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class State(StrEnum):
    """What a call to a phone meets."""

    OPEN = "open"
    INFORMING = "informing"
    CLOSED = "closed"


class Decision(StrEnum):
    """What an exchange is to do with a call."""

    RING = "ring"
    ANNOUNCE = "announce"
    UNKNOWN = "unknown"


class Done(StrEnum):
    """What a change did."""

    SET = "set"
    CHANGED = "changed"
    CLEARED = "cleared"
    UNDONE = "undone"


class Reason(Shape):
    """A reason to be away."""

    code: Code
    label: str = Field(examples=["sammanträde"])
    outer: Outer
    digit: str = Field(description="What is keyed for it.", examples=["3"])
    discreet: bool = Field(description="Others are told `outer` and no code.")


class Reasons(Shape):
    """The reasons that this site has."""

    reasons: tuple[Reason, ...]


class Divert(Shape):
    """An absence that stands on an extension."""

    reason: str | None = Field(
        description="Its code; null where it is nobody else's business.",
        examples=["SAM"],
    )
    outer: Outer
    start: datetime
    until: datetime | None = Field(
        description="Null: it stands until it is cleared.", examples=[LUNCH_ENDS]
    )
    mode: Mode = Field(description="Whether it closes the phone.")
    source: Source = Field(description="Where it came from.")
    holds: bool = Field(description="Whether it is in force; else it is to come.")


class Phone(Shape):
    """What stands on an extension."""

    extension: str = Field(examples=["1234"])
    state: State
    opens: Opens
    back: Back
    diverts: tuple[Divert, ...] = Field(description="That which counts comes first.")


class Phones(Shape):
    """Extensions on which something stands, by number."""

    phones: tuple[Phone, ...]
    next: Next


class Changed(Shape):
    """What a change did, and what stands after it."""

    done: Done
    phone: Phone


class Person(Shape):
    """A line of the directory, and the state of its phone."""

    extension: str = Field(examples=["1234"])
    name: str = Field(examples=["Anna Berg"])
    unit: str = Field(examples=["Miljökontoret"])
    state: State
    outer: str | None = Field(
        description="Why, as others are told; null when nothing stands.",
        examples=["på sammanträde"],
    )
    opens: Opens
    back: Back


class People(Shape):
    """The directory, by number."""

    people: tuple[Person, ...]
    next: Next


class Route(Shape):
    """What becomes of a call that comes now."""

    number: str = Field(examples=["1234"])
    decision: Decision
    outer: str | None = Field(
        description="Why, as the caller is told.", examples=["på sammanträde"]
    )
    opens: Opens
    back: Back


class Call(Shape):
    """A call, and how well its caller was understood."""

    id: str
    place: str = Field(description="The number that was called.", examples=["4949"])
    caller: str | None = Field(
        description="The extension of who called, once it is known.",
        examples=["1234"],
    )
    began: datetime
    ended: datetime | None
    outcome: str | None
    turns: int
    doubtful: int
    missed: int
    worst: float | None = Field(description="The lowest score of what was said.")


class Calls(Shape):
    """Calls, the newest first."""

    calls: tuple[Call, ...]
    next: Next


class Turn(Shape):
    """One thing said or keyed."""

    seconds: float = Field(description="Since the call began.")
    who: Who
    text: str = Field(examples=["hänvisning lunch till halv ett"])
    score: float | None
    meaning: str | None = Field(examples=["set_divert"])
    event: str | None
    place: str | None


class Transcript(Shape):
    """What was said in a call, from one of its turns on."""

    call: Call
    turns: tuple[Turn, ...]
    next: Next


class ToSet(Shape):
    """An absence to be registered."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "SAM", "until": LUNCH_ENDS}]}
    )

    reason: Code
    until: Instant | Until | None = Field(
        default=None, description="Left out, it lasts as long as its reason usually."
    )
    start: Instant | None = Field(default=None, description="Left out, it begins now.")
    mode: Mode = Mode.CLOSED


class ToChange(Shape):
    """Another reason, another end, or more time, for the divert that counts."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"until": LUNCH_ENDS}, {"minutes": 15}]}
    )

    reason: Code | None = None
    until: Instant | Until | None = None
    minutes: int | None = Field(
        default=None,
        strict=True,
        ge=-24 * 60,
        le=24 * 60,
        description="So much longer; less than 0 is shorter. Not with `until`.",
    )

    @property
    def to(self) -> datetime | timedelta | Until | None:
        """The end that is wanted, or how much later it is to be."""
        return self.until if self.minutes is None else timedelta(minutes=self.minutes)


class FieldFault(Shape):
    """One field of a question, and what is wrong with it."""

    field: str = Field(examples=["until"])
    why: str = Field(description="missing, unknown or wrong", examples=["wrong"])


class ProblemTold(Shape):
    """Why a question is not answered: RFC 9457."""

    type: str = Field(examples=["urn:telefonist:problem:nothing_to_clear"])
    title: str = Field(examples=["Det finns ingen hänvisning att ta bort"])
    status: int
    remedy: str = Field(
        description="What to do about it.",
        examples=["Fråga efter anknytningen och se vad som gäller."],
    )
    errors: tuple[FieldFault, ...] = ()
