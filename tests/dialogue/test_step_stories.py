"""What holds in every conversation, whatever is said in it."""

from dialogue_stories import NOW, ending, openings, staying, stories, told
from hypothesis import assume, given
from hypothesis import strategies as st

from voice.dialogue.actions import HangUp, Obey, Say, Transfer
from voice.dialogue.heard import Connected, HungUp, Meant, Silent, Unclear, Yes
from voice.dialogue.states import (
    AskedReason,
    Confirming,
    Ended,
    Finding,
    Looking,
    PuttingThrough,
    Rehearsing,
)
from voice.divert.model import ChangeDivert, SetDivert
from voice.house import red_days
from voice.language.needs import NEEDS
from voice.language.prompts import speaker
from voice.language.times import Moment

# Where nothing that the caller says is awaited.
UNANSWERED = Ended | Looking | Finding | PuttingThrough


def obeyed(actions):
    return [action.command for action in actions if isinstance(action, Obey)]


def pieces(command):
    """Return the reasons and times that a command is made of."""
    match command:
        case SetDivert(_, reason, until, start):
            return {reason, until, start} - {None}
        case ChangeDivert(_, reason, to):
            return {reason, to} - {None}
        case _:
            return {command}


@given(stories)
def test_nothing_is_obeyed_that_was_not_meant(story):
    said = [heard for heard in story if isinstance(heard, Meant)]
    whole = {heard.command for heard in said}
    parts = {part for command in whole for part in pieces(command)}
    parts |= {heard.start for heard in said}
    for *_, actions in told(story):
        for command in obeyed(actions):
            assert command in whole or pieces(command) <= parts


@given(stories)
def test_what_was_doubtful_is_obeyed_only_after_a_yes_to_it(story):
    for before, heard, _, actions in told(story):
        for command in obeyed(actions):
            match before, heard:
                case Confirming(asked), Yes():
                    assert command == asked
                case AskedReason(Meant() as time), Meant():
                    assert heard.sure
                    assert time.sure or pieces(command).isdisjoint(pieces(time.command))
                case _:
                    assert isinstance(heard, Meant)
                    assert heard.sure


@given(stories)
def test_a_rehearsal_changes_nothing(story):
    for before, _, _, actions in told(story, Rehearsing()):
        if isinstance(before, Rehearsing):
            assert obeyed(actions) == []


@given(openings, stories)
def test_what_has_ended_stays_ended(opening, story):
    for before, _, after, actions in told(story, opening):
        if isinstance(before, Ended):
            assert (after, actions) == (Ended(), ())


@given(openings, stories)
def test_a_call_ends_only_by_leaving_being_put_through_or_hanging_up(opening, story):
    for before, heard, after, actions in told(story, opening):
        if isinstance(after, Ended) and not isinstance(before, Ended):
            gone = isinstance(heard, HungUp | Connected)
            assert gone or HangUp() in actions


@given(staying)
def test_three_misses_in_a_row_reach_the_operator(story):
    state = ending(story)
    assume(not isinstance(getattr(state, "inner", state), UNANSWERED))
    assert any(Transfer() in actions for *_, actions in told([Unclear()] * 3, state))


@given(staying)
def test_a_miss_forgotten_is_a_miss_no_more(story):
    fresh = [move[2] for move in told(story) if isinstance(move[1], Meant)]
    for state in fresh:
        patience = getattr(getattr(state, "inner", state), "patience", None)
        assert patience is None or patience.misses == 0


@given(staying)
def test_two_silences_end_politely(story):
    state = ending(story)
    assume(not isinstance(getattr(state, "inner", state), UNANSWERED))
    moves = list(told([Silent()] * 2, state))
    ends = [actions for *_, after, actions in moves if isinstance(after, Ended)]
    assert (Say("goodbye_silent"), HangUp()) in ends


@given(openings, stories)
def test_every_move_says_or_does_something_or_waits(opening, story):
    for before, heard, after, actions in told(story, opening):
        silent = actions == ()
        stayed = after == before or type(after) is type(before)
        assert not silent or stayed or isinstance(after, Ended), heard


@given(openings, stories, st.integers(0, 30))
def test_everything_that_is_said_can_be_spoken(catalog, opening, story, days):
    now = NOW.replace(month=3 + days % 9)
    fills = speaker(catalog, Moment(now, red_days(2026), catalog.parts))
    for *_, actions in told(story, opening):
        for say in (action for action in actions if isinstance(action, Say)):
            assert say.key in NEEDS
            sentence = fills.sentence(say)
            assert sentence
            assert "{" not in sentence
            assert "None" not in sentence
