"""Calls of the twin exchange, taken by the real switchboard and its attendants."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from voice.calls.live_call import Office
from voice.calls.switchboard import Switchboard
from voice.config import RecordingSettings, Settings, settings
from voice.dialogue.people import Person
from voice.divert.model import Divert, DivertSet, Extension, Mode, Source
from voice.errors import where
from voice.house import House, open_house, read_catalog
from voice.language.names import with_people
from voice.measures import Measures
from voice.phone.memory import CallerStep, HangsUp, MemoryLine, Plays, Presses, Waits
from voice.phone.memory_exchange import MemoryExchange
from voice.phone.port import Offer, Refusal
from voice.store.memory import memory_store
from voice.store.port import Call, Listing, Store, StoreError, Transcripts, Turn, Who
from voice.trials.screenplay import NOW

ANNA = Offer("1", "4949", caller="1234")
STAYS = (Waits(30.0), HangsUp(once=True))


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """Return settings of a house without any model: calls go by keys alone."""
    folders = {"TELEFONIST_MODELS": str(tmp_path), "TELEFONIST_CACHE": str(tmp_path)}
    return settings(folders)


@pytest.fixture
async def store() -> Store:
    store = memory_store()
    people = [Listing(Extension("1234"), "Anna"), Listing(Extension("1300"), "Bo")]
    await store.directory.put(people, NOW, "test")
    return store


@pytest.fixture
async def house(chosen: Settings, store: Store) -> AsyncIterator[House]:
    catalog = read_catalog(chosen.grammar)
    async with open_house(chosen, catalog, store, NOW, keys_alone=True) as house:
        yield house


@asynccontextmanager
async def working(
    house: House, calls: int = 40
) -> AsyncIterator[tuple[MemoryExchange, Switchboard]]:
    service = replace(house.desk.service, calls=calls)
    there = replace(house, desk=replace(house.desk, service=service))
    recording = RecordingSettings(Path("nowhere"))
    office = Office(lambda: there, Measures(), recording, lambda: NOW, live=False)
    board, exchange = Switchboard(office), MemoryExchange()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(board.serve((exchange,)))
        yield exchange, board
        await board.drain(60)


async def called(
    exchange: MemoryExchange, plan: Sequence[CallerStep], offer: Offer = ANNA
) -> MemoryLine:
    line = await exchange.ring(offer, plan).outcome()
    assert isinstance(line, MemoryLine)
    return line


async def written(store: Store) -> tuple[Call, tuple[Turn, ...]]:
    (call,) = await store.transcripts.calls()
    return call, await store.transcripts.turns(call.id)


async def in_a_meeting(store: Store, number: str) -> Divert:
    until = NOW + timedelta(hours=5)
    divert = Divert(Extension(number), "SAM", NOW, until, Mode.CLOSED, Source.KEYS, NOW)
    await store.diverts.apply(
        divert.extension, lambda _: DivertSet(divert), NOW, "test"
    )
    return divert


async def test_a_call_is_taken_and_written_down_to_its_end(house, store):
    async with working(house) as (exchange, _):
        line = await called(exchange, [Presses("#23#"), HangsUp()])
    call, turns = await written(store)
    assert (call.place, call.caller, call.outcome) == ("4949", "1234", "hung_up")
    assert call.ended == NOW
    greeting, *_, answer = (t.text for t in turns if t.who is Who.ATTENDANT)
    assert greeting.startswith("Telefonisten. Jag är en dator.")
    assert answer == "Din telefon är redan öppen."
    assert line.sent


async def test_without_a_model_a_call_says_so_and_goes_on_by_keys(house, store):
    async with working(house) as (exchange, _):
        await called(exchange, [Presses("*23*3*1530#"), HangsUp()])
    _, turns = await written(store)
    said = [turn.text for turn in turns if turn.who is Who.ATTENDANT]
    assert said[1].startswith("Jag hör inte vad du säger just nu")
    assert said[2].startswith("Tryck ett för hänvisning")
    assert said[-1] == "Sammanträde, åter femton och trettio. Klart."


async def test_speech_does_nothing_where_there_are_no_ears(house, store):
    async with working(house) as (exchange, _):
        await called(exchange, [Plays(b"\x00\x20\x00\xe0" * 8000), HangsUp()])
    _, turns = await written(store)
    assert [turn for turn in turns if turn.score is not None] == []


async def test_more_calls_than_may_be_are_busy(house):
    async with working(house, calls=1) as (exchange, board):
        first = exchange.ring(ANNA, STAYS)
        second = exchange.ring(replace(ANNA, id="2"), STAYS)
        assert await second.outcome() is Refusal.BUSY
        assert isinstance(await first.outcome(), MemoryLine)
        assert board.standing <= 1


async def test_a_call_to_a_number_that_nobody_has_is_told_so(house, store):
    async with working(house) as (exchange, _):
        await called(exchange, STAYS, Offer("1", "7777"))
    call, turns = await written(store)
    assert (call.place, call.outcome) == ("7777", "ended")
    assert turns[0].text == "Det numret finns inte här. Hej då."


async def test_a_call_that_says_no_number_is_refused(house, store):
    async with working(house) as (exchange, _):
        ringing = exchange.ring(Offer("1", ""), STAYS)
        assert await ringing.outcome() is Refusal.UNKNOWN
    assert await store.transcripts.calls() == ()


async def test_a_caller_who_gives_up_before_the_answer_leaves_nothing(house, store):
    async with working(house) as (exchange, _):
        exchange.ring(ANNA, STAYS).leave()
        await called(exchange, [HangsUp()], replace(ANNA, id="2"))
    assert len(await store.transcripts.calls()) == 1


async def test_what_was_forwarded_here_is_announced_whatever_was_dialled(house, store):
    await in_a_meeting(store, "1300")
    async with working(house) as (exchange, _):
        offer = Offer("1", "4949", caller="1234", forwarded_from=("1300",))
        line = await called(exchange, [Presses("0")], offer)
    call, turns = await written(store)
    assert (call.place, call.outcome) == ("1300", "transferred")
    assert turns[0].text == "Bo är på sammanträde, åter klockan femton."
    assert line.transferred_to == "0"


async def test_a_caller_who_cannot_be_put_through_is_told(house, store):
    async with working(house) as (exchange, _):
        plan = [Presses("0"), Presses("#")]
        ringing = exchange.ring(ANNA, plan, transfers=False)
        await ringing.outcome()
    call, turns = await written(store)
    said = [turn.text for turn in turns if turn.who is Who.ATTENDANT]
    assert said[-3:-1] == ["Det gick inte att koppla.", "Vad gäller det?"]
    assert call.outcome == "ended"


async def test_a_call_that_the_exchange_sends_back_is_refused_in_the_end(house, store):
    async with working(house) as (exchange, _):
        offer = Offer("1", "1300", caller="0912345")
        outcomes = [await exchange.ring(offer, STAYS).outcome() for _ in range(6)]
    assert outcomes[4:] == [Refusal.BUSY] * 2
    assert {line.transferred_to for line in outcomes[:4]} == {"1300"}


@pytest.mark.parametrize(
    "code", ["*23*3*12ab#", "*23*3*", "*", "#", "*99#", "*23*6*0231#"]
)
async def test_a_dialled_code_that_is_none_is_answered_and_changes_nothing(
    house, store, code
):
    async with working(house) as (exchange, _):
        line = await called(exchange, STAYS, replace(ANNA, dialled=code))
    call, turns = await written(store)
    assert (call.place, call.outcome) == (code, "ended")
    assert turns[-1].text.endswith(("Ingenting är ändrat.", "fyra siffror."))
    assert line.sent
    assert (await store.diverts.standing(Extension("1234"))).diverts == ()


async def test_no_pin_is_in_the_transcript_or_the_log(house, store, caplog):
    caplog.set_level(logging.DEBUG)
    async with working(house) as (exchange, _):
        plan = [Presses("1234#"), Presses("482913#"), HangsUp()]
        await called(exchange, plan, Offer("1", "4949"))
    _, turns = await written(store)
    assert "•" * 7 in [turn.text for turn in turns]
    everything = caplog.text + repr(turns)
    assert "482913" not in everything
    assert "1234" not in caplog.text


class Failing:
    """Transcripts of a database that goes away after a call has begun."""

    def __init__(self, real: Transcripts) -> None:
        self._real = real
        self.begin, self.end = real.begin, real.end

    async def add(self, call: str, turn: Turn) -> None:
        raise StoreError(f"The database is gone, and so is: {turn.text}")


async def test_a_call_that_breaks_is_told_so_and_takes_no_other_with_it(
    house, store, caplog
):
    broken = replace(store, transcripts=Failing(store.transcripts))
    door = replace(house.desk.door, store=broken)
    ill = replace(house, desk=replace(house.desk, door=door))
    async with working(ill) as (exchange, _):
        one = await called(exchange, STAYS)
        two = await called(exchange, STAYS, replace(ANNA, id="2"))
    assert len(one.sent) > 8000
    assert len(two.sent) > 8000
    outcomes = {call.outcome for call in await store.transcripts.calls()}
    assert outcomes == {"failed"}
    assert "StoreError" in caplog.text
    assert "Telefonisten" not in caplog.text


async def test_draining_lets_calls_end_and_takes_no_more(house, store):
    async with working(house) as (exchange, board):
        first = exchange.ring(ANNA, [Presses("#23#"), HangsUp()])
        await first.outcome()
        await board.drain(60)
        late = exchange.ring(replace(ANNA, id="2"), STAYS)
        assert await late.outcome() is Refusal.LEAVING
    (call,) = await store.transcripts.calls()
    assert call.outcome == "hung_up"


async def test_what_is_left_after_the_time_to_end_is_broken_off(house, store):
    endless = [Presses("1")] * 500
    async with working(house) as (exchange, board):
        await exchange.ring(ANNA, endless).outcome()
        await board.drain(0)
    (call,) = await store.transcripts.calls()
    assert call.outcome == "broken_off"


def test_a_fault_is_named_without_its_words():
    try:
        raise ValueError("what somebody said")
    except ValueError as error:
        told = where(error)
    assert told.startswith("ValueError at test_a_fault_is_named_without_its_words:")
    assert "somebody" not in told


async def test_a_key_for_the_question_before_answers_no_other(house, store):
    meeting = await in_a_meeting(store, "1234")
    persons = [Person(Extension("1300"), "Bo")]
    catalog = with_people(house.understanding.catalog, persons)
    named = replace(house, understanding=replace(house.understanding, catalog=catalog))
    async with working(named) as (exchange, _):
        # "Sök", the number, and 2 for no: pressed twice, it would clear at the start.
        asks = [Presses("**"), Presses("1300#"), Presses("22"), Waits(3.0)]
        await called(exchange, [*asks, HangsUp()])
    _, turns = await written(store)
    assert [turn.text for turn in turns if turn.who is Who.KEYS] == [
        "**",
        "1300#",
        "2",
    ]
    standing = await store.diverts.standing(Extension("1234"))
    assert standing.diverts == (meeting,)


async def test_a_key_that_says_the_same_at_both_places_may_be_pressed_ahead(
    house, store
):
    async with working(house) as (exchange, _):
        await called(exchange, [Presses("12"), Waits(3.0), HangsUp()])
    _, turns = await written(store)
    said = [turn.text for turn in turns if turn.who is Who.ATTENDANT]
    assert said[-1] == "Din telefon är redan öppen."
