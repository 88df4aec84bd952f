"""What a call begins with: by what was dialled, and by who calls."""

from dataclasses import replace
from datetime import timedelta

import pytest

from voice.calls.answering import Begun, Kind, ask_where, begin
from voice.calls.errands import NOBODY
from voice.dialogue.actions import Key, LookUp, Play, Say, Tone
from voice.dialogue.states import (
    AskedExtension,
    AskedPin,
    Dialled,
    Keying,
    Routing,
    Start,
)
from voice.divert.model import Divert, DivertSet, Extension, Mode, Site, Source
from voice.numbering import NumberPlan
from voice.phone.port import Offer, Refusal, Where
from voice.service import Confirmation, Service
from voice.store.memory import memory_store
from voice.store.port import Listing, Store
from voice.trials.screenplay import NOW

ANNA, BO, NOT_LISTED = map(Extension, ("1234", "1300", "7777"))
SERVICE, PLAN = Service(), NumberPlan()
GREETED = (Play(Tone.KNOWN), Say("greeting"))
SAM = Divert(BO, "SAM", NOW, NOW + timedelta(hours=1), Mode.CLOSED, Source.KEYS, NOW)


@pytest.fixture
async def store() -> Store:
    store = memory_store()
    anna = Listing(ANNA, "Anna", mobiles=("+46701234567",))
    await store.directory.put([anna, Listing(BO, "Bo")], NOW, "test")
    return store


def offer(dialled: str, caller: str | None = None, *forwarders: str) -> Offer:
    return Offer("1", dialled, caller, forwarders)


@pytest.mark.parametrize(
    ("offered", "begun"),
    [
        (offer("4949", "1234"), Begun((Start(), GREETED), "4949", Kind.SPOKEN, ANNA)),
        (
            offer("3339", "1234"),
            Begun((Keying(), (Play(Tone.DIAL),)), "3339", Kind.KEYED, ANNA),
        ),
        (
            offer("*23*3#", "1234"),
            Begun((Keying(once=True), (Key("*23*3#"),)), "*23*3#", Kind.DIALLED, ANNA),
        ),
        (
            offer("4949"),
            Begun(
                (AskedExtension(Start()), (Say("greeting_unknown"),)),
                "4949",
                Kind.SPOKEN,
            ),
        ),
        # A number from outside that looks like nobody's.
        (
            offer("4949", "0912345"),
            Begun(
                (AskedExtension(Start()), (Say("greeting_unknown"),)),
                "4949",
                Kind.SPOKEN,
            ),
        ),
        (
            offer("*23*3#"),
            Begun(
                (AskedExtension(Dialled("*23*3#")), (Say("greeting_unknown"),)),
                "*23*3#",
                Kind.DIALLED,
            ),
        ),
        (
            offer("4949", "070-123 45 67"),
            Begun(
                (AskedPin(Start(), ANNA), (Say("greeting_pin"),)), "4949", Kind.SPOKEN
            ),
        ),
        (
            offer("1300", "0912345"),
            Begun((Routing(BO), (LookUp(BO),)), "1300", Kind.RECEPTION),
        ),
        (
            offer("4949", "0912345", "1300"),
            Begun((Routing(BO), (LookUp(BO),)), "1300", Kind.RECEPTION),
        ),
        # Forwarded by somebody whom the directory does not have.
        (
            offer("4949", "1234", "7777"),
            Begun((Start(), GREETED), "4949", Kind.SPOKEN, ANNA),
        ),
        # The newest that is somebody's: an exchange's own numbers can stand before it.
        (
            offer("4949", "0912345", "7777", "1300", "1234"),
            Begun((Routing(BO), (LookUp(BO),)), "1300", Kind.RECEPTION),
        ),
        (
            offer("7777", "1234"),
            Begun((Routing(NOT_LISTED), (LookUp(NOT_LISTED),)), "7777", Kind.RECEPTION),
        ),
        (offer("", "1234"), Refusal.UNKNOWN),
    ],
)
async def test_a_call_begins_with_what_was_dialled_and_who_calls(store, offered, begun):
    assert await begin(offered, SERVICE, PLAN, store) == begun


async def test_a_site_may_believe_mobiles_without_a_pin(store):
    service = replace(SERVICE, mobile_needs_pin=False, earcon=False)
    begun = await begin(offer("4949", "+46701234567"), service, PLAN, store)
    wanted = Begun((Start(), (Say("greeting"),)), "4949", Kind.SPOKEN, ANNA)
    assert begun == wanted


async def test_a_site_may_answer_codes_by_tone(store):
    service = replace(SERVICE, confirm_codes_by=Confirmation.TONE)
    begun = await begin(offer("#23#", "1234"), service, PLAN, store)
    assert isinstance(begun, Begun)
    assert begun.turn[0] == Keying(once=True, by_tone=True)


async def test_nobody_is_no_extension_that_anything_could_stand_on(store):
    begun = await begin(offer("4949"), SERVICE, PLAN, store)
    assert isinstance(begun, Begun)
    assert begun.caller == NOBODY
    assert NOBODY not in {listing.extension for listing in await store.directory.list()}


@pytest.mark.parametrize(
    ("mode", "at", "where"),
    [
        (Mode.CLOSED, NOW, Where.ANNOUNCE),
        (Mode.CLOSED, NOW + timedelta(hours=2), Where.RING),
        (Mode.INFORMING, NOW, Where.RING),
    ],
)
async def test_an_exchange_that_asks_is_told_where_calls_go(store, mode, at, where):
    divert = replace(SAM, mode=mode)
    await store.diverts.apply(BO, lambda _: DivertSet(divert), NOW, "test")
    site = Site({})
    assert await ask_where("1300", store, site, lambda: at) is where
    assert await ask_where("1234", store, site, lambda: at) is Where.RING
    assert await ask_where("7777", store, site, lambda: at) is Where.UNKNOWN
