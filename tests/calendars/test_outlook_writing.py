"""Our bookings in Outlook: one for each key, whatever is lost on the way."""

from dataclasses import replace

import pytest
from outlook_samples import ANNA, DAY, HOUR, calendar_of, ground_of, way_to

from tests.fakes.google_faults import Way
from tests.fakes.graph import stand_in
from voice.calendars.ground import of, whole
from voice.calendars.port import AccessDeniedError, BrokenAnswerError, BusyError
from voice.divert.model import Mode


@pytest.fixture
def microsoft():
    with stand_in() as graph:
        graph.person(ANNA)
        yield graph


@pytest.fixture
async def ground(microsoft):
    async with way_to(microsoft) as graph:
        yield ground_of(calendar_of(graph), microsoft)


async def test_our_booking_has_its_code_a_reminder_and_a_mark(microsoft, ground):
    block = ground.block()
    await ground.calendar.put(block)
    informing = replace(block.mark, mode=Mode.INFORMING)
    (row,) = microsoft.rows(ANNA)
    assert (row["subject"], row["categories"]) == ("SAM:", ["Telefonist"])
    assert (row["isReminderOn"], row["reminderMinutesBeforeStart"]) == (True, 15)
    await ground.calendar.put(replace(block, mark=informing))
    assert [each["subject"] for each in microsoft.rows(ANNA)] == ["SAM;"]


@pytest.mark.parametrize("way", [Way.DROPPED, Way.REFUSED, Way.HALF])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
async def test_what_is_lost_on_the_way_is_written_once(microsoft, ground, way, method):
    block = ground.block()
    if method == "PATCH":
        await ground.calendar.put(replace(block, end=block.end + HOUR))
    microsoft.fail(way=way, method=method, path="events", after=True)
    with pytest.raises(BusyError):
        await ground.calendar.put(block)
    await ground.calendar.put(block)
    found = of(block, (await whole(ground)).entries)
    assert [entry.end for entry in found] == [block.end]
    assert len(microsoft.rows(ANNA)) == 1


async def test_a_booking_that_its_owner_removed_is_written_anew(microsoft, ground):
    block = ground.block()
    for _ in range(3):
        await ground.calendar.put(block)
        (row,) = microsoft.rows(ANNA)
        microsoft.remove(ANNA, row["id"])
    await ground.calendar.put(block)
    assert len(microsoft.rows(ANNA)) == 1


async def test_a_key_can_be_put_and_dropped_many_times(microsoft, ground):
    block = ground.block()
    for _ in range(8):
        await ground.calendar.put(block)
        await ground.calendar.drop(block.key)
    await ground.calendar.put(block)
    assert await ground.calendar.find(block.key) is not None


async def test_a_booking_that_goes_while_it_is_moved_is_written_anew(microsoft, ground):
    block = ground.block()
    await ground.calendar.put(block)
    microsoft.fail(status=404, reason="ErrorItemNotFound", method="PATCH")
    # Where it was only said to have gone, its transaction is still taken.
    await ground.calendar.put(block)
    assert len(of(block, (await whole(ground)).entries)) == 1


async def test_a_booking_that_was_doubled_becomes_one_again(microsoft, ground):
    block = ground.block()
    await ground.calendar.put(block)
    item = next(iter(microsoft.mailboxes.of[ANNA].items.values()))
    double = replace(item, id="AAMkADdouble=")
    microsoft.mailboxes.of[ANNA].items[double.id] = double
    await ground.calendar.put(block)
    assert [row["id"] for row in microsoft.rows(ANNA)] == [item.id]


async def test_a_booking_that_was_doubled_is_dropped_wholly(microsoft, ground):
    block = ground.block()
    await ground.calendar.put(block)
    box = microsoft.mailboxes.of[ANNA]
    item = next(iter(box.items.values()))
    box.items["AAMkADdouble="] = replace(item, id="AAMkADdouble=")
    microsoft.fail(status=404, reason="ErrorItemNotFound", method="DELETE")
    await ground.calendar.drop(block.key)
    assert len(microsoft.rows(ANNA)) == 1
    await ground.calendar.drop(block.key)
    assert microsoft.rows(ANNA) == []


async def test_a_key_with_a_quote_in_it_is_found(microsoft, ground):
    block = replace(ground.block(), key="it's ours & nobody's")
    await ground.calendar.put(block)
    await ground.calendar.put(replace(block, end=block.end + HOUR))
    assert len(microsoft.rows(ANNA)) == 1
    await ground.calendar.drop(block.key)
    assert microsoft.rows(ANNA) == []


async def test_ours_stays_ours_when_its_owner_moves_and_renames_it(microsoft, ground):
    await ground.calendar.put(ground.block())
    (row,) = microsoft.rows(ANNA)
    start = ground.hour + DAY
    about = {"start": start, "end": start + HOUR, "categories": []}
    microsoft.edit(ANNA, row["id"], subject="SEM: x", **about)
    (entry,) = (await whole(ground)).entries
    assert entry.ours


async def test_a_transaction_that_is_never_taken_is_a_fault(microsoft, ground):
    said = {"status": 409, "reason": "ErrorDuplicateTransactionId"}
    microsoft.fail(method="POST", times=30, **said)
    with pytest.raises(BrokenAnswerError, match="nor takes it"):
        await ground.calendar.put(ground.block())
    await ground.calendar.put(ground.block())
    assert len(microsoft.rows(ANNA)) == 1


async def test_a_person_who_is_not_there_cannot_be_written_to(microsoft, ground):
    async with way_to(microsoft) as graph:
        nobody = calendar_of(graph, "nobody@kommun.example")
        for write in (nobody.put(ground.block()), nobody.drop("key")):
            with pytest.raises(AccessDeniedError, match="correct the address"):
                await write


async def test_a_booking_that_its_owner_removed_is_not_found(microsoft, ground):
    await ground.calendar.put(ground.block())
    (row,) = microsoft.rows(ANNA)
    microsoft.remove(ANNA, row["id"])
    assert await ground.calendar.find(ground.block().key) is None


async def test_where_we_may_not_look_or_there_is_no_mailbox_nothing_is_gone(
    microsoft, ground
):
    async with way_to(microsoft) as graph:
        with pytest.raises(AccessDeniedError):
            await calendar_of(graph, "nobody@kommun.example").find("key")
    microsoft.revoked.add(ANNA)
    with pytest.raises(AccessDeniedError):
        await ground.calendar.find(ground.block().key)
