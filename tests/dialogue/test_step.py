"""The rows of the conversation, one by one."""

from datetime import timedelta

import pytest
from dialogue_stories import EXTENSION, NOW

from voice.dialogue.actions import HangUp, Look, Obey, Repeat, Say, Transfer, Try
from voice.dialogue.heard import (
    Asked,
    Found,
    Happened,
    HungUp,
    Meant,
    No,
    Silent,
    TimeIsUp,
    Topic,
    Unclear,
    Yes,
)
from voice.dialogue.opening import answer
from voice.dialogue.states import (
    AskedChange,
    AskedDivert,
    AskedReason,
    Confirming,
    Ended,
    Looking,
    Patience,
    PuttingThrough,
    Rehearsing,
    Start,
    place,
)
from voice.dialogue.step import step
from voice.divert.model import (
    ChangeDivert,
    ClearDivert,
    Divert,
    DivertSet,
    Mode,
    Refused,
    SetDivert,
    Source,
    Until,
)
from voice.divert.routing import Outlook

HOUR = timedelta(hours=1)
THREE = NOW + 5 * HOUR
SAM = Divert(
    EXTENSION, "SAM", NOW - HOUR, THREE, Mode.CLOSED, Source.CALENDAR, NOW - HOUR
)
LUNCH = SetDivert(EXTENSION, "LUN")
LUNCH_TO_THREE = SetDivert(EXTENSION, "LUN", THREE)
TO_THREE = ChangeDivert(EXTENSION, None, THREE)
LONGER = ChangeDivert(EXTENSION, None, HOUR)
CLEAR = ClearDivert(EXTENSION)
SURE_CLEAR = Meant(CLEAR, True)
SURE_LONGER = Meant(LONGER, True)
WANTED_LUNCH = Meant(LUNCH, True)
SURE_TO_THREE = Meant(TO_THREE, True)
DOUBTFUL_TO_THREE = Meant(TO_THREE, False)
TOMORROW = Meant(TO_THREE, True, NOW + HOUR)
ASK = (Say("ask_reason"),)
MEANT_LUNCH = (Say("did_you_mean", LUNCH_TO_THREE),)
FREE = Found(Outlook())
BUSY = Found(Outlook(SAM))
LATER = Found(Outlook(coming=SAM))
SET = Happened(DivertSet(SAM), Outlook(SAM))
TOLD_OF_CHANGE = (Say("ask_change", SAM),)
TOLD_TO_COME = (Say("phone_is_open_coming", SAM),)
EVERYWHERE = [
    Start(),
    AskedDivert(None),
    AskedDivert(SAM),
    AskedReason(),
    AskedReason(SURE_TO_THREE),
    AskedChange(SAM),
    Confirming(LUNCH),
]


def rows(*table):
    return pytest.mark.parametrize(("state", "heard", "after", "actions"), table)


@rows(
    (Start(), SURE_CLEAR, Start(), (Obey(CLEAR),)),
    (Start(), Meant(LUNCH, False), Confirming(LUNCH), (Say("did_you_mean", LUNCH),)),
    (AskedDivert(SAM), SURE_CLEAR, Start(), (Obey(CLEAR),)),
    (AskedDivert(SAM), SURE_TO_THREE, Start(), (Obey(TO_THREE),)),
    (AskedDivert(SAM), SURE_LONGER, Start(), (Obey(LONGER),)),
    (AskedDivert(None), SURE_LONGER, Start(), (Obey(LONGER),)),
    (Confirming(LUNCH), SURE_CLEAR, Start(), (Obey(CLEAR),)),
    (Confirming(LUNCH), Yes(), Start(), (Obey(LUNCH),)),
    (Confirming(LUNCH), No(), Start(), (Say("not_done"),)),
    (AskedReason(), No(), Start(), (Say("not_done"),)),
)
def test_what_is_meant_is_done_and_what_is_doubtful_is_asked(
    state, heard, after, actions
):
    assert step(state, heard) == (after, actions)


@rows(
    (AskedDivert(None), SURE_TO_THREE, AskedReason(SURE_TO_THREE), ASK),
    (AskedDivert(None), DOUBTFUL_TO_THREE, AskedReason(DOUBTFUL_TO_THREE), ASK),
    (AskedReason(), SURE_TO_THREE, AskedReason(SURE_TO_THREE), ASK),
    (AskedReason(SURE_TO_THREE), WANTED_LUNCH, Start(), (Obey(LUNCH_TO_THREE),)),
    (
        AskedReason(DOUBTFUL_TO_THREE),
        WANTED_LUNCH,
        Confirming(LUNCH_TO_THREE),
        MEANT_LUNCH,
    ),
    (
        AskedReason(SURE_TO_THREE),
        Meant(LUNCH, False),
        Confirming(LUNCH_TO_THREE),
        MEANT_LUNCH,
    ),
    (
        AskedReason(TOMORROW),
        WANTED_LUNCH,
        Start(),
        (Obey(SetDivert(EXTENSION, "LUN", THREE, NOW + HOUR)),),
    ),
    (
        AskedReason(Meant(ChangeDivert(EXTENSION, None, Until.CLEARED), True)),
        WANTED_LUNCH,
        Start(),
        (Obey(SetDivert(EXTENSION, "LUN", Until.CLEARED)),),
    ),
    (
        AskedReason(SURE_TO_THREE),
        Meant(SetDivert(EXTENSION, "LUN", THREE + HOUR), True),
        Start(),
        (Obey(SetDivert(EXTENSION, "LUN", THREE + HOUR)),),
    ),
)
def test_a_time_said_before_its_reason_is_kept_with_its_doubt(
    state, heard, after, actions
):
    assert step(state, heard) == (after, actions)


@rows(
    (
        AskedChange(SAM),
        Meant(LUNCH_TO_THREE, True),
        Start(),
        (Obey(ChangeDivert(EXTENSION, "LUN", THREE)),),
    ),
    (AskedChange(SAM), SURE_TO_THREE, Start(), (Obey(TO_THREE),)),
    # What stands cannot begin at another time: the change is asked about.
    (
        AskedChange(SAM),
        TOMORROW,
        Confirming(TO_THREE),
        (Say("did_you_mean", TO_THREE),),
    ),
    (
        AskedChange(SAM),
        Meant(SetDivert(EXTENSION, "LUN", mode=Mode.INFORMING), True),
        Start(),
        (Obey(SetDivert(EXTENSION, "LUN", mode=Mode.INFORMING)),),
    ),
)
def test_a_reason_said_for_a_change_changes_what_stands(state, heard, after, actions):
    assert step(state, heard) == (after, actions)


@rows(
    (Start(), Asked(Topic.DIVERT), Looking(Topic.DIVERT), (Look(Topic.DIVERT),)),
    (Start(), Asked(Topic.CHANGE), Looking(Topic.CHANGE), (Look(Topic.CHANGE),)),
    (
        AskedDivert(SAM),
        Asked(Topic.STATUS),
        Looking(Topic.STATUS),
        (Look(Topic.STATUS),),
    ),
    (AskedDivert(SAM), Asked(Topic.WHY), Looking(Topic.WHY), (Look(Topic.WHY),)),
    (Looking(Topic.DIVERT), FREE, AskedDivert(None), (Say("ask_divert"),)),
    (Looking(Topic.DIVERT), BUSY, AskedDivert(SAM), (Say("divert_standing", SAM),)),
    (Looking(Topic.CHANGE), BUSY, AskedChange(SAM), TOLD_OF_CHANGE),
    (Looking(Topic.CHANGE), FREE, Start(), (Say("phone_is_open"),)),
    (Looking(Topic.STATUS), LATER, Start(), TOLD_TO_COME),
    (Looking(Topic.STATUS), BUSY, Start(), (Say("status", SAM),)),
    (Looking(Topic.WHY), BUSY, Start(), (Say("why", SAM),)),
    (Looking(Topic.WHY), FREE, Start(), (Say("phone_is_open"),)),
    (AskedDivert(None), Asked(Topic.DIVERT), AskedReason(), ASK),
    (AskedDivert(None), Asked(Topic.CHANGE), AskedReason(), ASK),
    (AskedDivert(SAM), Asked(Topic.DIVERT), AskedReason(), ASK),
    (AskedDivert(SAM), Asked(Topic.CHANGE), AskedChange(SAM), TOLD_OF_CHANGE),
)
def test_what_is_asked_is_looked_up_and_told(state, heard, after, actions):
    assert step(state, heard) == (after, actions)


@rows(
    (Start(), Asked(Topic.CANCEL), Ended(), (Say("goodbye"), HangUp())),
    (AskedDivert(SAM), Asked(Topic.CANCEL), Start(), (Say("cancelled"),)),
    (Confirming(LUNCH), Asked(Topic.CANCEL), Start(), (Say("cancelled"),)),
    (Confirming(LUNCH), Asked(Topic.GOODBYE), Ended(), (Say("goodbye"), HangUp())),
    (Confirming(LUNCH), TimeIsUp(), Ended(), (Say("time_is_up"), HangUp())),
    (Confirming(LUNCH), HungUp(), Ended(), ()),
    (
        Confirming(LUNCH),
        Asked(Topic.OPERATOR),
        PuttingThrough(Confirming(LUNCH)),
        (Say("putting_through"), Transfer()),
    ),
    (Start(), Asked(Topic.STOP_REHEARSING), Start(), (Say("not_rehearsing"),)),
    (Start(), Yes(), Start(), ()),
    (Start(), BUSY, Start(), ()),
)
def test_a_call_is_left_in_every_way(state, heard, after, actions):
    assert step(state, heard) == (after, actions)


@pytest.mark.parametrize("state", EVERYWHERE)
def test_help_and_repetition_leave_the_call_where_it_is(state):
    helped = step(state, Asked(Topic.HELP))
    assert helped == (state, (Say(f"help_{place(state)}"),))
    assert step(state, Asked(Topic.REPEAT)) == (state, (Repeat(),))


@pytest.mark.parametrize("state", EVERYWHERE)
def test_misses_bring_an_example_then_the_keys_then_a_person(state):
    once, first = step(state, Unclear())
    twice, second = step(once, Unclear())
    at = place(state)
    assert (first, second) == ((Say(f"missed_{at}"),), (Say(f"keys_{at}"),))
    through = (PuttingThrough(state), (Say("putting_through_missed"), Transfer()))
    assert step(twice, Unclear()) == through


@pytest.mark.parametrize("state", EVERYWHERE)
def test_silence_is_answered_once_and_then_ends_the_call(state):
    once, first = step(state, Silent())
    assert first == (Say(f"silent_{place(state)}"),)
    assert step(once, Silent()) == (Ended(), (Say("goodbye_silent"), HangUp()))


def test_being_understood_forgets_the_misses_and_the_silences():
    impatient = AskedDivert(SAM, Patience(misses=2, silences=1))
    assert step(impatient, Asked(Topic.HELP))[0] == AskedDivert(SAM)


def test_a_refusal_is_told_by_its_reason_and_an_event_by_its_name():
    refused = Happened(Refused("nothing_to_undo"))
    assert step(Start(), refused) == (Start(), (Say("nothing_to_undo", refused),))
    assert step(Start(), SET) == (Start(), (Say("divert_set", SET),))


@rows(
    (Start(), Asked(Topic.REHEARSE), Rehearsing(), (Say("rehearsal_begins"),)),
    (Rehearsing(), Asked(Topic.REHEARSE), Rehearsing(), (Say("rehearsal_begins"),)),
    (Rehearsing(), WANTED_LUNCH, Rehearsing(), (Try(LUNCH),)),
    (Rehearsing(Confirming(LUNCH)), Yes(), Rehearsing(), (Try(LUNCH),)),
    (Rehearsing(), SET, Rehearsing(), (Say("divert_set", SET), Say("rehearsed"))),
    (Rehearsing(), Asked(Topic.STOP_REHEARSING), Start(), (Say("rehearsal_ends"),)),
    (Rehearsing(), Asked(Topic.CANCEL), Start(), (Say("rehearsal_ends"),)),
    (
        Rehearsing(AskedDivert(SAM)),
        Asked(Topic.STOP_REHEARSING),
        Start(),
        (Say("rehearsal_ends"),),
    ),
    (
        Rehearsing(AskedDivert(SAM)),
        Asked(Topic.CANCEL),
        Rehearsing(),
        (Say("cancelled"),),
    ),
    (
        Rehearsing(),
        Asked(Topic.DIVERT),
        Rehearsing(Looking(Topic.DIVERT)),
        (Look(Topic.DIVERT),),
    ),
    (Rehearsing(), HungUp(), Ended(), ()),
)
def test_a_rehearsal_is_the_same_dialogue_without_its_deeds(
    state, heard, after, actions
):
    assert step(state, heard) == (after, actions)


def test_a_call_begins_with_a_greeting():
    assert answer() == (Start(), (Say("greeting"),))


@pytest.mark.parametrize("state", [*EVERYWHERE, Looking(Topic.WHY), Ended()])
def test_a_rehearsal_is_heard_as_the_place_it_rehearses(state):
    assert place(Rehearsing(state)) == place(state)
