"""Calls to look at: what was said in them, put where a call puts it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from web_house import ANNA, NOW

from voice.store.port import Call, CallId, Store, Turn, Who

GREETING = Turn(0.2, Who.ATTENDANT, "Telefonisten. Jag är en dator. Vad gäller det?")
LUNCH = {
    "command": "set_divert",
    "reason": "LUN",
    "mode": "closed",
    "start": None,
    "until": "2026-03-05T12:30:00+01:00",
}
UNCLEAR: dict[str, object] = {"command": None, "why": "unclear"}


def said(
    t: float,
    text: str,
    score: float = 0.95,
    meaning: object = UNCLEAR,
    event: str | None = None,
) -> Turn:
    """Return something that a caller said."""
    meant = json.dumps(meaning, ensure_ascii=False)
    return Turn(t, Who.CALLER, text, score, meant, event, "start")


def answered(t: float, text: str) -> Turn:
    """Return something that the attendant said."""
    return Turn(t, Who.ATTENDANT, text)


TALK = (
    GREETING,
    said(4.5, "hänvisning lunch till halv ett", 0.93, LUNCH | {"sure": True}),
    answered(4.9, "Lunch, åter tolv och trettio. Klart."),
)


async def put_call(
    store: Store, id: str, turns: Sequence[Turn] = TALK, **known: object
) -> CallId:
    """Put a call of Anna's into a store; without an outcome it goes on."""
    an_hour_ago = NOW - timedelta(hours=1)
    call = Call(CallId(id), "4949", ANNA, an_hour_ago, outcome="hung_up")
    call = replace(call, **known)
    await store.transcripts.begin(replace(call, outcome=None))
    for turn in turns:
        await store.transcripts.add(call.id, turn)
    if call.outcome is not None:
        ended = call.began + timedelta(seconds=turns[-1].t + 1 if turns else 1)
        await store.transcripts.end(call.id, call.outcome, ended)
    return call.id
