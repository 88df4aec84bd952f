"""Calls that are told to a store: what was said in them, and how they went."""

from dataclasses import replace
from datetime import timedelta

from store_samples import ANNA, BO, NOW

from voice.store.port import Call, CallId, Turn, Who

SURE = '{"command": "set_divert", "reason": "SEM", "sure": true}'
DOUBTFUL = '{"command": "set_divert", "reason": "SEM", "sure": false}'
UNCLEAR = '{"command": null, "why": "unclear"}'
SILENT = '{"command": null, "why": "silent"}'
GREETING = Turn(0.0, Who.ATTENDANT, "Telefonisten. Jag är en dator.")


def says(text, meaning=SURE, score=0.9, place="start"):
    """Give a turn of the caller's."""
    return Turn(1.5, Who.CALLER, text, score, meaning, place=place)


VACATION = says("semester till och med fredag")
GUESSED = says("semester till måndag", DOUBTFUL, 0.5)
NOISE = says("", UNCLEAR, 0.1)


def call_of(number, caller=ANNA.extension, place="4949", minutes=0):
    """Give a call that began some minutes after now."""
    began = NOW + timedelta(minutes=minutes)
    return Call(CallId(f"k{number}"), place, caller, began)


async def told(store, call, *turns, outcome="ended"):
    """Tell a store of a whole call; it goes on when it has no outcome."""
    await store.transcripts.begin(replace(call, ended=None, outcome=None))
    for turn in turns:
        await store.transcripts.add(call.id, turn)
    if outcome is None:
        return call
    ended = call.began + timedelta(seconds=40)
    await store.transcripts.end(call.id, outcome, ended)
    return replace(call, ended=ended, outcome=outcome)


async def some_calls(store):
    """Tell a store of five calls, of which the last goes on."""
    by_bo = call_of(3, BO.extension, minutes=2)
    keyed = Turn(1.0, Who.KEYS, "*23*3*1530#", None, SURE)
    return [
        await told(store, call_of(1), GREETING, VACATION),
        await told(store, call_of(2, minutes=1), GREETING, GUESSED, outcome="hung_up"),
        await told(store, by_bo, GREETING, NOISE, VACATION, outcome="hung_up"),
        await told(store, call_of(4, None, "3339", 3), keyed),
        await told(store, call_of(5, minutes=4), GREETING, VACATION, outcome=None),
    ]
