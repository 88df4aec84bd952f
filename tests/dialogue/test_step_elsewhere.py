"""The rows of what is no conversation: who calls, codes, a diverted phone, a person."""

from dataclasses import replace

import pytest
from dialogue_stories import EXTENSION, NOW
from test_step import CLEAR, EVERYWHERE, HOUR, SAM, SET, SURE_CLEAR, rows

from voice.dialogue.actions import (
    Absent,
    Connect,
    HangUp,
    Identify,
    Key,
    LookUp,
    Obey,
    Play,
    Present,
    Repeat,
    Say,
    Tone,
    Transfer,
)
from voice.dialogue.heard import (
    Asked,
    Connected,
    Deaf,
    Digits,
    Happened,
    Identified,
    NotConnected,
    NotIdentified,
    NotListed,
    Routed,
    Silent,
    Topic,
    Unclear,
    Yes,
)
from voice.dialogue.states import (
    Announcing,
    AskedExtension,
    AskedPin,
    Dialled,
    Ended,
    Identifying,
    Keying,
    Patience,
    PuttingThrough,
    Routing,
    Start,
    place,
)
from voice.dialogue.step import step
from voice.divert.model import Refused
from voice.divert.routing import Announce, Inform, Ring


@pytest.mark.parametrize("state", EVERYWHERE)
def test_a_caller_who_cannot_be_put_through_is_told_and_stays_where_they_were(state):
    asked, _ = step(state, Asked(Topic.OPERATOR))
    at = place(state)
    question = "what_now" if at == "start" else f"silent_{at}"
    assert step(asked, NotConnected()) == (state, (Say("not_connected"), Say(question)))
    assert step(asked, Connected()) == (Ended(), ())


@pytest.mark.parametrize("state", EVERYWHERE)
def test_when_the_ears_fail_the_keys_are_told(state):
    told = (Say("ears_failed"), Say(f"keys_{place(state)}"))
    assert step(state, Deaf()) == (state, told)


STRANGER = AskedExtension(Start())
PIN = AskedPin(Start(), EXTENSION)
NOT_THEY = (Say("not_identified"),)
NOTHING = Happened(Refused("nothing_to_clear"))
WRONG = Happened(Refused("no_such_time"))
AWAY = Announce(SAM, SAM.until, SAM.until)
TOLD = (Say("announced", Absent("Anna", AWAY)), Say("offer_operator"))
LOOKED_UP = (LookUp(EXTENSION),)
OFFERED = (Say("offer_operator"),)
BY_TONE = Keying(once=True, by_tone=True)


@rows(
    (STRANGER, Digits("1234"), PIN, (Say("ask_pin"),)),
    (PIN, Digits("482913"), Identifying(Start()), (Identify(EXTENSION, "482913"),)),
    (Identifying(Start()), Identified(), Start(), (Say("identified"),)),
    (Identifying(Keying()), Identified(), Keying(), (Play(Tone.DIAL),)),
    (
        Identifying(Dialled("*23*3#")),
        Identified(),
        Keying(once=True),
        (Key("*23*3#"),),
    ),
    (
        Identifying(Start()),
        NotIdentified(),
        AskedExtension(Start(), tries=1),
        NOT_THEY,
    ),
    (
        Identifying(Start(), tries=2),
        NotIdentified(),
        Ended(),
        (Say("not_identified_goodbye"), HangUp()),
    ),
    (PIN, Asked(Topic.CANCEL), STRANGER, (Say("ask_extension"),)),
    (STRANGER, Asked(Topic.CANCEL), Ended(), (Say("goodbye"), HangUp())),
    (STRANGER, Asked(Topic.HELP), STRANGER, (Say("help_extension"),)),
    (PIN, Asked(Topic.REPEAT), PIN, (Repeat(),)),
    # Nothing is carried out for somebody who is not known.
    (STRANGER, SURE_CLEAR, STRANGER, ()),
    (PIN, SURE_CLEAR, PIN, ()),
)
def test_who_calls_is_asked_until_it_is_known(state, heard, after, actions):
    assert step(state, heard) == (after, actions)


@rows(
    (Keying(), SURE_CLEAR, Keying(), (Obey(CLEAR),)),
    (Keying(), SET, Keying(), (Say("divert_set", SET), Play(Tone.DIAL))),
    (
        Keying(),
        WRONG,
        Keying(patience=Patience(misses=1)),
        (Say("no_such_time", WRONG), Play(Tone.DIAL)),
    ),
    (
        Keying(patience=Patience(misses=2)),
        WRONG,
        PuttingThrough(Keying()),
        (Say("no_such_time", WRONG), Say("putting_through_missed"), Transfer()),
    ),
    (
        Keying(patience=Patience(misses=2)),
        NOTHING,
        Keying(),
        (Say("nothing_to_clear", NOTHING), Play(Tone.DIAL)),
    ),
    (
        PuttingThrough(Keying()),
        NotConnected(),
        Keying(),
        (Say("not_connected"), Play(Tone.DIAL)),
    ),
    (
        Keying(),
        Unclear(),
        Keying(patience=Patience(misses=1)),
        (Say("missed_codes"), Play(Tone.DIAL)),
    ),
    (
        Keying(patience=Patience(misses=2)),
        Unclear(),
        PuttingThrough(Keying()),
        (Say("putting_through_missed"), Transfer()),
    ),
    (Keying(), Asked(Topic.HELP), Keying(), (Say("help_codes"), Play(Tone.DIAL))),
    (Keying(), Asked(Topic.REPEAT), Keying(), (Repeat(), Play(Tone.DIAL))),
    (Keying(), Asked(Topic.CANCEL), Ended(), (Say("goodbye"), HangUp())),
    (Keying(), Yes(), Keying(), ()),
    (Keying(once=True), SET, Ended(), (Say("divert_set", SET), HangUp())),
    (BY_TONE, SET, Ended(), (Play(Tone.DONE), HangUp())),
    (BY_TONE, WRONG, Ended(), (Play(Tone.REFUSED), HangUp())),
    (BY_TONE, Unclear(), Ended(), (Play(Tone.REFUSED), HangUp())),
)
def test_codes_are_answered_by_words_or_tones(state, heard, after, actions):
    assert step(state, heard) == (after, actions)


def routed(where):
    return Routed(EXTENSION, "Anna", where)


@rows(
    (Routing(EXTENSION), routed(AWAY), Announcing(EXTENSION, SAM), TOLD),
    (Announcing(EXTENSION, SAM), Silent(), Routing(EXTENSION, SAM, 1), LOOKED_UP),
    (
        Routing(EXTENSION, SAM, 1),
        routed(AWAY),
        Announcing(EXTENSION, SAM, Patience(silences=1)),
        OFFERED,
    ),
    (
        Routing(EXTENSION, SAM, 3),
        routed(AWAY),
        Ended(),
        (Say("goodbye_caller"), HangUp()),
    ),
    (
        Routing(EXTENSION),
        routed(Ring()),
        PuttingThrough(Ended()),
        (Connect(EXTENSION),),
    ),
    (
        Routing(EXTENSION),
        routed(Inform(SAM)),
        PuttingThrough(Ended()),
        (Connect(EXTENSION),),
    ),
    (
        Routing(EXTENSION, SAM, 1),
        routed(Ring()),
        PuttingThrough(Ended()),
        (Say("phone_has_opened", Present("Anna")), Connect(EXTENSION)),
    ),
    (
        Routing(EXTENSION),
        NotListed(),
        Ended(),
        (Say("no_such_extension"), HangUp()),
    ),
    (
        PuttingThrough(Ended()),
        NotConnected(),
        Ended(),
        (Say("not_connected_goodbye"), HangUp()),
    ),
    (
        PuttingThrough(Announcing(EXTENSION, SAM)),
        NotConnected(),
        Announcing(EXTENSION, SAM),
        (Say("not_connected"), *OFFERED),
    ),
    (
        Announcing(EXTENSION, SAM),
        Asked(Topic.CANCEL),
        Ended(),
        (Say("goodbye"), HangUp()),
    ),
    (Announcing(EXTENSION, SAM), SURE_CLEAR, Announcing(EXTENSION, SAM), ()),
)
def test_a_call_to_an_extension_is_put_through_or_told_why_not(
    state, heard, after, actions
):
    assert step(state, heard) == (after, actions)


def test_a_divert_that_has_changed_meanwhile_is_told_anew():
    later = replace(SAM, until=NOW + 9 * HOUR)
    away = Announce(later, later.until, later.until)
    after, actions = step(Routing(EXTENSION, SAM, 1), routed(away))
    assert after == Announcing(EXTENSION, later, Patience(silences=1))
    assert actions[0] == Say("announced", Absent("Anna", away))
