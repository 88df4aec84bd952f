"""People, diverts and calls to remember, and strategies that invent more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from voice.divert.model import (
    Divert,
    DivertSet,
    EntryKey,
    Extension,
    Mode,
    ReasonCode,
    Source,
)
from voice.store.port import (
    Call,
    CallId,
    Listing,
    Turn,
    Who,
)

NOW = datetime(2025, 3, 5, 10, 40, 12, 345678, UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
ANNA = Listing(Extension("1234"), "Åsa Öström-Lindqvist", "Bygg & miljö")
BO = Listing(Extension("2345"), "Bo Ek", coupled=True)
STRANGER = Extension("9999")
LUNCH = Divert(
    extension=ANNA.extension,
    reason=ReasonCode("LUN"),
    start=NOW,
    until=NOW + timedelta(hours=1),
    mode=Mode.CLOSED,
    source=Source.VOICE,
    set_at=NOW,
)
CALL = Call(CallId("k1"), "4949", ANNA.extension, NOW)
TURNS = (
    Turn(0.0, Who.ATTENDANT, "Telefonisten. Jag är en dator. Vad gäller det?"),
    Turn(3.52, Who.CALLER, "hänvisning radera", 0.1 + 0.2, "ClearDivert", None),
    Turn(4.0, Who.KEYS, "#23#", None, "ClearDivert", "DivertsCleared"),
    Turn(4.0, Who.ATTENDANT, "Din telefon är öppen. 🎈", None, None, "Refused"),
)

# No NUL and no lone surrogate: neither can be said, typed or kept by PostgreSQL.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
instants = st.datetimes(
    datetime(2020, 1, 1),
    datetime(2040, 1, 1),
    timezones=st.sampled_from([UTC, STOCKHOLM]),
    allow_imaginary=False,
)
diverts = st.builds(
    Divert,
    extension=st.just(ANNA.extension),
    reason=texts.map(ReasonCode),
    start=instants,
    until=st.none() | instants,
    mode=st.sampled_from(Mode),
    source=st.sampled_from(Source),
    set_at=instants,
    entry=st.none() | texts.map(EntryKey),
    opened=st.booleans(),
)
some_diverts = st.lists(diverts, max_size=4).map(tuple)

# One store serves all examples, and each twin inherits the test: both are meant.
few_examples = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)


def sets(divert, *replaced):
    """Decide on one divert whatever stands."""
    return lambda standing: DivertSet(divert, replaced)


def adds_one(standing, owner=ANNA.extension):
    """Decide on a divert that tells how many stood before it."""
    reason = ReasonCode(str(len(standing.diverts)))
    return DivertSet(replace(LUNCH, extension=owner, reason=reason))
