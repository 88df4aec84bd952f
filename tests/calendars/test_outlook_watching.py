"""Outlook calls when something changes, and when it will call no more."""

from datetime import UTC, datetime, timedelta

import pytest
from outlook_receiver import Receiver
from outlook_samples import ANNA, BERIT, DAY, HOUR, calendar_of, ground_of, way_to

from voice.calendars.outlook_notices import LARGEST, Notice, notices
from voice.calendars.port import AccessDeniedError, BrokenAnswerError, Watch

TOKEN = "a token that nobody else knows"


@pytest.fixture
async def ground(microsoft):
    async with way_to(microsoft) as graph:
        yield ground_of(calendar_of(graph), microsoft)


@pytest.fixture
def receiver():
    with Receiver().listening() as receiver:
        yield receiver


def ahead(time: timedelta) -> datetime:
    return datetime.now(UTC) + time


async def test_every_change_is_told_with_the_token(microsoft, ground, receiver):
    watch = await ground.calendar.watch(receiver.address, TOKEN, ahead(DAY))
    start = ground.hour
    name = microsoft.book(ANNA, "SAM: x", start, start + HOUR)
    microsoft.edit(ANNA, name, subject="y")
    microsoft.remove(ANNA, name)
    microsoft.book(BERIT, "SAM: x", start, start + HOUR)
    for _ in range(3):
        assert notices(receiver.next()) == (Notice(watch.id, TOKEN),)
    calls = microsoft.subscriptions.wait_for(3)
    assert [call.what for call in calls] == ["created", "updated", "deleted"]
    assert {call.status for call in calls} == {202}


async def test_who_watches_no_more_is_not_called(microsoft, ground, receiver):
    watch = await ground.calendar.watch(receiver.address, TOKEN, ahead(DAY))
    other = await ground.calendar.watch(receiver.address, TOKEN, ahead(DAY))
    await ground.calendar.unwatch(watch)
    await ground.calendar.unwatch(watch)
    microsoft.book(ANNA, "SAM: x", ground.hour, ground.hour + HOUR)
    assert notices(receiver.next()) == (Notice(other.id, TOKEN),)


@pytest.mark.parametrize(
    ("event", "ending"),
    [
        ("reauthorizationRequired", True),
        ("subscriptionRemoved", True),
        ("missed", False),
    ],
)
async def test_what_becomes_of_a_watch_is_told(
    microsoft, ground, receiver, event, ending
):
    watch = await ground.calendar.watch(receiver.address, TOKEN, ahead(DAY))
    microsoft.subscriptions.lifecycle(ANNA, event)
    assert notices(receiver.next()) == (Notice(watch.id, TOKEN, ending),)


async def test_a_watch_is_asked_for_no_longer_than_graph_lets_it(ground, receiver):
    watch = await ground.calendar.watch(receiver.address, TOKEN, ahead(365 * DAY))
    assert ahead(2 * DAY) < watch.until < ahead(3 * DAY)
    soon = await ground.calendar.watch(receiver.address, TOKEN, ahead(HOUR))
    assert soon.until < ahead(2 * HOUR)


async def test_an_address_that_does_not_answer_rightly_is_refused(ground, receiver):
    receiver.echoes = False
    for address in (receiver.address, "http://telefonist.example/outlook"):
        with pytest.raises(BrokenAnswerError, match="push_address"):
            await ground.calendar.watch(address, TOKEN, ahead(DAY))


async def test_nobody_watches_whom_we_may_not_read(microsoft, ground, receiver):
    microsoft.revoked.add(ANNA)
    with pytest.raises(AccessDeniedError, match="consent"):
        await ground.calendar.watch(receiver.address, TOKEN, ahead(DAY))


async def test_a_watch_that_was_never_there_is_let_go(ground):
    await ground.calendar.unwatch(Watch("../users", "x", ahead(DAY)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"value": 3}',
        b'{"value": [3]}',
        b'{"value": [{"clientState": "x"}]}',
        b"[" * 100_000,
        b" " * (LARGEST + 1),
        b"\xff",
    ],
)
def test_a_call_of_somebody_else_is_told_as_one(body):
    with pytest.raises(BrokenAnswerError, match="not Outlook"):
        notices(body)


def test_a_token_is_never_shown():
    assert TOKEN not in repr(Notice("x", TOKEN))
